import Pipeline

/// The colour of a severity, where a service takes any.
enum SeverityColor {
    /// `#rrggbb`.
    static func hex(_ severity: Severity) -> String {
        switch severity {
        case .info: "#8c8c8c"
        case .low: "#1677ff"
        case .medium: "#d4a106"
        case .high: "#fa541c"
        case .critical: "#cf1322"
        }
    }
}
