/// `~/.alibabacloud/credentials.ini`, or the file that `ALIBABA_CLOUD_CREDENTIALS_FILE` names.
enum CredentialsFile {
    static func credentials(_ host: CredentialsHost) -> CredentialsChain.Finding {
        let named = host.variable("ALIBABA_CLOUD_CREDENTIALS_FILE")
        guard let path = named ?? host.home.map({ "\($0)/.alibabacloud/credentials.ini" }) else {
            return .passed("HOME is not set")
        }
        let shown = named ?? "~/.alibabacloud/credentials.ini"
        let bytes: [UInt8]
        do throws(CredentialsFileError) {
            bytes = try host.readFile(path)
        } catch {
            return .passed("\(shown) \(error.words)")
        }
        let section = host.variable("ALIBABA_CLOUD_PROFILE") ?? "default"
        guard let values = sections(of: String(decoding: bytes, as: UTF8.self))[section] else {
            return .passed("\(shown) has no section [\(section)]")
        }
        return credentials(of: values, in: section)
    }

    private static func credentials(
        of values: [String: String], in section: String
    ) -> CredentialsChain.Finding {
        let type = values["type"] ?? ""
        switch type {
        case "access_key": break
        case "ram_role_arn", "oidc_role_arn", "ecs_ram_role", "rsa_key_pair":
            return .passed("section [\(section)]: type \(type) is not in this release")
        case "": return .passed("section [\(section)] lacks `type`")
        default: return .passed("section [\(section)]: type “\(type)” is not supported")
        }
        guard let id = values["access_key_id"], !id.isEmpty,
            let secret = values["access_key_secret"], !secret.isEmpty
        else { return .passed("section [\(section)] lacks the access key's id or secret") }
        return .found(
            Credentials(
                accessKeyID: id, accessKeySecret: secret,
                origin: "credentials file [\(section)]"))
    }

    /// The file's values by section; a value ends at `#`, a line that begins with `;` is none.
    static func sections(of text: String) -> [String: [String: String]] {
        var sections: [String: [String: String]] = [:]
        var section = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let line = trimmed(String(line.prefix { $0 != "#" }))
            guard !line.isEmpty, !line.hasPrefix(";") else { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = trimmed(String(line.dropFirst().dropLast()))
                if sections[section] == nil { sections[section] = [:] }
            } else if let sign = line.firstIndex(of: "=") {
                let key = trimmed(String(line[..<sign])).lowercased()
                sections[section, default: [:]][key] = trimmed(
                    String(line[line.index(after: sign)...]))
            }
        }
        return sections
    }
}
