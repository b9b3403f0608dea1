// swift-tools-version: 6.2
import PackageDescription

/// As in the project's own manifest.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let deques = Target.Dependency.product(name: "DequeModule", package: "swift-collections")

/// A package of its own, over links to the sources that are measured: hooktop then needs no library products,
/// and the benchmarks none of its network packages.
let package = Package(
  name: "benchmarks",
  dependencies: [.package(url: "https://github.com/apple/swift-collections", from: "1.6.0")],
  targets: [
    .systemLibrary(name: "COpenSSL"),
    .systemLibrary(name: "CNcurses"),
    .systemLibrary(name: "CSignals"),
    .target(name: "JSON", swiftSettings: settings),
    .target(name: "Webhooks", dependencies: ["COpenSSL", "JSON", deques], swiftSettings: settings),
    .target(name: "Diagnosis", dependencies: ["JSON", "Webhooks"], swiftSettings: settings),
    .target(name: "Screen", dependencies: ["JSON"], swiftSettings: settings),
    .target(
      name: "Monitor", dependencies: ["Diagnosis", "JSON", "Webhooks", "Screen", deques],
      swiftSettings: settings),
    .target(name: "OperatingSystem", dependencies: ["CSignals"], swiftSettings: settings),
    .target(
      name: "Curses", dependencies: ["Screen", "OperatingSystem", "CNcurses"], swiftSettings: settings),
    .executableTarget(
      name: "microbench",
      dependencies: ["COpenSSL", "Curses", "Diagnosis", "JSON", "Monitor", "Screen", "Webhooks"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
