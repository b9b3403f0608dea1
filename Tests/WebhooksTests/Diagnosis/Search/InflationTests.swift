import Testing

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

  @Test("what comes out is bounded")
  func bounded() throws {
    let example = try #require(DiagnosisCase.causes.first { $0.name == "gzip of a long body" })
    #expect(Inflation.gunzipped(example.subject.request.body, limit: 1000) == nil)
  }
}
