import JSON
import TestSupport
import Testing

@testable import Webhooks

@Suite struct SessionFieldsTests {
  @Test("fields in any order are read the same", arguments: 0..<20)
  func otherOrder(round: Int) throws {
    var random = SeededRandom(seed: UInt64(round))
    for line in [SessionSamples.example, SessionSamples.incident] {
      let shuffled = try #require(Self.shuffled(line, &random))
      switch try SessionRecord(line: Array(shuffled.utf8)) {
      case .delivery(let delivery): #expect(SessionSamples.line(delivery) == line)
      case .incident(let incident): #expect(SessionSamples.line(incident) == line)
      case .exchange: Issue.record("\(shuffled)")
      }
    }
  }

  /// The same object with its fields, and those of the objects in it, in another order.
  private static func shuffled(_ object: String, _ random: inout SeededRandom) -> String? {
    var lexer = JSONLexer()
    let bytes = Array(object.utf8)
    var (fields, start): ([String], Int?) = ([], nil)
    while let token = try? lexer.next(in: bytes.span) {
      if token.kind == .key, lexer.depth == 1 { start = token.start }
      let isEnd = token.kind == .comma && lexer.depth == 1 || token.kind == .endObject && lexer.depth == 0
      if let first = start, isEnd {
        fields.append(String(decoding: bytes[first..<token.start], as: UTF8.self))
        start = nil
      }
    }
    let inner = fields.map { field in
      guard let brace = field.firstRange(of: ":{") else { return field }
      let value = shuffled(String(field[brace.lowerBound...].dropFirst()), &random) ?? ""
      return "\(field[..<brace.lowerBound]):\(value)"
    }
    return "{\(inner.shuffled(using: &random).joined(separator: ","))}"
  }

  @Test("headers are kept in just as much memory as they need, and escapes in them are resolved")
  func headers() throws {
    let list = (1...40).map { #"["X-\#($0)","\#(String(repeating: "v", count: $0))"]"# }.joined(
      separator: ",")
    let old = #"["Host","127.0.0.1:4747"]"#
    let line = SessionSamples.example.replacing(old, with: #"\#(list),["\u0041","\"\u00e9\\"]"#)
    let headers = try #require(try SessionSamples.delivery(line)).request.headers
    #expect(headers.count == 41 && headers[39] == .init("X-40", String(repeating: "v", count: 40)))
    #expect(headers[40] == .init("A", "\"é\\"))
    #expect(headers.lines.capacity < headers.lines.count + 40)
  }

  @Test(
    "of several things that are wrong, the one that is read first is told",
    arguments: [
      (["provider", "event", "livemode"], .unexpected(.provider)),
      (["livemode", "method", "target"], .unexpected(.livemode)),
      (["body_size", "target", "method", "version", "sequence"], .unexpected(.bodySize)),
      (["target", "method", "version", "received_at"], .unexpected(.target)),
      (["method", "version"], .unexpected(.method)), (["peer", "sequence"], .unexpected(.requestPeer)),
      (["sequence", "received_at", "age_seconds"], .unexpected(.sequence)),
      (["received_at", "age_seconds", "duplicate"], .unexpected(.receivedAt)),
      (["age_seconds", "secret", "duplicate"], .unexpected(.age)),
      (["secret", "attempt"], .unexpected(.secret)),
      (["duplicate", "attempt"], .unexpected(.duplicate)),
      (["attempt", "milliseconds"], .unexpected(.attempt)),
    ] as [([String], SessionError)])
  func several(fields: [String], error: SessionError) {
    let line = fields.reduce(SessionSamples.example) { line, field in
      line.replacing("\"\(field)\":", with: "\"\(field)\":[],\"was_\(field)\":")
    }
    #expect(throws: error) { try SessionRecord(line: Array(line.utf8)) }
  }
}
