import Testing

@testable import CEL

@Suite("Text search")
struct TextSearchTests {
    @Test("both ways to search find what a plain search finds", arguments: 0..<8 as Range<UInt64>)
    func sameAsPlain(_ seed: UInt64) {
        var random = SplitMix64(state: seed)
        for _ in 0..<3_000 {
            // Few letters, so that parts nearly match often, and repeat.
            let letters = UInt8.random(in: 1...3, using: &random)
            let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8.random(in: 0..<letters, using: &random)
            }
            let part = (0..<Int.random(in: 1...12, using: &random)).map { _ in
                UInt8.random(in: 0..<letters, using: &random)
            }
            let start = Int.random(in: 0...60, using: &random)
            let plain = text.indices.first {
                $0 >= start && text[$0...].starts(with: part)
            }
            text.withUnsafeBufferPointer { text in
                part.withUnsafeBufferPointer { part in
                    #expect(find(part, in: text, from: start) == plain)
                    #expect(findInLinearTime(part, in: text, from: start) == plain)
                }
            }
        }
    }

    @Test("a part that nearly occurs everywhere is looked for in linear time")
    func nearlyEverywhere() {
        let text = [UInt8](repeating: 0x61, count: 200_000)
        for middle in [1, 50_000, 99_998] {
            var part = [UInt8](repeating: 0x61, count: 100_000)
            part[middle] = 0x62
            let time = processorTime {
                let found = text.withUnsafeBufferPointer { text in
                    part.withUnsafeBufferPointer { find($0, in: text, from: 0) }
                }
                #expect(found == nil)
            }
            #expect(time < .seconds(10), "\(time)")
        }
    }
}
