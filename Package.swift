// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "tocsin",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "tocsin", targets: ["tocsin"]),
        .library(name: "CEL", targets: ["CEL"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The rule language and what it stands on.
        .target(name: "CEL"),
        .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
        .target(name: "Text", dependencies: ["CEL", "CRE2"]),
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "JSON", dependencies: ["CEL", "CSimdJSON"]),
        // The domain.
        .target(
            name: "Pipeline",
            dependencies: [
                "CEL", "Text", "JSON", .product(name: "Yams", package: "Yams"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        // The edges.
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "Networking", dependencies: ["CCurl"], swiftSettings: [.strictMemorySafety()]),
        .target(
            name: "Storage",
            dependencies: [
                "Pipeline", "CEL", "JSON", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .target(
            name: "Clouds",
            dependencies: [
                "Pipeline", "CEL", "JSON", "Networking",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "Channels",
            dependencies: [
                "Pipeline", "CEL", "JSON", "Networking",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        .target(
            name: "StandIns",
            dependencies: [
                "Pipeline", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(
            name: "tocsin",
            dependencies: [
                "CEL", "Text", "JSON", "Pipeline", "Networking", "Storage", "Clouds", "Channels",
                "StandIns",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            // A link to the top-level folder: `init` and `demo` carry the shipped rules along.
            resources: [.embedInCode("rules")]),
        // Times what the product promises to be fast at; see Benchmarks/README.md.
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "CEL", "Text", "JSON", "CCurl", "Pipeline", "Networking", "Storage", "Clouds",
                "Channels", "StandIns",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks",
            exclude: ["README.md", "compare.py", "instructions.py", "peer.py"]),
        // Tests mirror the sources.
        .target(name: "TestSupport", dependencies: ["Pipeline", "CEL"], path: "Tests/TestSupport"),
        .testTarget(name: "CELTests", dependencies: ["CEL"]),
        // Its folder `Shared` is a link to that of the language's tests, run here with engines.
        .testTarget(name: "TextTests", dependencies: ["CEL", "Text"]),
        .testTarget(name: "JSONTests", dependencies: ["CEL", "JSON"]),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Pipeline", "CEL", "TestSupport", .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "NetworkingTests", dependencies: ["Networking"], exclude: ["Servers"]),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Storage", "Pipeline", "CEL", "JSON", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "CloudsTests", dependencies: ["Clouds", "Pipeline", "CEL", "JSON", "Networking"]),
        .testTarget(
            name: "ChannelsTests",
            dependencies: [
                "Channels", "Pipeline", "Networking",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["Servers"]),
        .testTarget(
            name: "StandInsTests",
            dependencies: [
                "StandIns", "Pipeline", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "tocsin", "Pipeline", "Networking", "Clouds", "Channels", "Storage", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "TocsinTests",
            dependencies: [
                "tocsin", "CEL", "Channels", "Networking", "Pipeline", "StandIns", "Storage",
                "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(name: "TidyTests"),
    ],
    cxxLanguageStandard: .cxx17
)

/// Swift 6 of today, on every target: each feature by its proposal.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
    .treatAllWarnings(as: .error),
]
for target in package.targets
where target.type != .system && !["CRE2", "CSimdJSON"].contains(target.name) {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}
