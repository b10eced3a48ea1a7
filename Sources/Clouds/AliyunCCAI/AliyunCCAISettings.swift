package import Pipeline

extension AliyunCCAI {
    /// What the settings say of a source of type `aliyun-ccai`, checked.
    package struct Settings: Sendable {
        package let endpoint: CloudEndpoint
        package let roles: SpeakerRoles

        /// The one region where the service is.
        package static let defaultEndpoint = "https://contactcenterai.cn-shanghai.aliyuncs.com"

        /// Checks the value of `endpoint` (`https://host[:port]`).
        package init(
            endpoint: String = Self.defaultEndpoint, roles: SpeakerRoles = .none
        ) throws(SettingsError) {
            self.endpoint = try CloudEndpoint(endpoint)
            self.roles = roles
        }
    }
}
