// IP addresses and their ranges.
//
// A value of the library is a cell of its type's name, the two halves of the address, its width,
// and for a range the length.
extension Library {
    static let networkTypes = [addressType, rangeType]

    static let addressType = ValueType.opaque("net.IP", [])
    static let rangeType = ValueType.opaque("net.CIDR", [])

    static let networkFunctions: [Function] = [
        Function(
            "isIP", "whether a text is an IP address", "文本是否为 IP 地址",
            [
                Overload("is_ip", [.string], .bool) { evaluation, arguments throws(Fault) in
                    try evaluation.spend(bytes: arguments[0].count)
                    return Cell(NetworkAddress(arguments[0].text[...]) != nil)
                }
            ]),
        Function(
            "isCIDR", "whether a text is a range of IP addresses (CIDR)", "文本是否为 CIDR 地址段",
            [
                Overload("is_cidr", [.string], .bool) { evaluation, arguments throws(Fault) in
                    try evaluation.spend(bytes: arguments[0].count)
                    return Cell(NetworkRange(arguments[0].text[...]) != nil)
                }
            ]),
        Function(
            "ip", "the IP address of a text, or of a range", "文本或地址段中的 IP 地址",
            [
                Overload("string_to_ip", [.string], addressType) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.make(evaluation.parsedAddress(arguments[0]))
                },
                Overload("cidr_ip", [rangeType], addressType, isReceiver: true) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.make(arguments[0].range().address)
                },
            ]),
        Function(
            "cidr", "the range of IP addresses (CIDR) of a text", "文本中的 CIDR 地址段",
            [
                Overload("string_to_cidr", [.string], rangeType) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.make(evaluation.parsedRange(arguments[0]))
                }
            ]),
        Function(
            "ip.isCanonical", "whether an IP address is written in its canonical form",
            "IP 地址是否为规范写法",
            [
                Overload("ip_is_canonical", [.string], .bool) {
                    evaluation, arguments throws(Fault) in
                    let address = try evaluation.parsedAddress(arguments[0])
                    return Cell(address.text.utf8.elementsEqual(arguments[0].text))
                }
            ]),
        Function(
            "family", "the version of an IP address, 4 or 6", "IP 地址的版本，4 或 6",
            [
                Overload("ip_family", [addressType], .int, isReceiver: true) {
                    _, arguments throws(Fault) in
                    Cell(try arguments[0].address().isVersion4 ? 4 : 6 as Int64)
                }
            ]),
        addressTest(
            "isUnspecified", "ip_is_unspecified", "whether an IP address is all zeros",
            "IP 地址是否全零"
        ) { $0.isUnspecified },
        addressTest(
            "isLoopback", "ip_is_loopback", "whether an IP address is the host's own",
            "IP 地址是否为本机回环地址"
        ) { $0.isLoopback },
        addressTest(
            "isGlobalUnicast", "ip_is_global_unicast",
            "whether an IP address is of one host beyond its link", "IP 地址是否为全局单播地址"
        ) { $0.isGlobalUnicast },
        addressTest(
            "isLinkLocalUnicast", "ip_is_link_local_unicast",
            "whether an IP address is of one host of a link", "IP 地址是否为链路本地单播地址"
        ) { $0.isLinkLocalUnicast },
        addressTest(
            "isLinkLocalMulticast", "ip_is_link_local_multicast",
            "whether an IP address is of a group on a link", "IP 地址是否为链路本地组播地址"
        ) { $0.isLinkLocalMulticast },
        Function(
            "containsIP", "whether an IP address is in a range", "地址段是否包含某个 IP 地址",
            [
                Overload(
                    "cidr_contains_ip", [rangeType, addressType], .bool, isReceiver: true
                ) { _, arguments throws(Fault) in
                    Cell(try arguments[0].range().contains(arguments[1].address()))
                },
                Overload(
                    "cidr_contains_ip_string", [rangeType, .string], .bool, isReceiver: true
                ) { evaluation, arguments throws(Fault) in
                    let range = try arguments[0].range()
                    return Cell(range.contains(try evaluation.parsedAddress(arguments[1])))
                },
            ]),
        Function(
            "containsCIDR", "whether a range is within a range", "地址段是否包含另一地址段",
            [
                Overload(
                    "cidr_contains_cidr", [rangeType, rangeType], .bool, isReceiver: true
                ) { _, arguments throws(Fault) in
                    Cell(try arguments[0].range().contains(arguments[1].range()))
                },
                Overload(
                    "cidr_contains_cidr_string", [rangeType, .string], .bool, isReceiver: true
                ) { evaluation, arguments throws(Fault) in
                    let range = try arguments[0].range()
                    return Cell(range.contains(try evaluation.parsedRange(arguments[1])))
                },
            ]),
        Function(
            "masked", "a range with the bits beyond its length at 0", "主机位清零后的地址段",
            [
                Overload("cidr_masked", [rangeType], rangeType, isReceiver: true) {
                    evaluation, arguments throws(Fault) in
                    try evaluation.make(arguments[0].range().masked)
                }
            ]),
        Function(
            "prefixLength", "how many bits the addresses of a range share", "地址段的前缀长度",
            [
                Overload("cidr_prefix_length", [rangeType], .int, isReceiver: true) {
                    _, arguments throws(Fault) in
                    Cell(Int64(try arguments[0].range().length))
                }
            ]),
        Function(
            "string", "the text of a value", "转换为文本",
            networkTypes.map { type in
                Overload("\(type)_to_string", [type], .string) {
                    evaluation, arguments throws(Fault) in try evaluation.text(of: arguments[0])
                }
            }),
    ]

    private static func addressTest(
        _ name: String, _ id: String, _ english: String, _ chinese: String,
        _ test: @escaping @Sendable (NetworkAddress) -> Bool
    ) -> Function {
        Function(
            name, english, chinese,
            [
                Overload(id, [addressType], .bool, isReceiver: true) { _, arguments throws(Fault) in
                    Cell(test(try arguments[0].address()))
                }
            ])
    }
}

extension Cell {
    /// Whether the cell is a library's own value of the type.
    private func isOpaque(_ type: ValueType, parts: Int) -> Bool {
        self.is(.opaque) && count == parts && children[0].text.elementsEqual(type.runtimeName.utf8)
    }

    /// How many cells an address takes, and a range.
    fileprivate static var addressParts: Int { 4 }
    fileprivate static var rangeParts: Int { 5 }

    fileprivate func address() throws(Fault) -> NetworkAddress {
        guard isOpaque(Library.addressType, parts: Self.addressParts) else {
            throw Fault(.noSuchOverload, self)
        }
        return storedAddress
    }

    fileprivate func range() throws(Fault) -> NetworkRange {
        guard isOpaque(Library.rangeType, parts: Self.rangeParts) else {
            throw Fault(.noSuchOverload, self)
        }
        return NetworkRange(address: storedAddress, length: Int(children[4].int))
    }

    private var storedAddress: NetworkAddress {
        NetworkAddress(
            bits: UInt128(children[1].uint) << 64 | UInt128(children[2].uint),
            isVersion4: children[3].int == 32)
    }
}

extension UnsafeMutablePointer<Frame> {
    /// The text of a library's own value.
    func opaqueText(_ cell: Cell) throws(Fault) -> String {
        cell.count == Cell.addressParts ? try cell.address().text : try cell.range().text
    }

    /// A library's own value of its type's name and its text.
    func opaque(_ type: String, _ text: String) throws(Fault) -> Cell {
        let text = try make(text)
        switch type {
        case Library.addressType.runtimeName: return try make(parsedAddress(text))
        case Library.rangeType.runtimeName: return try make(parsedRange(text))
        default: throw Fault(.badArgument)
        }
    }

    fileprivate func parsedAddress(_ text: Cell) throws(Fault) -> NetworkAddress {
        try spend(bytes: text.count)
        guard let address = NetworkAddress(text.text[...]) else {
            throw Fault(.badConversion, text)
        }
        return address
    }

    fileprivate func parsedRange(_ text: Cell) throws(Fault) -> NetworkRange {
        try spend(bytes: text.count)
        guard let range = NetworkRange(text.text[...]) else { throw Fault(.badConversion, text) }
        return range
    }

    fileprivate func make(_ address: NetworkAddress) throws(Fault) -> Cell {
        try make(Library.addressType, address, rest: [])
    }

    fileprivate func make(_ range: NetworkRange) throws(Fault) -> Cell {
        try make(Library.rangeType, range.address, rest: [Cell(Int64(range.length))])
    }

    private func make(
        _ type: ValueType, _ address: NetworkAddress, rest: [Cell]
    ) throws(Fault) -> Cell {
        let parts =
            [
                try make(.type, type.runtimeName.utf8),
                Cell(UInt64(truncatingIfNeeded: address.bits >> 64)),
                Cell(UInt64(truncatingIfNeeded: address.bits)), Cell(Int64(address.width)),
            ] + rest
        var cell = try make(list: parts)
        cell.tag = UInt32(Kind.opaque.rawValue)
        return cell
    }
}
