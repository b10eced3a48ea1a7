import CEL
import Clouds
import Foundation
import Pipeline
import Synchronization
import Testing

@Suite struct CredentialsTests {
    private static let config = """
        {"current":"default","profiles":[
        {"name":"default","mode":"AK","access_key_id":"cliAK","access_key_secret":"cliSK"},
        {"name":"sts","mode":"StsToken","access_key_id":"cliStsAK","access_key_secret":"cliStsSK",
        "sts_token":"cliTok"},
        {"name":"arn","mode":"RamRoleArn","access_key_id":"a","access_key_secret":"b"},
        {"name":"bad","mode":"Nope"}]}
        """
    private static let ini = """
        [default]
        type = access_key        # a comment
        access_key_id = iniAK
        access_key_secret = iniSK
        ; another
        [client1]
        type = access_key
        access_key_id = ini1AK
        access_key_secret = ini1SK
        [sts1]
        type = sts
        access_key_id = a
        access_key_secret = b
        """

    private static func host(
        _ variables: [String: String], config: String? = config, ini: String? = ini
    ) -> CredentialsHost {
        let files = [
            "/home/x/.aliyun/config.json": config, "/home/x/.alibabacloud/credentials.ini": ini,
            "/else/where.ini": ini,
        ]
        return CredentialsHost(
            environment: { variables[$0] },
            readFile: { path throws(CredentialsFileError) in
                guard let file = files[path], let text = file else { throw .missing }
                return Array(text.utf8)
            }, home: "/home/x")
    }

    private static let key = [
        "ALIBABA_CLOUD_ACCESS_KEY_ID": "envAK", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "envSK",
    ]

    @Test func theEnvironmentComesFirst() throws {
        let host = Self.host(Self.key.merging(["ALIBABA_CLOUD_SECURITY_TOKEN": "envTok"]) { $1 })
        let credentials = try CredentialsChain.resolve(host).credentials
        #expect(credentials.accessKeyID == "envAK" && credentials.securityToken == "envTok")
    }

    @Test(
        arguments: [
            ([:], "cliAK"), (["ALIBABA_CLOUD_PROFILE": "sts"], "cliStsAK"),
            (["ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"], "iniAK"),
            (["ALIBABA_CLOUD_PROFILE": "client1"], "ini1AK"),
            (["ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "x"], "cliAK"),
            (
                [
                    "ALIBABA_CLOUD_CREDENTIALS_FILE": "/else/where.ini",
                    "ALIBABA_CLOUD_PROFILE": "client1",
                ],
                "ini1AK"
            ),
        ] as [([String: String], String)])
    func theProvidersAreAskedInTheirOrder(variables: [String: String], id: String) throws {
        #expect(try CredentialsChain.resolve(Self.host(variables)).credentials.accessKeyID == id)
    }

    @Test func whatIsNotInThisReleaseIsPassedOverByName() throws {
        let variables = [
            "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "f", "ALIBABA_CLOUD_ROLE_ARN": "r",
            "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p", "ALIBABA_CLOUD_PROFILE": "arn",
            "ALIBABA_CLOUD_CREDENTIALS_URI": "http://127.0.0.1/",
        ]
        let error = #expect(throws: CredentialsError.self) {
            try CredentialsChain.resolve(Self.host(variables))
        }
        let attempts = try #require(error).attempts
        #expect(
            attempts.map(\.provider) == [
                "environment", "OIDC role", "CLI profile", "credentials file", "ECS role",
                "credentials URI",
            ])
        #expect(attempts[1].reason == "not in this release")
        #expect(attempts[2].reason == "profile “arn”: mode RamRoleArn is not in this release")
    }

    @Test(arguments: ["bad", "sts1"])
    func aProfileThatCannotBeUsedSaysWhy(profile: String) {
        let error = #expect(throws: CredentialsError.self) {
            try CredentialsChain.resolve(Self.host(["ALIBABA_CLOUD_PROFILE": profile]))
        }
        #expect(error?.description.contains(profile == "bad" ? "“Nope”" : "“sts”") == true)
    }

    @Test func brokenFilesArePassedOver() throws {
        let host = Self.host([:], config: "{broken", ini: nil)
        let error = #expect(throws: CredentialsError.self) { try CredentialsChain.resolve(host) }
        #expect(error?.description.contains("is not a JSON object") == true)
    }

    @Test func foundCredentialsAreKeptUntilTheyAreToBeRenewed() async throws {
        let reads = Mutex(0)
        let counting = CredentialsHost(
            environment: { name in
                if name.hasSuffix("_ID") { reads.withLock { $0 += 1 } }
                return Self.key[name]
            }, readFile: { _ throws(CredentialsFileError) in throw .missing }, home: nil)
        let chain = CredentialsChain(counting)
        _ = try await chain.credentials(renewed: false)
        _ = try await chain.credentials(renewed: false)
        #expect(reads.withLock { $0 } == 1)
        _ = try await chain.credentials(renewed: true)
        #expect(reads.withLock { $0 } == 2)
    }

    @Test func theFilesOfThisProcessAreReadUpToALimit() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("tocsin-\(Nonce.system())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("credentials.ini")
        try Data("[default]".utf8).write(to: file)
        let host = CredentialsHost.process
        #expect(try host.readFile(file.path) == Array("[default]".utf8))
        try Data(count: CredentialsHost.fileLimit + 1).write(to: file)
        #expect(throws: CredentialsFileError.tooLarge) { try host.readFile(file.path) }
        #expect(throws: CredentialsFileError.missing) { try host.readFile(file.path + ".other") }
        #expect(throws: CredentialsFileError.unreadable) { try host.readFile(folder.path) }
    }

    @Test func credentialsNeverShow() throws {
        let credentials = try CredentialsChain.resolve(Self.host(Self.key)).credentials
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] {
            #expect(!text.contains("envSK") && !text.contains("envAK"))
        }
    }

    @Test func keysOfTheSettingsAreCheckedByName() {
        let missing = #expect(throws: SettingsError.self) {
            try FixedCredentials(accessKeyID: "", accessKeySecret: "x")
        }
        #expect(missing?.key == "credentials.access-key-id")
        let broken = #expect(throws: SettingsError.self) {
            try FixedCredentials(accessKeyID: "a", accessKeySecret: "line\nend")
        }
        #expect(broken?.key == "credentials.access-key-secret")
        #expect(broken?.description.contains("line") == false)
    }

    @Test(.enabled(if: Golden.isThere("credential_chain"), "the golden data is not there"))
    func theCasesOfTheOfficialChainThatConcernTheseProvidersAgree() throws {
        var count = 0
        let cases = try Golden.read("credential_chain")["rows"]?.elements.map { $0 } ?? []
        for row in cases {
            let expected = row["result"]
            let provider = expected?["provider"]?.string ?? ""
            let isOurs =
                provider == "default/env" || provider.hasSuffix("cli_profile/static_ak")
                || provider.hasSuffix("cli_profile/static_sts")
                || provider.hasSuffix("profile/static_ak") || expected?["raised"] != nil
            guard isOurs else { continue }
            count += 1
            var variables: [String: String] = [:]
            for (name, value) in row["env"]?.members.map({ ($0.name, $0.value) }) ?? [] {
                variables[name] = value.string?.replacing("$HOME", with: "/home/x")
            }
            let host = Self.host(
                variables, config: row["cli_config"]?.bool == true ? Self.config : nil,
                ini: row["ini"]?.bool == true ? Self.ini : nil)
            let found = try? CredentialsChain.resolve(host).credentials
            let name = row["case"]?.string ?? ""
            #expect(found?.accessKeyID == expected?["ak"]?.string, "\(name)")
            #expect(found?.accessKeySecret == expected?["sk"]?.string, "\(name)")
            #expect(found?.securityToken == expected?["token"]?.string, "\(name)")
        }
        #expect(count >= 14)
    }
}
