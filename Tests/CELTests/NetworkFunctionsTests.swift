import CEL
import Foundation
import Testing

@Suite("Network functions")
struct NetworkFunctionsTests {
    /// Source and answer.
    static let rows: [(String, String)] = [
        // Reading and writing.
        ("ip('192.168.0.1')", "net.IP 192.168.0.1"),
        ("ip('0.0.0.0')", "net.IP 0.0.0.0"),
        ("ip('255.255.255.255')", "net.IP 255.255.255.255"),
        ("ip('2001:DB8:0:0:0:0:0:1')", "net.IP 2001:db8::1"),
        ("ip('::')", "net.IP ::"),
        ("ip('::1')", "net.IP ::1"),
        ("ip('1::')", "net.IP 1::"),
        ("ip('1:0:0:2:0:0:0:3')", "net.IP 1:0:0:2::3"),
        ("ip('1:0:0:2:3:0:0:4')", "net.IP 1::2:3:0:0:4"),
        ("ip('1:0:2:3:4:5:6:7')", "net.IP 1:0:2:3:4:5:6:7"),
        ("ip('1:2:3:4:5:6:7::')", "net.IP 1:2:3:4:5:6:7:0"),
        ("ip('::2:3:4:5:6:7:8')", "net.IP 0:2:3:4:5:6:7:8"),
        ("ip('64:ff9b::192.0.2.33')", "net.IP 64:ff9b::c000:221"),
        ("ip('1:2:3:4:5:6:1.2.3.4')", "net.IP 1:2:3:4:5:6:102:304"),
        ("ip('::1.2.3.4')", "net.IP ::102:304"),
        ("string(ip('fe80::00A1'))", "'fe80::a1'"),
        ("cidr('10.1.2.3/8')", "net.CIDR 10.1.2.3/8"),
        ("cidr('::/0')", "net.CIDR ::/0"),
        ("string(cidr('2001:DB8::/32'))", "'2001:db8::/32'"),
        ("type(ip('::1')) == net.IP && type(cidr('::/0')) == net.CIDR", "true"),
        ("type(ip('::1')) == net.CIDR", "false"),
        // What is no address.
        (
            "['', '.', '1', '1.2.3', '1.2.3.4.5', '1.2.3.', '.1.2.3', '1..2.3'].exists(t, isIP(t))",
            "false"
        ),
        (
            "['01.2.3.4', '1.2.3.04', '256.1.1.1', '1.2.3.1000', '-1.2.3.4'].exists(t, isIP(t))",
            "false"
        ),
        (
            "[' 1.2.3.4', '1.2.3.4 ', '１.2.3.4', '1.2.3.4/8', '1.2.3.4%e'].exists(t, isIP(t))",
            "false"
        ),
        (
            "[':', ':::', '1:', ':1', '1:2', '::1::', '1::2::3', '12345::'].exists(t, isIP(t))",
            "false"
        ),
        (
            "['1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::', '::1:2:3:4:5:6:7:8'].exists(t, isIP(t))",
            "false"
        ),
        (
            "['::1%eth0', '::ffff:1.2.3.4', '::ffff:102:304', '[::1]', '::g'].exists(t, isIP(t))",
            "false"
        ),
        (
            "['1:2:3:4:5:6:7:1.2.3.4', '::1.2.3', '::1.2.3.4:5', '1.2.3.4::'].exists(t, isIP(t))",
            "false"
        ),
        ("isIP('地址')", "false"),
        ("ip('localhost')", "! bad-conversion"),
        ("ip('fe80::1%en0')", "! bad-conversion"),
        ("['10.0.0.0', '10.0.0.0/', '/8', '10.0.0.0/33', '::/129'].exists(t, isCIDR(t))", "false"),
        (
            "['10.0.0.0/08', '10.0.0.0/+8', '10.0.0.0/-1', '10.0.0.0/8/8'].exists(t, isCIDR(t))",
            "false"
        ),
        (
            "['10.0.0.0/9999999999999999999', '::ffff:1.2.3.4/96', '::%e/8'].exists(t, isCIDR(t))",
            "false"
        ),
        ("['10.0.0.0/0', '10.0.0.0/32', '::/128'].all(t, isCIDR(t))", "true"),
        ("cidr('10.0.0.0')", "! bad-conversion"),
        // What an address is.
        ("ip('10.0.0.1').family() + ip('::1').family()", "10"),
        ("ip('127.255.0.1').isLoopback() && ip('::1').isLoopback()", "true"),
        ("ip('128.0.0.1').isLoopback() || ip('::2').isLoopback()", "false"),
        ("ip('0.0.0.0').isUnspecified() && ip('::').isUnspecified()", "true"),
        ("ip('0.0.0.1').isUnspecified()", "false"),
        ("ip('10.0.0.1').isGlobalUnicast() && ip('fd00::1').isGlobalUnicast()", "true"),
        (
            "['0.0.0.0', '255.255.255.255', '127.0.0.1', '224.0.0.1', '239.1.1.1', '169.254.0.1', "
                + "'::', '::1', 'ff02::1', 'fe80::1'].exists(t, ip(t).isGlobalUnicast())", "false"
        ),
        ("ip('169.254.1.1').isLinkLocalUnicast() && ip('febf::1').isLinkLocalUnicast()", "true"),
        ("ip('169.255.1.1').isLinkLocalUnicast() || ip('fec0::1').isLinkLocalUnicast()", "false"),
        (
            "ip('224.0.0.255').isLinkLocalMulticast() && ip('ff12::1').isLinkLocalMulticast()",
            "true"
        ),
        ("ip('224.0.1.0').isLinkLocalMulticast() || ip('ff05::1').isLinkLocalMulticast()", "false"),
        ("ip.isCanonical('2001:db8::68') && ip.isCanonical('127.0.0.1')", "true"),
        ("ip.isCanonical('2001:DB8::68') || ip.isCanonical('2001:db8:0::68')", "false"),
        ("ip.isCanonical('no')", "! bad-conversion"),
        // Ranges.
        ("cidr('192.168.1.5/24').ip()", "net.IP 192.168.1.5"),
        ("cidr('192.168.1.5/24').masked()", "net.CIDR 192.168.1.0/24"),
        ("cidr('ffff::1/0').masked()", "net.CIDR ::/0"),
        ("cidr('1.2.3.4/32').masked()", "net.CIDR 1.2.3.4/32"),
        ("cidr('::1/128').prefixLength()", "128"),
        ("cidr('10.0.0.0/8').containsIP('10.255.255.255')", "true"),
        ("cidr('10.0.0.0/8').containsIP(ip('11.0.0.0'))", "false"),
        ("cidr('0.0.0.0/0').containsIP('::1')", "false"),
        ("cidr('::/0').containsIP('1.2.3.4')", "false"),
        ("cidr('::/0').containsIP('ffff::')", "true"),
        ("cidr('10.0.0.0/8').containsIP('十')", "! bad-conversion"),
        ("cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", "true"),
        ("cidr('10.1.2.3/8').containsCIDR(cidr('10.0.0.0/8'))", "true"),
        ("cidr('10.1.0.0/16').containsCIDR('10.0.0.0/8')", "false"),
        ("cidr('0.0.0.0/0').containsCIDR('::/0')", "false"),
        ("cidr('10.0.0.0/8').containsCIDR('10.0.0.0')", "! bad-conversion"),
        // Equality.
        ("ip('2001:db8::1') == ip('2001:DB8:0::1')", "true"),
        ("ip('0.0.0.1') == ip('::1')", "false"),
        ("cidr('10.0.0.1/8') == cidr('10.0.0.0/8')", "false"),
        ("dyn(ip('1.2.3.4')) == dyn(cidr('1.2.3.4/32'))", "false"),
        ("dyn(ip('1.2.3.4')) == '1.2.3.4'", "false"),
        ("ip('::1') in [ip('::2'), ip('::1')]", "true"),
        ("[ip('::1'), ip('::1'), ip('::2')].distinct().size()", "2"),
        // Other kinds.
        ("ip(1)", "! wrong-arguments"),
        ("isIP(cidr('10.0.0.0/8'))", "! wrong-arguments"),
        ("ip('1.2.3.4').prefixLength()", "! wrong-arguments"),
        ("dyn(ip('1.2.3.4')).prefixLength()", "! no-such-overload"),
        ("dyn(cidr('1.2.3.4/8')).family()", "! no-such-overload"),
        ("dyn(cidr('1.2.3.4/8')).containsIP(dyn(cidr('1.2.3.4/8')))", "! no-such-overload"),
        ("string(dyn(cidr('1.2.3.4/8')))", "'1.2.3.4/8'"),
        ("ip('1.2.3.4') < ip('1.2.3.5')", "! wrong-arguments"),
        ("{ip('::1'): 1}", "! bad-key-type"),
    ]

    @Test("an expression has this answer", arguments: rows)
    func answer(_ source: String, _ answer: String) { LibraryTable.expect(source, answer) }

    @Test("texts are read as the system's own functions read them", arguments: [1 as UInt64, 2])
    func againstSystem(_ seed: UInt64) throws {
        var environment = Environment()
        environment.declare(variable: "t", as: .string)
        let isAddress = try environment.compile("isIP(t)")
        let canonical = try environment.compile("string(ip(t))")
        var activation = Activation(environment)
        var random = SplitMix64(state: seed)
        let pieces = [
            "0", "1", "9", "25", "255", "f", "ab", "ffff", ":", ":", "::", ".", ".", "00",
        ]
        var found = 0
        for _ in 0..<5_000 {
            let count = Int.random(in: 1...14, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            try activation.set("t", to: .string(text))
            let known = Self.systemText(text)
            // Recorded only when wrong: an expectation each would take most of the time.
            if try isAddress.isTrue(activation) != (known != nil) {
                Issue.record("isIP is wrong for \(text)")
            }
            guard let known else { continue }
            found += 1
            if try canonical.evaluate(activation) != .string(known) { Issue.record("\(text)") }
        }
        #expect(found > 100)
    }

    /// What the C library makes of an address; nil when it is none, or not taken by the language.
    private static func systemText(_ text: String) -> String? {
        var four = in_addr(), six = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 { return shown(AF_INET, &four) }
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let bytes = withUnsafeBytes(of: &six) { Array($0) }
        let isPlain = bytes.prefix(10).allSatisfy { $0 == 0 }
        if isPlain, bytes[10] == 0xFF, bytes[11] == 0xFF { return nil }
        guard isPlain, bytes[10] == 0, bytes[11] == 0 else { return shown(AF_INET6, &six) }
        // The C library writes the last 32 bits of these as version 4; RFC 5952 leaves them.
        let groups = [12, 14].map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        if groups == [0, 0] { return "::" }
        return "::" + groups.drop { $0 == 0 }.map { String($0, radix: 16) }.joined(separator: ":")
    }

    private static func shown(_ family: Int32, _ address: UnsafeRawPointer) -> String? {
        var buffer = [CChar](repeating: 0, count: 64)
        guard inet_ntop(family, address, &buffer, 64) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    @Test("a host function gets addresses and gives them back")
    func host() throws {
        var environment = Environment()
        let address = ValueType.opaque("net.IP", [])
        environment.declare(
            HostFunction(
                "gateway", Documentation("the gateway", "网关"),
                overloads: [
                    .init("gateway_ip", [address], returns: address) { values in
                        guard values[0] == .opaque(type: "net.IP", text: "10.0.0.7") else {
                            throw HostFailure("\(values[0])")
                        }
                        return .opaque(type: "net.IP", text: "10.0.0.1")
                    },
                    .init("gateway_string", [.string], returns: address) { _ in
                        .opaque(type: "other", text: "x")
                    },
                ]))
        let activation = Activation(environment)
        let program = try environment.compile("gateway(ip('10.0.0.7')) == ip('10.0.0.1')")
        #expect(try program.isTrue(activation))
        let unknown = try environment.compile("gateway('x').isLoopback()")
        let error = #expect(throws: EvaluationError.self) { try unknown.isTrue(activation) }
        #expect(error?.code == "bad-argument")
    }

    @Test("without the library there are no such names")
    func without() {
        let environment = Environment([.strings])
        for source in ["ip('::1')", "net.IP", "isCIDR('')"] {
            #expect(throws: CompilationError.self) { try environment.compile(source) }
        }
    }
}
