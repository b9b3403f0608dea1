import Foundation
import TestSupport
import Testing

@testable import Webhooks

/// A line's texts come from whoever wrote the file: none costs more to read than a plain one of its length.
@Suite("Hostile sessions", .serialized)
struct HostileSessionTests {
  private static let marks = String(repeating: "\u{301}\u{316}", count: 15 << 10)
  private static let letters = String(repeating: "a", count: 60 << 10)

  @Test(
    "a field of combining marks costs no more than one of letters",
    arguments: SessionField.allCases.filter {
      ![.verdict, .request, .answer, .headers, .response, .responseHeaders, .times]
        .contains($0)
    })
  func cost(field: SessionField) throws {
    let example =
      (SessionField.incidentReason.rawValue...SessionField.bytesReceived.rawValue).contains(field.rawValue)
      ? SessionSamples.incident
      : field.rawValue >= SessionField.at.rawValue ? SessionSamples.exchange : SessionSamples.example
    let clock = ContinuousClock()
    func time(_ text: String) throws -> Duration {
      let line = try Array(#require(Self.line(example, field, text)).utf8)
      return (0..<3).map { _ in clock.measure { _ = try? SessionRecord(line: line, providers: .documented) } }
        .min()!
    }
    let (plain, hostile) = (try time(Self.letters), try time(Self.marks))
    #expect(hostile < plain * 12 + .milliseconds(20), "\(field.path): \(hostile) for \(plain)")
  }

  /// The line with `text` in place of a field's value, or with such a field where the example has none.
  private static func line(_ example: String, _ field: SessionField, _ text: String) -> String? {
    let start = field.parent.map { "\"\($0.key)\":{" } ?? "{"
    guard let from = example.range(of: start)?.upperBound else { return nil }
    guard let key = example.range(of: "\"\(field.key)\":", range: from..<example.endIndex) else {
      return example[..<from] + "\"\(field.key)\":\"\(text)\"," + example[from...]
    }
    let rest = example[key.upperBound...]
    let end =
      rest.first == "\""
      ? rest.dropFirst().firstIndex(of: "\"").map(rest.index(after:)) : rest.firstIndex { ",}".contains($0) }
    return end.map { example[..<key.upperBound] + "\"\(text)\"" + example[$0...] }
  }
}
