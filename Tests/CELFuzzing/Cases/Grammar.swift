/// The templates of the expression generator.
///
/// b bool, i int, u uint, d double, s string, y bytes, I list(int), S list(string),
/// M map(string, int), t timestamp, n duration, o optional(int), T Thing, x anything;
/// 0 to 4 a literal of any content: int, uint, double, string, bytes.
enum Grammar {
    struct Rule {
        var leaves: [String]
        var inner: [String]
    }

    static let kinds: [Character] = rules.keys.sorted()

    static let letters = [
        "你", "é", "e\u{301}", "\u{1F431}", "\u{0}", "\\n", "\\\\", "\\u4f60", "%s", "%d", "%.3f",
        "%x", "%", ",", " ", "\\t", "\\\"", "ß", "İ", "\u{200D}", "\u{FFFD}", "\u{10FFFF}",
    ]

    static let rules: [Character: Rule] = [
        "b": Rule(
            leaves: ["true", "false", "yes", "has(raw.a)", "has(raw.zz)"],
            inner: [
                "$b && $b", "$b || $b", "!$b", "($b)", "$b ? $b : $b", "$i == $i", "$i != $i",
                "$i < $i", "$u <= $u", "$d > $d", "$s >= $s", "$y < $y", "$t < $t", "$n > $n",
                "$x == $x", "$x != $x", "$i == $d", "$u < $i", "$d >= $u", "$i in $I", "$s in $S",
                "$s in $M", "$x in $x", "$I == $I", "$M == $M", "$s.contains($s)",
                "$s.startsWith($s)", "$s.endsWith($s)", "$s.matches($s)", "$s.matches('[a-z]+|你')",
                "$I.exists(~i, $b)", "$I.all(~i, $b)", "$I.exists_one(~i, $b)", "$S.exists(~s, $b)",
                "$S.all(~s, $b)", "$M.exists(~s, $b)", "$M.all(~s, ~i, $b)",
                "$I.exists(~i, ~i, $b)", "$x.exists(~x, $b)", "cel.bind(~b, $b, $b)",
                "cel.bind(~i, $i, $b)", "cel.bind(~x, $x, $b)", "$o.hasValue()", "math.isNaN($d)",
                "bool($s)", "$T.isOpen", "has($T.name)", "type($x) == type($x)", "dyn($b)",
                "$s == $s", "$o == $o", "[$b, $b][$i]", "{$b: $b}[$b]", "$x < $x",
            ]),
        "i": Rule(
            leaves: ["0", "1", "-1", "n", "$0", "absent", "9223372036854775807"],
            inner: [
                "$i + $i", "$i - $i", "$i * $i", "$i / $i", "$i % $i", "-$i", "($i)", "size($x)",
                "$s.size()", "$I.size()", "$M.size()", "$I[$i]", "$M[$s]", "m.a", "int($d)",
                "int($u)", "int($s)", "int($t)", "$b ? $i : $i", "$s.indexOf($s)",
                "$s.lastIndexOf($s)", "$s.indexOf($s, $i)", "math.abs($i)", "math.sign($i)",
                "math.bitAnd($i, $i)", "math.bitShiftLeft($i, $i)", "math.bitShiftRight($i, $i)",
                "math.greatest($i, $i, $i)", "math.least($I)", "$t.getHours()",
                "$t.getDayOfYear('Asia/Shanghai')", "$t.getDate($s)", "$n.getSeconds()",
                "$t.getFullYear('+08:00')", "$o.orValue($i)", "$o.value()", "cel.bind(~i, $i, $i)",
                "cel.bind(~I, $I, $i)", "$T.size", "dyn($i)", "cel.block([$i], cel.index(0) + $i)",
                "math.bitNot($i)", "math.round($d) > 0.0 ? $i : $i",
            ]),
        "u": Rule(
            leaves: ["0u", "u", "$1", "18446744073709551615u"],
            inner: [
                "$u + $u", "$u - $u", "$u * $u", "$u / $u", "$u % $u", "uint($i)", "uint($d)",
                "uint($s)", "math.bitXor($u, $u)", "math.bitShiftRight($u, $i)", "$b ? $u : $u",
                "math.greatest($u, $u)", "cel.bind(~u, $u, $u)",
            ]),
        "d": Rule(
            leaves: ["0.0", "-0.0", "d", "$2", "1e308", "5e-324"],
            inner: [
                "$d + $d", "$d - $d", "$d * $d", "$d / $d", "-$d", "double($i)", "double($u)",
                "double($s)", "math.ceil($d)", "math.floor($d)", "math.round($d)", "math.trunc($d)",
                "math.sqrt($d)", "math.abs($d)", "math.greatest($d, $d)", "$T.weight",
                "$b ? $d : $d", "cel.bind(~d, $d, $d)",
            ]),
        "s": Rule(
            leaves: [
                "''", "s", "$3", "'2026-01-01T00:00:00Z'", "'1h2m3.5s'", "'%s %d %.2f %e %x %o %b'",
            ],
            inner: [
                "$s + $s", "string($i)", "string($u)", "string($d)", "string($b)", "string($y)",
                "string($t)", "string($n)", "$s.charAt($i)", "$s.substring($i)",
                "$s.substring($i, $i)", "$s.replace($s, $s)", "$s.replace($s, $s, $i)",
                "$s.lowerAscii()", "$s.upperAscii()", "$s.trim()", "$s.reverse()", "$S.join($s)",
                "$S.join()", "$S[$i]", "$b ? $s : $s", "$s.format([$x])", "$s.format([$i, $d, $x])",
                "'%s'.format([$x])", "'%.$0f'.format([$d])", "'%d'.format([$i])",
                "strings.quote($s)", "base64.encode($y)", "$T.name", "$T.labels.k",
                "cel.bind(~s, $s, $s)", "cel.bind(~s, $s + $s, $s + $s)", "($s)",
            ]),
        "y": Rule(
            leaves: ["b''", "y", "$4"],
            inner: ["$y + $y", "bytes($s)", "base64.decode($s)", "$b ? $y : $y", "($y)"]),
        "I": Rule(
            leaves: ["[]", "ns", "[1, 2, 3]"],
            inner: [
                "[$i]", "[$i, $i]", "[?$o, $i]", "$I + $I", "$I.map(~i, $i)", "$I.map(~i, $b, $i)",
                "$I.filter(~i, $b)", "$S.map(~s, $i)", "$I.transformList(~i, ~i, $i)",
                "$M.transformList(~s, ~i, $b, $i)", "$b ? $I : $I", "cel.bind(~I, $I, $I)",
                "cel.bind(~I, $I + $I, $I + $I)", "($I)",
            ]),
        "S": Rule(
            leaves: ["[]", "ss", "['a', '你']"],
            inner: [
                "[$s]", "[$s, $s]", "$S + $S", "$s.split($s)", "$s.split($s, $i)",
                "$S.map(~s, $s)", "$I.map(~i, $s)", "$S.filter(~s, $b)", "$M.map(~s, $s)",
                "$b ? $S : $S",
            ]),
        "M": Rule(
            leaves: ["{}", "m", "{'a': 1}"],
            inner: [
                "{$s: $i}", "{$s: $i, $s: $i}", "{?$s: $o}", "$M.transformMap(~s, ~i, $i)",
                "$M.transformMap(~s, ~i, $b, $i)", "$S.transformMapEntry(~i, ~s, {$s: $i})",
                "$b ? $M : $M",
            ]),
        "t": Rule(
            leaves: [
                "when", "timestamp('2026-01-01T00:00:00Z')",
                "timestamp('9999-12-31T23:59:59.999999999Z')",
            ],
            inner: ["timestamp($i)", "timestamp($s)", "$t + $n", "$t - $n", "$n + $t"]),
        "n": Rule(
            leaves: ["span", "duration('1h')", "duration('-9223372036s')"],
            inner: ["$n + $n", "$n - $n", "$t - $t", "duration($s)"]),
        "o": Rule(
            leaves: ["optional.none()", "optional.of(1)"],
            inner: [
                "optional.of($i)", "optional.ofNonZeroValue($i)", "$I[?$i]", "$M[?$s]", "m.?a",
                "$o.or($o)", "$o.optMap(~i, $i)", "$o.optFlatMap(~i, $o)", "$b ? $o : $o",
            ]),
        "T": Rule(
            leaves: ["thing", "things[0]", "things[1]"],
            inner: ["things[$i]", "$T.parts[$i]", "$b ? $T : $T", "things.filter(~T, $b)[0]"]),
        "x": Rule(
            leaves: ["null", "raw", "raw.a", "raw.a.b", "raw.n", "raw.zz", "int", "1", "'a'"],
            inner: [
                "dyn($i)", "dyn($s)", "dyn($d)", "dyn($I)", "dyn($M)", "$b", "$i", "$s", "$t", "$n",
                "[$x, $x]", "{$x: $x}", "{'a': $x}", "$x[$x]", "$x.a", "$x[?$x]", "$x.?b",
                "raw.a.b[$i]", "$b ? $x : $x", "type($x)", "$x + $x", "$x * $x", "-$x", "!$x",
                "optional.of($x)", "cel.bind(~x, $x, $x)", "$x.map(~x, $x)", "$x.filter(~x, $b)",
                "$x.map(~x, ~x, $x)", "things.map(~T, $x)", "$T.any", "$S", "$I", "$M", "$y", "$u",
                "$d",
            ]),
    ]
}
