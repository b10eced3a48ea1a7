import CEL
import JSON

/// `~/.aliyun/config.json`, the file of Alibaba Cloud's command line.
enum CLIProfile {
    static func credentials(_ host: CredentialsHost) -> CredentialsChain.Finding {
        guard !host.isSet("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") else { return .notAsked }
        guard let home = host.home, !home.isEmpty else { return .passed("HOME is not set") }
        let bytes: [UInt8]
        do throws(CredentialsFileError) {
            bytes = try host.readFile("\(home)/.aliyun/config.json")
        } catch {
            return .passed("~/.aliyun/config.json \(error.words)")
        }
        guard let tape = try? JSON.parse(bytes), tape.root.kind == .object else {
            return .passed("~/.aliyun/config.json is not a JSON object")
        }
        let name = host.variable("ALIBABA_CLOUD_PROFILE") ?? tape.root["current"]?.string ?? ""
        let profiles = tape.root["profiles"].map { Array($0.elements) } ?? []
        guard let profile = profiles.first(where: { $0["name"]?.string == name }) else {
            return .passed("~/.aliyun/config.json has no profile “\(name)”")
        }
        return credentials(of: profile, named: name)
    }

    private static func credentials(
        of profile: Tape.Node, named name: String
    ) -> CredentialsChain.Finding {
        let mode = profile["mode"]?.string ?? ""
        switch mode {
        case "AK", "StsToken": break
        case "RamRoleArn", "EcsRamRole", "OIDC", "ChainableRamRoleArn", "External", "CloudSSO",
            "OAuth":
            return .passed("profile “\(name)”: mode \(mode) is not in this release")
        default: return .passed("profile “\(name)”: mode “\(mode)” is not known")
        }
        guard let id = profile["access_key_id"]?.string, !id.isEmpty,
            let secret = profile["access_key_secret"]?.string, !secret.isEmpty
        else { return .passed("profile “\(name)” lacks the access key's id or secret") }
        let token = profile["sts_token"]?.string ?? ""
        guard mode == "AK" || !token.isEmpty else {
            return .passed("profile “\(name)” lacks sts_token")
        }
        return .found(
            Credentials(
                accessKeyID: id, accessKeySecret: secret,
                securityToken: mode == "AK" ? nil : token, origin: "CLI profile “\(name)”"))
    }
}
