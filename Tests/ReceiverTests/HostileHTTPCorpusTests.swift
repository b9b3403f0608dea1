import Foundation
import Testing
import Webhooks

@testable import Receiver

@Suite(
  "llhttp's requests over a real socket",
  .enabled(if: !LlhttpCorpus.files.isEmpty, "the corpora are not at ../shared/corpora beside the package"))
struct HostileHTTPCorpusTests {
  @Test("leave just the answers and the deliveries that are due", arguments: HostileHTTPCorpus.asTheyAre)
  func asTheyAre(example: HostileHTTPCase) throws {
    try example.check(inPiecesOf: example.bytes.count)
  }

  @Test("as POSTs with a Host, where only the fault itself counts", arguments: HostileHTTPCorpus.asPosts)
  func asPosts(example: HostileHTTPCase) throws {
    try example.check(inPiecesOf: example.bytes.count)
    try example.check(inPiecesOf: 1)
  }

  @Test("every file has its row, and every row its file")
  func rows() {
    #expect(HostileHTTPCorpus.asTheyAre.map { $0.name + ".http" } == LlhttpCorpus.files)
  }

  @Test(
    "another program with llhttp takes the same POSTs, but for those that are refused on purpose",
    .enabled(if: HostileHTTPPeer.node != nil, "node is not installed"))
  func peer() throws {
    let cases = HostileHTTPCorpus.asPosts
    let taken = try HostileHTTPPeer.targetsTaken(of: cases.map(\.bytes))
    try #require(taken.count == cases.count)
    var refused: [String: [String]] = [:]
    for (example, targets) in zip(cases, taken) where targets != example.targets {
      #expect(example.targets == [], "hooktop takes what the other program refuses: \(example.name)")
      refused[example.name] = targets
    }
    #expect(Set(refused.keys) == Set(HostileHTTPCorpus.refusedOnPurpose.keys))
  }
}

/// The raw requests of llhttp's own tests, and what is due for them here.
enum HostileHTTPCorpus {
  /// What is refused here though the parser takes it, and why.
  static let refusedOnPurpose = [
    "sample_10_ok": "HTTP/0.9 has no header that a signature could stand in",
    "transfer-encoding_20_ok":
      "a coding besides chunked can't be taken off, so the signed bytes are not known",
    "transfer-encoding_21_ok": "the same in two fields",
    "invalid_03_error": "RTSP is not HTTP", "method_13_ok": "RTSP is not HTTP",
    "method_14_ok": "RTSP is not HTTP",
  ]

  static let asTheyAre = cases(column: 0) { $0 }
  static let asPosts = cases(column: 1, post)

  private static func cases(column: Int, _ change: ([UInt8]) -> [UInt8]) -> [HostileHTTPCase] {
    guard !LlhttpCorpus.files.isEmpty else { return [] }
    return HostileHTTPCorpusTable.text.split(separator: "\n").map { line in
      let words = line.split(separator: " ").map(String.init)
      let due = words[(1 + 3 * column)...]
      return HostileHTTPCase(
        name: words[0], bytes: change(LlhttpCorpus.bytes(words[0] + ".http")),
        statuses: due.first?.split(separator: ",").compactMap { Int($0) } ?? [],
        end: due.dropFirst().first.flatMap(HostileHTTPCase.End.init(rawValue:)) ?? .closed,
        targets: due.dropFirst(2).prefix(1).filter { $0 != "-" }, reasons: nil)
    }
  }

  /// The request as a POST with a Host field: most of them have another method or no Host, and would be refused
  /// for that alone.
  private static func post(_ bytes: [UInt8]) -> [UInt8] {
    let lead = bytes.prefix { $0 == 0x0D || $0 == 0x0A }
    var rest = Array(bytes.dropFirst(lead.count))
    let method = rest.prefix { (0x21...0x7E).contains($0) }
    if !method.isEmpty, rest.dropFirst(method.count).first == 0x20 {
      rest.replaceSubrange(..<method.count, with: "POST".utf8)
    }
    let hasHost = String(decoding: rest, as: UTF8.self).contains(
      #/(?im)^host[ \t]*:/#.matchingSemantics(.unicodeScalar))
    if !hasHost, let end = rest.indices.dropLast().first(where: { rest[$0] == 0x0D && rest[$0 + 1] == 0x0A })
    {
      rest.insert(contentsOf: "Host: a\r\n".utf8, at: end + 2)
    }
    return lead + rest
  }
}
