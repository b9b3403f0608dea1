// swift-tools-version: 6.2
import PackageDescription

/// As in the project's own manifest.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A package of its own, over links to the reader of requests and to the test that compares it with NIO's: that is run
/// with so many inputs only where the compiler optimises.
let package = Package(
  name: "difference",
  dependencies: [
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL"),
    .target(name: "JSON", swiftSettings: settings),
    .target(
      name: "Webhooks",
      dependencies: ["COpenSSL", "JSON", .product(name: "DequeModule", package: "swift-collections")],
      swiftSettings: settings),
    .target(name: "Receiver", dependencies: ["JSON", "Webhooks"], swiftSettings: settings),
    .target(name: "TestSupport", swiftSettings: settings),
    .executableTarget(
      name: "difference",
      dependencies: [
        "JSON", "Receiver", "TestSupport", "Webhooks",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
