/// Numbers used once: the one piece of chance in the program, so it comes in by a port.
package enum Nonce {
    /// Where nonces come from; each call gives a new one.
    package typealias Source = @Sendable () -> String

    /// 32 hexadecimal digits from the system's generator.
    package static let system: Source = {
        var generator = SystemRandomNumberGenerator()
        return hexadecimal((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
