import Testing
import Webhooks

@testable import Config

/// The file that `hooktop config --example` prints.
struct ConfigurationExampleTests {
  /// The example with the lines that begin with # and a key, or go on with it, uncommented.
  private static var full: String {
    Configuration.example.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.wholeMatch(of: #/#([a-z][a-z-]*:.*| {2,}.*)/#).map { String($0.1) } ?? String(line)
    }.joined(separator: "\n")
  }

  private static func read(_ text: String) throws -> Configuration {
    try Configuration(reading: Array(text.utf8), known: .builtIn)
  }

  @Test("it is valid as it is printed, and changes nothing of the defaults that it names")
  func valid() throws {
    let configuration = try Self.read(Configuration.example)
    #expect(configuration.listen?.value == ListenAddress("127.0.0.1:4747"))
    #expect(configuration.endpoints.isEmpty && configuration.forward.isEmpty && configuration.secrets.isEmpty)
    #expect(
      configuration.values.mapValues(\.value) == [
        .answer: "verified", .explain: "false", .tolerance: "300", .keep: "10000", .keepBytes: "256MiB",
        .maxBody: "10MiB", .timeScale: "1", .theme: "auto", .mouse: "false",
      ])
  }

  @Test("it is valid with all that is commented out, and then holds every key that is read")
  func complete() throws {
    let configuration = try Self.read(Self.full)
    #expect(configuration.endpoints.map(\.endpoint.name) == ["staging", "production"])
    #expect(configuration.ownProviders.map(\.value.name) == ["acme"])
    let document = try #require(try YAMLDocument.read(Array(Self.full.utf8)))
    let keys = try document.keyed(by: Configuration.Key.self)
    #expect(Set(keys.keys) == Set(Configuration.Key.allCases))
    let nested =
      Configuration.EndpointKey.allCases.map(\.rawValue) + Configuration.SecretKey.allCases.map(\.rawValue)
    for key in nested + ["cert", "key"] { #expect(Self.full.contains("\(key):"), "\(key)") }
  }
}
