import Foundation
import Testing

@testable import CEL

@Suite("Printer")
struct PrinterTests {
    @Test(
        "every expression of the conformance tests is printed as text that gives the same tree",
        .enabled(if: ConformanceData.isPresent, "no data"))
    func conformance() throws {
        let folder = try #require(ConformanceData.folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }.sorted()
        var count = 0
        for name in names {
            for test in (try? ConformanceData.load(name)) ?? [] {
                let environment = Environment()
                func parse(_ text: String) throws(CompilationError) -> ParsedExpression {
                    test.disableMacros
                        ? try environment.parseWithoutMacros(text) : try environment.parse(text)
                }
                guard let parsed = try? parse(test.expr) else { continue }
                #expect(SyntaxCase.roundTrip(parsed, parse) == nil, "\(test.id)")
                count += 1
            }
        }
        #expect(count > 1_000)
    }
}
