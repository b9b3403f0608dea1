@testable import JSON
import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct DiagnosisJSONTests {
  private func line(_ name: String) throws -> String {
    let example = try #require(DiagnosisCase.causes.first { $0.name == name })
    var json = JSONWriter()
    json.object { $0.write(example.diagnosis()) }
    return String(decoding: json.bytes, as: UTF8.self)
  }

  @Test("the causes, the effort and the samples are written")
  func fields() throws {
    let expected =
      #"{"causes":[{"cause":"retired-secret","level":"proven","detail":"Signed with parlay/old, retired "#
      + #"17:13 UTC","remedy":"Have the sender use the new secret: this one is retired."}],"#
      + #""candidates_tried":3,"milliseconds":0,"#
      + #""sample_verifiers":{"parlay_ts":"reject","parlay_py":"reject","parable_ts":"reject"}}"#
    #expect(try line("the old secret") == expected)
  }

  @Test("without a secret there are no samples, and a valid delivery has no causes")
  func empty() throws {
    #expect(try line("no secret here").hasSuffix(#""sample_verifiers":null}"#))
    #expect(try line("valid").hasPrefix(#"{"causes":[],"candidates_tried":0,"#))
  }
}
