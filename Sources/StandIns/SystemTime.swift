import Foundation
package import Pipeline

extension Timestamp {
    /// The machine's clock: the default of the stand-ins, whose clients are signed by the same one.
    package static var current: Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }
}
