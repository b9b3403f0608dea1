import Testing

@testable import JSON
@testable import Diagnosis
@testable import Webhooks

@Suite struct JSONKeyPlanTests {
  @Test("a template restores the order, unknown keys last")
  func template() throws {
    let template = try #require(JSONKeyTemplate(Array(#"{"b":{"y":1,"x":2},"a":[{"k":1,"j":1}]}"#.utf8)))
    let outline = try #require(
      JSONOutline(Array(#"{"a":[{"j":1,"k":2,"q":3}],"b":{"x":1,"y":2},"n":0}"#.utf8)))
    let plan = JSONKeyPlan.like(template, outline)
    let bytes = JSONRendering.bytes(
      of: outline, style: JSONStyle(spacing: .compact, order: .documented), plan: plan, limit: 1000)
    #expect(
      bytes.map { String(decoding: $0, as: UTF8.self) }
        == #"{"b":{"y":2,"x":1},"a":[{"k":2,"j":1,"q":3}],"n":0}"#)
  }

  @Test("a plan that changes nothing is the one as sent")
  func same() throws {
    let outline = try #require(JSONOutline(Array(#"{"a":1,"b":{"c":2}}"#.utf8)))
    #expect(JSONKeyPlan.sorted(outline) == .asSent)
    #expect(JSONKeyPlan.integersFirst(outline).isAsSent)
  }

  @Test(
    "keys by their length alone keep their order beside equals, and a rule may spare the outermost object")
  func lengths() throws {
    let outline = try #require(JSONOutline(Array(#"{"z":{"bb":1,"a":2,"cc":3},"aa":0}"#.utf8)))
    func written(_ plan: JSONKeyPlan) -> String? {
      JSONRendering.bytes(
        of: outline, style: JSONStyle(spacing: .compact, order: .found), plan: plan, limit: 1000
      ).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(
      written(.byLengthOnly(outline, longestFirst: false)) == #"{"z":{"a":2,"bb":1,"cc":3},"aa":0}"#)
    #expect(
      written(.byLengthOnly(outline, longestFirst: true)) == #"{"aa":0,"z":{"bb":1,"cc":3,"a":2}}"#)
    #expect(written(JSONKeyPlan.sorted(outline).inside) == #"{"z":{"a":2,"bb":1,"cc":3},"aa":0}"#)
    #expect(written(JSONKeyPlan.descending(outline).inside) == #"{"z":{"cc":3,"bb":1,"a":2},"aa":0}"#)
  }

  @Test("every documented order can be read", arguments: Provider.parlay.events + ["unheard.of"])
  func documented(event: String) {
    #expect(!DocumentedOrder.templates(provider: .parlay, event: ByteString(event)).isEmpty)
    #expect(DocumentedOrder.templates(provider: .parable, event: ByteString(event)).count == 1)
  }
}
