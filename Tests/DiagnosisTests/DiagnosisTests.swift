@testable import JSON
import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite("Diagnosis")
struct DiagnosisTests {
  @Test("each cause of the table is found, as surely as it can be", arguments: DiagnosisCase.causes)
  func cause(example: DiagnosisCase) {
    let diagnosis = example.found
    for (cause, level) in example.causes {
      let found = diagnosis.findings.first { $0.id.rawValue == cause }
      #expect(found?.level.rawValue == level, "\(cause): \(diagnosis.findings)")
    }
    check(diagnosis, example)
  }

  @Test("there is an example for each cause, and for none of them")
  func examples() {
    // The rest are shown by deliveries rebuilt from reports, and what takes a signed URL by those who sign one.
    let found = Set(DiagnosisCase.causes.flatMap(\.causes.keys) + SignedWrongTests.causes + ["other-url"])
    #expect(found == Set(Cause.all.map(\.id).map(\.rawValue)))
  }

  @Test("every style of sender survives every change that can be undone", arguments: DiagnosisCase.styles)
  func style(example: DiagnosisCase) {
    let diagnosis = example.found
    check(diagnosis, example)
    for (cause, level) in example.causes {
      #expect(diagnosis.findings.first.map { [$0.id.rawValue, $0.level.rawValue] } == [cause, level])
    }
  }

  @Test("of the 59 cases that break a signature 47 are proven and 12 are not guessed at")
  func measure() {
    let proofs = DiagnosisCase.styles.map { $0.found.proof != nil }
    #expect(proofs.count == 59)
    #expect(proofs.count(where: \.self) == 47)
  }

  @Test(
    "neither a secret nor a MAC stands in anything that is said",
    arguments: DiagnosisCase.styles + DiagnosisCase.causes)
  func secrecy(example: DiagnosisCase) {
    let diagnosis = example.found
    var json = JSONWriter()
    json.object { $0.write(diagnosis) }
    var told = String(decoding: json.bytes, as: UTF8.self)
    for finding in diagnosis.findings { told += "\(finding)" }
    told +=
      "\(diagnosis.samples) \(diagnosis.facts.clock) \(diagnosis.facts.body) \(diagnosis.proof?.secret ?? "")"
    for secret in example.secrets where secret.count > 8 {
      #expect(!told.contains(secret))
      #expect(!told.contains(secret.dropFirst(6).prefix(12)))
    }
    #expect(!Self.holdsDigest(told))
  }

  /// Whether 20 hexadecimal digits stand side by side, which no text of ours has a use for.
  static func holdsDigest(_ text: String) -> Bool {
    var run = 0
    for byte in text.utf8 {
      run = byte.hexDigit == nil ? 0 : run + 1
      if run == 20 { return true }
    }
    return false
  }

  @Test("a proof keeps the signed text and the first byte that differs")
  func proof() throws {
    let example = try #require(DiagnosisCase.styles.first { $0.name == "node: re-serialised by python" })
    let diagnosis = example.found
    let proof = try #require(diagnosis.proof)
    #expect(proof.secret == "parlay")
    #expect(proof.signedText.before == Array("1745518397.".utf8))
    #expect(proof.signedText.body == example.originalBytes)
    let difference = try #require(
      ByteDifference(received: example.subject.request.body, original: proof.signedText.body))
    #expect(difference.offset == 6)
    #expect(difference.sentence == "First difference at offset 6: signed '\"', received 0x20")
  }

  @Test(
    "what is wrong comes first, before what is only unusual",
    arguments: [
      ("no t, and a v0 beside", "unreadable-timestamp"), ("a date, seconds signed", "unreadable-timestamp"),
      ("the time's name left out", "tolerated-oddity"),
    ])
  func first(name: String, cause: String) throws {
    let example = try #require(DiagnosisCase.causes.first { $0.name == name })
    #expect(example.found.findings.first?.id.rawValue == cause)
  }

  @Test(
    "that seconds were guessed is said where they were", arguments: ["no t, signed long ago", "t is a word"])
  func guesses(name: String) throws {
    let example = try #require(DiagnosisCase.causes.first { $0.name == name })
    let words = try #require(example.found.findings.first { $0.id == "unknown" }).detail
    #expect(words.contains("the seconds within 5 m") == name.hasPrefix("no t"))
  }

  @Test("the same is found each time")
  func determinism() {
    for example in DiagnosisCase.causes.prefix(20) {
      let again = example.diagnosis()
      #expect(again.findings == example.found.findings)
      #expect(again.candidatesTried == example.found.candidatesTried)
    }
  }

  /// What is proven is what was signed, and nothing else is said to be.
  private func check(_ diagnosis: Diagnosis, _ example: DiagnosisCase) {
    if let original = example.originalBytes, !example.open {
      #expect(diagnosis.proof?.signedText.body == original, "\(diagnosis.findings)")
    } else if example.open {
      #expect(diagnosis.proof == nil, "\(diagnosis.findings)")
      #expect(!diagnosis.findings.contains { $0.level == .proven })
      #expect(!diagnosis.findings.isEmpty)
    }
  }
}
