import Foundation
import Pipeline
import Testing

@testable import Channels

struct JSONShapeTests {
    /// Where each hole (`¤`) stands, or where the first mistake is.
    static func shape(_ text: String) -> String {
        var shape = JSONShape()
        var places = ""
        var offset = 0
        do throws(JSONShape.Mistake) {
            for character in text {
                if character == "¤" {
                    places += try shape.readHole(at: offset) == .value ? "v" : "t"
                    offset += 1
                    continue
                }
                for byte in String(character).utf8 {
                    try shape.read(byte, at: offset)
                    offset += 1
                }
            }
            try shape.end(at: offset)
            return places
        } catch {
            return "\(error.offset)"
        }
    }

    @Test(
        "Holes stand for values outside of quotes, and for text inside",
        arguments: [
            ("¤", "v"), (" ¤ ", "v"), (#""¤""#, "t"), (#""a ¤ b ¤""#, "tt"), ("[]", ""),
            ("{}", ""), (#"{"a": ¤, "¤": "¤"}"#, "vtt"), ("[¤, ¤,1, -1.5e+3, true]", "vv"),
            (#"{"a":{"b":[¤]}}"#, "v"), (#""\\¤""#, "t"), (#""\"¤\u00e9""#, "t"),
            (#"{"名": "投诉🔥¤"}"#, "t"), ("0", ""), (#"{"a":null,"b":false}"#, ""),
        ])
    func sound(text: String, places: String) { #expect(Self.shape(text) == places) }

    @Test(
        "The first mistake has its place",
        arguments: [
            ("", "0"), ("  ", "2"), ("¤¤", "1"), ("1¤", "1"), ("¤1", "1"), ("-¤", "0"),
            ("{¤: 1}", "1"), (#"{"a" ¤}"#, "5"), (#"{"a":1,}"#, "7"), ("[1,]", "3"),
            ("[1 2]", "3"), ("[1", "0"), ("{", "0"), (#"{"a":[}"#, "6"), ("]", "0"),
            (#""a"#, "0"), ("\"a\nb\"", "2"), (#""\x""#, "2"), (#""\u12g4""#, "5"),
            (#""\¤""#, "2"), (#""\u¤""#, "3"), ("truth", "0"), ("01", "0"), ("1.", "0"),
            ("abc", "0"), (#"{"a":1} x"#, "8"), (#"{a:1}"#, "1"), (#"{"a":¤b}"#, "6"),
            (#"{"a":1 "b":2}"#, "7"), ("[,]", "1"), (#"{"a"}"#, "4"), ("“a”", "0"),
            (String(repeating: "1", count: 65), "0"),
        ])
    func unsound(text: String, place: String) { #expect(Self.shape(text) == place) }

    @Test("It nests to its bound and no deeper")
    func nesting() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let limit = JSONShape.nestingLimit
        #expect(Self.shape(nested(limit - 1)) == "" && Self.shape(nested(limit)) == "")
        #expect(Self.shape(nested(limit + 1)) == "\(limit)")
    }

    @Test("It takes what a parser takes, and nothing else", arguments: 0..<40 as Range<UInt64>)
    func agreement(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let signs = [
            "{", "}", "[", "]", ":", ",", "\"a\"", "\"", "\\", "1", "-", ".", "e", "true", "null",
            " ", "\n", "投", "u00e9",
        ]
        for _ in 0..<400 {
            let text = (0..<Int.random(in: 1...7, using: &random)).map { _ in
                signs.randomElement(using: &random) ?? ""
            }.joined()
            let isJSON =
                (try? JSONSerialization.jsonObject(
                    with: Data(text.utf8), options: .fragmentsAllowed)) != nil
            // A shape of one number may be out of the range of a parser's.
            guard !text.contains("e1") else { continue }
            #expect((Self.shape(text) == "") == isJSON, "\(text)")
        }
    }
}
