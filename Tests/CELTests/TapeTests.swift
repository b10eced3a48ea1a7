import CEL
import Testing

@Suite("Tape")
struct TapeTests {
    @Test("what a builder is told is what the tape holds")
    func building() throws {
        var builder = TapeBuilder()
        builder.beginObject()
        builder.name("status")
        builder.string("FINISH")
        builder.name("list")
        builder.beginList()
        builder.int(-1)
        builder.uint(2)
        builder.double(0.5)
        builder.null()
        builder.bool(true)
        builder.bytes([0, 255])
        builder.duration(.milliseconds(1_500))
        builder.timestamp(Timestamp(seconds: 1, nanoseconds: 2))
        builder.end()
        builder.name("map")
        builder.beginMap()
        builder.int(1)
        builder.string("one")
        builder.end()
        builder.end()
        let root = try builder.finish().root
        #expect(root.kind == .object)
        #expect(root["status"]?.string == "FINISH")
        #expect(root["nothing"] == nil)
        let list = try #require(root["list"])
        #expect(list.count == 8)
        #expect(list[0]?.int == -1 && list[1]?.int == 2 && list[2]?.double == 0.5)
        #expect(list[3]?.isNull == true && list[4]?.bool == true && list[5]?.bytes == [0, 255])
        #expect(list[6]?.duration == .milliseconds(1_500))
        #expect(list[7]?.timestamp == Timestamp(seconds: 1, nanoseconds: 2))
        #expect(list[8] == nil && list[-1] == nil)
        #expect(root.members.map(\.name) == ["status", "list", "map"])
        #expect(root["map"]?.entries.map { $0.key.int } == [1])
        var copy = TapeBuilder()
        copy.append(root)
        #expect(try copy.finish().root.value == root.value)
    }

    @Test("each name has one number, however many names there are")
    func names() throws {
        var builder = TapeBuilder()
        builder.beginList()
        for _ in 0..<2 {
            builder.beginObject()
            for number in 0..<200 {
                builder.name(number == 0 ? "" : "name \(number)")
                builder.int(Int64(number))
            }
            builder.end()
        }
        builder.end()
        let root = try builder.finish().root
        for object in root.elements {
            #expect(object.members.map(\.value.int) == (0..<200).map { Int64($0) })
            for number in 1..<200 { #expect(object["name \(number)"]?.int == Int64(number)) }
            #expect(object[""]?.int == 0)
            #expect(object["name 200"] == nil)
        }
    }

    @Test("a value comes back from its tape, code points and all")
    func values() throws {
        let value: Value = [
            "é": 1, "e\u{301}": 2, "l": [.null, true, 1.5, "你\u{0}", ["a": []]],
            "m": .map([.int(1): .uint(2), .bool(false): .bytes([1])]),
        ]
        #expect(try Tape.of(value).root.value == value)
    }

    @Test("wrong use of the builder is an error, never a trap")
    func misuse() {
        let mistakes: [(inout TapeBuilder) -> Void] = [
            { _ in }, { $0.end() }, { $0.beginList() },
            {
                $0.int(1)
                $0.int(2)
            },
            { $0.name("a") },
            {
                $0.beginObject()
                $0.int(1)
                $0.end()
            },
            {
                $0.beginObject()
                $0.name("a")
                $0.name("b")
                $0.end()
            },
            {
                $0.beginObject()
                $0.name("a")
                $0.end()
            },
            {
                $0.beginMap()
                $0.int(1)
                $0.end()
            },
            { $0.append(Value.optional(nil)) },
            { $0.timestamp(Timestamp(seconds: .max)) },
            { $0.duration(.seconds(Int64.max)) },
            { builder in for _ in 0...Tape.nestingLimit { builder.beginList() } },
        ]
        for mistake in mistakes {
            var builder = TapeBuilder()
            mistake(&builder)
            #expect(throws: TapeError.self) { try builder.finish() }
        }
    }

    @Test("a filling with any wrong offset is refused")
    func filling() throws {
        func tape(_ cells: [Cell], bytes: Int = 4, names: [Cell] = [Cell(.string)]) throws -> Tape {
            try Tape.filling(cells: 16, bytes: 8, names: 4) { filling in
                for (index, cell) in cells.enumerated() { filling.cells[index] = cell }
                for index in 0..<8 { filling.bytes[index] = 0x61 }
                for (index, name) in names.enumerated() { filling.names[index] = name }
                filling.cellCount = cells.count
                filling.byteCount = bytes
                filling.nameCount = names.count
            }
        }
        // Two lists that hold the two before them: a walk meets twice as many cells each time.
        func doubled(_ times: Int) -> [Cell] {
            var cells = [Cell(.int, bits: 7)]
            for time in 0..<times {
                let list = Cell(
                    .list, bits: UInt64(max(0, 2 * time - 1)), length: time == 0 ? 1 : 2)
                cells += [list, list]
            }
            return cells
        }
        let good = try tape([Cell(.int, bits: 7), Cell(.list, bits: 0, length: 1)])
        #expect(good.root[0]?.int == 7)
        let shared = try tape(doubled(4))
        #expect(shared.root[1]?[0]?[1]?[0]?.int == 7)
        var member = Cell(.string, bits: 1, length: 2)
        member.tag |= 1 << 8
        let names = [Cell(.string), Cell(.string, bits: 0, length: 3)]
        let object = try tape([member, Cell(.object, bits: 0, length: 1)], names: names)
        #expect(object.root["aaa"]?.string == "aa")
        var stray = member
        stray.tag = UInt32(Kind.string.rawValue) | 9 << 8
        let wrong: [[Cell]] = [
            [], [Cell(.list, bits: 0, length: 1)], [Cell(.list, bits: 1, length: 1)],
            [Cell(.int), Cell(.list, bits: 0, length: 2)],
            [Cell(.int), Cell(.map, bits: 0, length: 1)],
            [Cell(.int), Cell(.object, bits: 0, length: 1)],
            [stray, Cell(.object, bits: 0, length: 1)], [member, Cell(.list, bits: 0, length: 1)],
            [Cell(.string, bits: 3, length: 2)], [Cell(.string, bits: .max, length: 2)],
            [Cell(.list, bits: .max, length: .max)], [Cell(.absent)], [Cell(.optional)],
            [Cell(.timestamp, bits: 1 << 62)], [Cell(.bool, bits: 2)], [Cell(.bool, bits: .max)],
            doubled(4) + [Cell(.list, bits: 7, length: 2)],
        ]
        for cells in wrong {
            #expect(throws: TapeError.self) { try tape(cells, names: names) }
        }
        #expect(throws: TapeError.self) { try tape([Cell(.int)], bytes: 9) }
        #expect(throws: TapeError.self) { try tape([Cell(.int)], names: []) }
        #expect(throws: HostFailure.self) {
            try Tape.filling(cells: 1, bytes: 1, names: 1) { _ in throw HostFailure("no") }
        }
    }
}
