import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite struct InflationTests {
  @Test("no cut and no flipped byte of a compressed body crashes")
  func damaged() throws {
    let example = try #require(DiagnosisCase.causes.first { $0.name == "gzip" })
    let body = example.subject.request.body
    #expect(Inflation.gunzipped(body, limit: 1 << 20) == example.originalBytes)
    for count in 0..<body.count { _ = Inflation.gunzipped(Array(body.prefix(count)), limit: 1 << 20) }
    for index in body.indices {
      var flipped = body
      flipped[index] ^= 0xFF
      _ = Inflation.gunzipped(flipped, limit: 1 << 20)
      _ = Inflation.zlibInflated([0x78, 0x9C] + flipped.dropFirst(10), limit: 1 << 20)
    }
  }

  @Test("all members of a gzip file are read, what follows them is not, and all of them count for the bound")
  func members() throws {
    let example = try #require(DiagnosisCase.causes.first { $0.name == "gzip" })
    let member = example.subject.request.body
    let original = try #require(example.originalBytes)
    let whole = original + original + original
    #expect(Inflation.gunzipped(member + member + member, limit: 1 << 20) == whole)
    #expect(Inflation.gunzipped(member + member + member + [0, 0, 0], limit: 1 << 20) == whole)
    #expect(Inflation.gunzipped(member + member + member, limit: whole.count) == whole)
    #expect(Inflation.gunzipped(member + member + member, limit: whole.count - 1) == nil)
    #expect(Inflation.gunzipped(member + member.prefix(30), limit: 1 << 20) == nil)
  }

  @Test("what comes out is bounded")
  func bounded() throws {
    let example = try #require(DiagnosisCase.causes.first { $0.name == "gzip of a long body" })
    #expect(Inflation.gunzipped(example.subject.request.body, limit: 1000) == nil)
  }
}
