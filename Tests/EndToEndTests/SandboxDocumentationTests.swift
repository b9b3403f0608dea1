import Foundation
import Testing

/// `hooktop sandbox` and every sentence of the providers' documentation that a sender can be held to.
///
/// The client is a Python program that was written from the documentation alone: `Sandbox/documented.py`.
@Suite(.enabled(if: Tool.python3.isInstalled), .timeLimit(.minutes(3)))
struct SandboxDocumentationTests {
  /// What came of the checks, by their sentences; made once.
  private static let faults = Task {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Sandbox")
    try Hooktop.requireBuilt()
    var environment = Hooktop.environment
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    let outcome = try await Subprocess(
      ["python3", folder.appending(path: "documented.py").path, Hooktop.path], environment: environment
    ).outcome()
    #expect(outcome.end == .exit(0), "\(outcome.errors)")
    return try outcome.output.split(separator: "\n").reduce(into: [String: String]()) { faults, line in
      let record = try Record(String(line))
      faults[record.text("sentence") ?? ""] = record.text("fault") ?? ""
    }
  }

  /// The sentences as the program has them.
  private static let sentences: [String] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Sandbox")
    return ["parlay.py", "parable.py"].flatMap { name in
      let text = (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
      return text.matches(of: #/(?m)^@sentence\((["'])(.*)\1\)$/#).map { String($0.2) }
    }
  }()

  @Test("the sandbox keeps to the sentence", arguments: sentences)
  func sentence(_ words: String) async throws {
    let fault = try #require(try await Self.faults.value[words], "it was not checked")
    #expect(fault.isEmpty)
  }

  @Test("none is left out")
  func count() async throws {
    #expect(Self.sentences.count >= 27)
    #expect(try await Self.faults.value.count == Self.sentences.count)
  }
}
