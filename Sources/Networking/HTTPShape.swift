/// What the options of a handle for HTTP follow from, but for those that each request sets itself:
/// its address, its headers and its body.
struct HTTPShape: Equatable {
    let method: HTTPRequest.Method
    let isEncrypted: Bool
    let connection: ConnectionSettings
    let proxy: Proxy?
    let connectTimeout: Duration
    let responseLimit: Int
    let lookups: [String]
}
