// swift-tools-version: 6.2
import PackageDescription

/// What every target of the project is compiled with: warnings are errors, and imports say what they expose.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A program is an eighth smaller with its relocations packed, and its names for itself alone.
let smaller: [LinkerSetting] = [
  .unsafeFlags(
    ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic"],
    .when(platforms: [.linux], configuration: .release))
]

/// The commit that is built, for --version: what HOOKTOP_COMMIT says, or in an archive of the tree what git has written
/// here. Asked by SwiftPM, git would be right once: a manifest is read anew where it or the environment has changed.
let archived = "$Format:%h$"
let commit = (Context.environment["HOOKTOP_COMMIT"] ?? (archived.hasPrefix("$") ? "" : archived))
  .filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }

let package = Package(
  name: "hooktop",
  products: [.executable(name: "hooktop", targets: ["hooktop"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"])]),
    .systemLibrary(name: "CSignals"),
    .target(name: "CUnicodeData"),
    .target(name: "CBuild", cSettings: [.define("HOOKTOP_COMMIT", to: "\"\(commit)\"")]),

    .target(name: "JSON", swiftSettings: settings),
    .target(
      name: "Webhooks",
      dependencies: ["COpenSSL", "JSON", .product(name: "DequeModule", package: "swift-collections")],
      swiftSettings: settings),
    .target(name: "Diagnosis", dependencies: ["JSON", "Webhooks"], swiftSettings: settings),
    .target(
      name: "Config", dependencies: ["JSON", "Webhooks", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .target(
      name: "Receiver",
      dependencies: [
        "COpenSSL", "JSON", "Webhooks",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(
      name: "Sender",
      dependencies: [
        "Diagnosis", "JSON", "Webhooks",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(
      name: "Sandbox",
      dependencies: [
        "JSON", "Receiver", "Sender", "Webhooks",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(name: "Screen", dependencies: ["JSON"], swiftSettings: settings),
    .target(
      name: "Monitor",
      dependencies: [
        "Diagnosis", "JSON", "Webhooks", "Screen",
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: settings),
    .target(name: "OperatingSystem", dependencies: ["CSignals"], swiftSettings: settings),
    .target(
      name: "Curses", dependencies: ["Screen", "OperatingSystem", "CNcurses"], swiftSettings: settings),
    .executableTarget(
      name: "hooktop",
      dependencies: [
        "CBuild", "CUnicodeData", "Config", "Curses", "Diagnosis", "JSON", "Monitor", "Receiver", "Sandbox",
        "Screen", "Sender", "OperatingSystem", "Webhooks",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "DequeModule", package: "swift-collections"),
      ],
      swiftSettings: settings, linkerSettings: smaller),

    .target(
      name: "TestSupport", dependencies: ["COpenSSL", "Diagnosis", "JSON", "Screen", "Webhooks"],
      path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(name: "JSONTests", dependencies: ["JSON", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "WebhooksTests", dependencies: ["JSON", "TestSupport", "Webhooks"],
      exclude: ["Vectors"],
      swiftSettings: settings),
    .testTarget(
      name: "DiagnosisTests", dependencies: ["Diagnosis", "JSON", "TestSupport", "Webhooks"],
      exclude: ["Fixtures"],
      swiftSettings: settings),
    .testTarget(
      name: "ConfigTests", dependencies: ["Config", "JSON", "TestSupport", "Webhooks"],
      swiftSettings: settings),
    .testTarget(name: "ScreenTests", dependencies: ["Screen", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "MonitorTests",
      dependencies: [
        "Diagnosis", "JSON", "Monitor", "Screen", "TestSupport", "Webhooks",
        .product(name: "DequeModule", package: "swift-collections"),
      ], exclude: ["Frames"],
      swiftSettings: settings),
    .testTarget(
      name: "ReceiverTests",
      dependencies: [
        "JSON", "Receiver", "TestSupport", "Webhooks",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "SenderTests",
      dependencies: [
        "Diagnosis", "JSON", "Sender", "TestSupport", "Webhooks",
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOTLS", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "SandboxTests", dependencies: ["JSON", "Receiver", "Sandbox", "Sender", "Webhooks"],
      swiftSettings: settings),
    .testTarget(name: "OperatingSystemTests", dependencies: ["OperatingSystem"], swiftSettings: settings),
    .testTarget(
      name: "CursesTests", dependencies: ["CNcurses", "Curses", "Screen", "OperatingSystem"],
      swiftSettings: settings),
    .testTarget(
      name: "HooktopTests",
      dependencies: [
        "Config", "Curses", "Diagnosis", "hooktop", "JSON", "Monitor", "Receiver", "Screen", "Sender",
        "OperatingSystem", "TestSupport", "Webhooks",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "EndToEndTests", dependencies: ["hooktop"], exclude: ["Sandbox", "Harness/mcp-client.py"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
