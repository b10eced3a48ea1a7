import Foundation

/// A domain outside ASCII in the form that DNS has it: `例子.cn` is `xn--fsqu00a.cn`.
///
/// The rules are those of IDNA 2008 as far as a domain of someone's mail needs them: letters, marks
/// and digits of any script, written in any width and case. What takes more than a look at single
/// characters (joiners, middle dots) can be written as `xn--…`.
enum InternationalDomain {
    /// The most bytes of a label.
    static let labelLimit = 63
    /// RFC 5321, 4.5.3.1.2.
    static let limit = 253

    /// Nil when it is no domain.
    static func ascii(_ domain: String) -> String? {
        guard domain.utf8.count <= limit * 4 else { return nil }
        let labels = dotted(mapped(domain)).split(
            separator: ".", omittingEmptySubsequences: false)
        var result: [String] = []
        for label in labels {
            guard let ascii = ascii(label: String(label)) else { return nil }
            result.append(ascii)
        }
        let text = result.joined(separator: ".")
        return text.utf8.count <= limit ? text : nil
    }

    private static func ascii(label: String) -> String? {
        guard isSound(label) else { return nil }
        guard !label.utf8.allSatisfy({ $0 < 0x80 }) else {
            return label.utf8.count <= labelLimit ? label : nil
        }
        // The third and fourth place are for prefixes such as ours.
        guard !label.dropFirst(2).hasPrefix("--"),
            let code = Punycode.encoded(Array(label.unicodeScalars), limit: labelLimit - 4)
        else { return nil }
        return "xn--" + code
    }

    private static func isSound(_ label: String) -> Bool {
        guard let first = label.unicodeScalars.first, !label.hasPrefix("-"), !label.hasSuffix("-"),
            !isMark(first)
        else { return false }
        return label.unicodeScalars.allSatisfy { scalar in
            if scalar == "-" || isMark(scalar) { return true }
            switch scalar.properties.generalCategory {
            case .lowercaseLetter, .otherLetter, .modifierLetter, .decimalNumber: return true
            default: return false
            }
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark: true
        default: false
        }
    }

    /// Small letters of usual width, composed.
    private static func mapped(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping.lowercased()
            .precomposedStringWithCompatibilityMapping
    }

    /// The full stops of Chinese and Japanese are dots, too.
    private static func dotted(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            result.append("\u{3002}\u{FF0E}\u{FF61}".unicodeScalars.contains(scalar) ? "." : scalar)
        }
        return String(result)
    }
}

/// RFC 3492: any characters as a few of ASCII.
enum Punycode {
    private static let base = 36
    private static let leastThreshold = 1
    private static let mostThreshold = 26
    private static let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Nil when it takes more than `limit` bytes.
    static func encoded(_ scalars: [Unicode.Scalar], limit: Int) -> String? {
        // Every character takes a byte at least.
        guard scalars.count <= limit else { return nil }
        let basic = scalars.filter(\.isASCII)
        var output = basic.map { UInt8(truncatingIfNeeded: $0.value) }
        if !basic.isEmpty { output.append(UInt8(ascii: "-")) }
        var next = 128
        var delta = 0
        var bias = 72
        var handled = basic.count
        while handled < scalars.count {
            // The least of those that are left: there is one.
            let least = scalars.map { Int($0.value) }.filter { $0 >= next }.min() ?? next
            // At most 0x110000 * 64: far from the greatest Int.
            delta += (least - next) * (handled + 1)
            next = least
            for scalar in scalars {
                if Int(scalar.value) < next { delta += 1 }
                guard Int(scalar.value) == next else { continue }
                append(delta, bias, to: &output)
                guard output.count <= limit else { return nil }
                bias = adapted(delta, count: handled + 1, isFirst: handled == basic.count)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// A number in digits whose weight depends on their place.
    private static func append(_ number: Int, _ bias: Int, to output: inout [UInt8]) {
        var rest = number
        var place = base
        while true {
            let threshold = min(max(place - bias, leastThreshold), mostThreshold)
            guard rest >= threshold else { break }
            let (quotient, digit) = (rest - threshold).quotientAndRemainder(
                dividingBy: base - threshold)
            output.append(digits[threshold + digit])
            rest = quotient
            place += base
        }
        output.append(digits[rest])
    }

    private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var steps = 0
        while delta > (base - leastThreshold) * mostThreshold / 2 {
            delta /= base - leastThreshold
            steps += base
        }
        return steps + (base - leastThreshold + 1) * delta / (delta + 38)
    }
}
