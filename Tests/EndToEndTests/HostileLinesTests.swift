import Foundation
import Testing

/// No line that is printed without a screen holds a control character, or one that hides, that was received.
@Suite struct HostileLinesTests {
  @Test("tail prints what was received as lines that are safe on any terminal: a kernel of the worst")
  func kernel() async throws {
    try await printed(HostileText.kernel, verifiedIn: Hooktop.environmentWithSecrets)
  }

  @Test(
    "tail prints the corpora as lines that are safe on any terminal",
    .enabled(if: Corpus.isComplete, "\(Corpus.absence)"))
  func corpora() async throws {
    // Without a secret nothing is searched for, which for thousands of failures would take minutes.
    try await printed(Corpus.all, verifiedIn: Hooktop.environment)
  }

  private func printed(_ texts: [HostileText], verifiedIn environment: [String: String]) async throws {
    let (tail, json) = (try await Tail(), try await Tail(["--json"]))
    let barrages = [try Barrage(tail.url), try Barrage(json.url)]
    var kept = 0
    for place in HostileDelivery.Place.allCases {
      for text in texts {
        let statuses = try barrages.map { try HostileDelivery(text: text, place: place).send(over: $0) }
        #expect(statuses[0] == statuses[1], "\(text) in \(place)")
        if statuses[1] == 401 { kept += 1 }
      }
    }
    #expect(try await tail.lines(kept).count == kept)
    expectPlain(Array(tail.process.output.utf8))
    expectPlain(Array(tail.process.errors.utf8))
    #expect(tail.process.errors.contains("incident: "))

    let session = try await json.session(kept)
    try expectNoControls(session)
    #expect(try bodies(of: session).count >= kept)
    expectPlain(Array(json.process.errors.utf8))
    let verified = try await Hooktop.run(["verify", "-"], environment: environment, input: session)
    #expect(verified.end != .exit(0) && verified.output.split(separator: "\n").count >= kept)
    expectPlain(Array(verified.output.utf8))
    expectPlain(Array(verified.errors.utf8))
    let verifiedJSON = try await Hooktop.run(
      ["verify", "-", "--json"], environment: environment, input: session)
    try expectNoControls(Data(verifiedJSON.output.utf8))
  }

  /// NDJSON may hold what only hides, but nothing that a terminal acts upon or that ends a line for some reader.
  private func expectNoControls(_ lines: Data) throws {
    let text = try #require(String(data: lines, encoding: .utf8))
    let strangers = Set(text.unicodeScalars.map(\.value).filter(isControl))
    #expect(strangers.isEmpty, "\(strangers.sorted())")
  }

  private func isControl(_ scalar: UInt32) -> Bool {
    scalar != 0x0A && (scalar < 0x20 || 0x7F...0x9F ~= scalar || 0x2028...0x2029 ~= scalar)
  }

  private func bodies(of session: Data) throws -> [Data] {
    try String(decoding: session, as: UTF8.self).split(separator: "\n").compactMap {
      try Record(String($0)).body
    }
  }

  @Test("tail --json and verify give back a hostile body byte by byte")
  func bodies() async throws {
    let tail = try await Tail(["--json"])
    let barrage = try Barrage(tail.url)
    for text in HostileText.kernel {
      #expect(try HostileDelivery(text: text, place: .body).send(over: barrage) == 401, "\(text)")
    }
    let session = try await tail.session(HostileText.kernel.count)
    #expect(try bodies(of: session) == HostileText.kernel.map { Data($0.bytes) })
  }

  @Test("verify says of a hostile body and header what is wrong in lines that are safe on any terminal")
  func verify() async throws {
    let folder = try TemporaryFolder()
    for text in HostileText.kernel {
      let body = try folder.write(text.bytes, to: "body")
      let argument = String(decoding: text.bytes.filter { $0 != 0 }, as: UTF8.self)
      for header in ["X-Parlay-Signature: t=1,v1=\(argument)", "\(argument): \(argument)"] {
        let outcome = try await Hooktop.run(["verify", body, "--header", header])
        #expect(outcome.end != .exit(0), "\(text)")
        expectPlain(Array((outcome.output + outcome.errors).utf8))
      }
    }
  }

  @Test("a session whose lines are hostile is reported in lines that are safe on any terminal")
  func session() async throws {
    let lines = HostileText.kernel.flatMap { text -> [[UInt8]] in
      let string = Array(text.jsonString)
      return [
        text.bytes.filter { $0 != 0x0A }, Array(#"{"kind":"#.utf8) + string + [0x7D],
        Array(#"{"kind":"delivery","sequence":"#.utf8) + string + [0x7D],
        Array(#"{"kind":"delivery","sequence":1,"received_at":"#.utf8) + string + [0x7D],
      ]
    }
    let session = Data(Array(#"{"kind":"delivery"}"#.utf8) + [0x0A] + lines.joined(separator: [0x0A]))
    for options in [[], ["--json"]] {
      let outcome = try await Hooktop.run(["verify", "-"] + options, input: session)
      #expect(outcome.end == .exit(1), "\(outcome.errors)")
      #expect(outcome.errorLines.count > lines.count / 2)
      expectPlain(Array((outcome.output + outcome.errors).utf8))
    }
  }
}
