import Foundation
import Testing

@testable import Networking

@Suite("Addresses")
struct AddressTests {
    @Test(
        "reads the usual spellings and no other",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"),
            ("255.255.255.255", "255.255.255.255"), ("::", "0:0:0:0:0:0:0:0"),
            ("::1", "0:0:0:0:0:0:0:1"), ("fe80::1%eth0", "fe80:0:0:0:0:0:0:1"),
            ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1::8", "1:0:0:0:0:0:0:8"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::ffff:1.2.3.4", "0:0:0:0:0:ffff:102:304"),
            ("64:FF9B::1.2.3.4", "64:ff9b:0:0:0:0:102:304"),
            ("", nil), ("127.1", nil), ("2130706433", nil), ("0x7f.0.0.1", nil),
            ("0177.0.0.1", nil), ("01.2.3.4", nil), ("256.1.1.1", nil), ("1.2.3", nil),
            ("1.2.3.4.", nil), ("1.2.3.4.5", nil), ("1..2.3", nil), ("+1.2.3.4", nil),
            ("1.2.3.4 ", nil), (":::", nil), ("1::2::3", nil), ("1:2:3:4:5:6:7", nil),
            ("1:2:3:4:5:6:7:8:9", nil), ("1:2:3:4::5:6:7:8", nil), ("12345::", nil),
            ("::g", nil), ("1.2.3.4::", nil), (":1", nil), ("1:", nil), ("[::1]", nil),
            ("::1.2.3", nil), (String(repeating: "1", count: 100_000), nil),
        ] as [(String, String?)])
    func parsing(text: String, canonical: String?) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(
        "reads ranges, and sets the bits behind the prefix to zero",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("10.9.8.7/8", "10.0.0.0/8"), ("1.2.3.4", "1.2.3.4/32"),
            ("0.0.0.0/0", "0.0.0.0/0"), ("fd00::/8", "fd00:0:0:0:0:0:0:0/8"),
            ("::1", "0:0:0:0:0:0:0:1/128"), ("::/0", "0:0:0:0:0:0:0:0/0"),
            ("10.0.0.0/33", nil), ("::/129", nil), ("10/8", nil), ("10.0.0.0/", nil),
            ("10.0.0.0/+8", nil), ("10.0.0.0/-1", nil), ("10.0.0.0/8/8", nil),
            ("10.0.0.0/99999999999999999999", nil), ("", nil), ("/", nil), ("localhost", nil),
        ] as [(String, String?)])
    func ranges(text: String, canonical: String?) {
        #expect(AddressRange(text)?.description == canonical)
    }

    @Test(
        "a range holds its first and last address and not the ones beside them",
        arguments: [
            ("172.16.0.0/12", "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"),
            ("10.0.0.4/30", "10.0.0.4", "10.0.0.7", "10.0.0.3", "10.0.0.8"),
            ("fe80::/10", "fe80::", "febf:ffff::", "fe7f:ffff::", "fec0::"),
            ("127.0.0.1", "127.0.0.1", "::ffff:127.0.0.1", "127.0.0.0", "127.0.0.2"),
        ])
    func edges(range: String, first: String, last: String, before: String, after: String) throws {
        let range = try #require(AddressRange(range))
        let isInside = try [first, last, before, after].map {
            range.contains(try #require(IPAddress($0)))
        }
        #expect(isInside == [true, true, false, false])
    }

    @Test("every range of the list of non-public addresses could be read")
    func listIsWhole() {
        #expect(IPAddress.nonPublic.count == 28)
    }

    @Test(
        "tells public addresses from others",
        arguments: [
            ("8.8.8.8", true), ("100.63.255.255", true), ("100.64.0.1", false),
            ("100.100.100.200", false), ("169.254.169.254", false), ("192.0.0.192", false),
            ("0.0.0.0", false), ("223.255.255.255", true), ("224.0.0.1", false),
            ("255.255.255.255", false), ("::1", false), ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true), ("64:ff9b::7f00:1", false), ("64:ff9b::808:808", true),
            ("64:ff9b:1::1", false), ("::127.0.0.1", false), ("2002:808:808::1", false),
            ("2001:4860:4860::8888", true), ("2001:db8::1", false), ("fd00:ec2::254", false),
            ("fe80::1%eth0", false), ("ff02::1", false),
        ])
    func publicAddresses(text: String, isPublic: Bool) throws {
        #expect(try #require(IPAddress(text)).isPublic == isPublic)
    }

    @Test("plain http: is permitted to allowed ranges alone")
    func encryption() throws {
        let far = try #require(IPAddress("8.8.8.8"))
        let near = try #require(IPAddress("127.0.0.1"))
        let ranges = try [#require(AddressRange("127.0.0.0/8"))]
        #expect(AddressPolicy.public(allowing: []).permits(far, encrypted: true))
        #expect(!AddressPolicy.public(allowing: []).permits(far, encrypted: false))
        #expect(!AddressPolicy.public(allowing: []).permits(near, encrypted: true))
        #expect(AddressPolicy.public(allowing: ranges).permits(near, encrypted: false))
        #expect(AddressPolicy.unrestricted.permits(near, encrypted: false))
    }

    // MARK: Golden data

    struct Golden: Decodable {
        struct Address: Decodable {
            var address: String
            var blocked: Bool
        }
        struct Spelling: Decodable {
            var host: String
        }
        var addresses: [Address]
        var spellings: [Spelling]

        enum CodingKeys: String, CodingKey {
            case addresses
            case spellings = "host_spellings"
        }
    }

    static let golden: Golden? = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "../shared/data/channels/ssrf.json")
        return (try? Data(contentsOf: file)).flatMap {
            try? JSONDecoder().decode(Golden.self, from: $0)
        }
    }()

    @Test(
        "judges the golden addresses as they say",
        .enabled(if: golden != nil, "the golden data is not beside the repository"))
    func goldenAddresses() throws {
        let golden = try #require(Self.golden)
        #expect(golden.addresses.count >= 69)
        for row in golden.addresses {
            let address = try #require(IPAddress(row.address), "\(row.address)")
            #expect(address.isPublic != row.blocked, "\(row.address)")
        }
    }

    @Test(
        "no golden spelling of a host gets to the local machine",
        .enabled(if: golden != nil, "the golden data is not beside the repository"))
    func goldenSpellings() async throws {
        let golden = try #require(Self.golden)
        try await withTransport { transport in
            for row in golden.spellings where row.host != "metadata.google.internal" {
                var request = HTTPRequest(.post, url: "https://\(row.host):9/")
                request.addressPolicy = .public(allowing: [])
                let error = try await failure { () throws(TransportError) in
                    try await transport.send(request)
                }
                // Not every libcurl looks up every spelling.
                let codes: [TransportError.Code] =
                    row.host.utf8.allSatisfy { $0 < 0x80 }
                    ? [.addressRefused, .resolve] : [.invalidRequest]
                #expect(codes.contains(error.code), "\(row.host)")
            }
        }
    }
}
