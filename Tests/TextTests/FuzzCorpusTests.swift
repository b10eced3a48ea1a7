import Foundation
import Testing

/// The fuzzer's corpus, replayed: inputs that once failed, and some for each kind of input.
@Suite("Fuzz corpus")
struct FuzzCorpusTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "CELFuzzing/Corpus")

    /// The inputs by name; without any the tests fail.
    static let inputs: [(name: String, bytes: [UInt8])] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            (try? Data(contentsOf: folder.appending(path: name))).map { (name, Array($0)) }
        }
    }()

    @Test("every input of the corpus holds what must hold", arguments: inputs.map(\.name))
    func replay(_ name: String) throws {
        let input = try #require(Self.inputs.first { $0.name == name })
        #expect(FuzzCase.complaint(about: input.bytes) == nil)
    }

    @Test("the corpus is small and has inputs of each kind")
    func size() {
        #expect(Self.inputs.reduce(0) { $0 + $1.bytes.count } < 100_000)
        for kind in FuzzCase.allCases {
            #expect(Self.inputs.contains { $0.bytes.first == kind.rawValue }, "\(kind)")
        }
    }
}
