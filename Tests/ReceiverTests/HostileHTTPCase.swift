import JSON
import NIOCore
import Testing
import Webhooks

@testable import Receiver

/// Bytes that arrive on one connection, and all that may come of them.
struct HostileHTTPCase: Sendable, CustomTestStringConvertible {
  /// What becomes of the connection once the bytes are read.
  enum End: String, Sendable {
    /// It takes the next request.
    case open
    /// The receiver has closed its side, and whatever follows counts for nothing.
    case closed
    /// More of the same request is waited for.
    case waits
  }

  var name: String
  var bytes: [UInt8]
  /// The answers due, in order.
  var statuses: [Int]
  var end: End
  /// The targets of the deliveries due, in order.
  var targets: [String] = []
  /// The incidents due, in order; nil if only their answers are looked at.
  var reasons: [Incident.Reason]? = []

  var testDescription: String { name }

  /// Never to be seen in an answer: the rows put it wherever an answer could echo something.
  static let canary = "canary-7Q"
  /// Stands in every request that must not become a delivery.
  static let smuggled = "/smuggled"
  static let largestBody = 1000

  /// Sends the bytes in pieces of `size`, and fails unless just what is due comes of them.
  func check(inPiecesOf size: Int, keyring: Keyring = Keyring()) throws {
    let bench = try Bench(keyring: keyring, maxBody: Self.largestBody)
    let client = try bench.client()
    for start in stride(from: 0, to: bytes.count, by: size) {
      client.send(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    let answers = answersAfterAll(client)
    #expect(!client.hasWaitedInVain, "the connection is neither answered nor closed")
    let (deliveries, reasons) = (bench.ring.deliveries, bench.ring.reasons)
    #expect(Self.heads(answers).map(\.status) == statuses + (end == .open ? [probeStatus(keyring)] : []))
    #expect(deliveries.map(\.request.target.text) == targets + (end == .open ? ["/probe"] : []))
    // That the sender ended in the middle is the test's own doing.
    if let due = self.reasons { #expect(reasons == due + (end == .waits ? [.aborted] : [])) }
    #expect(!answers.contains(Self.canary))
    #expect(!deliveries.contains { $0.request.target.text.contains(Self.smuggled) })
  }

  /// All answers up to the end of the connection, which the receiver brings about only where it is due.
  private func answersAfterAll(_ client: RawClient) -> String {
    switch end {
    case .closed:
      // What follows is one more request that must not be seen.
      client.send(Samples.post(target: Self.smuggled))
      return client.rest()
    case .open:
      client.send(Samples.post(target: "/probe"))
      let answers = client.answers(statuses.count + 1)
      client.finishSending()
      return answers + client.rest()
    case .waits:
      client.finishSending()
      return client.rest()
    }
  }

  private func probeStatus(_ keyring: Keyring) -> Int { keyring.secrets.isEmpty ? 200 : 401 }
}

extension HostileHTTPCase {
  struct Head: Equatable {
    let status: Int
    let fields: [String]
  }

  /// The answers in `text`, which must be whole heads without bodies, one behind the other, and nothing else.
  static func heads(_ text: String) -> [Head] {
    var parts = text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
    #expect(parts.popLast() == "", "the answers end in the middle of a head")
    return parts.map { part in
      let lines = part.split(separator: "\r\n").map(String.init)
      #expect(lines[0].hasPrefix("HTTP/1.1 "), "no head begins with \(lines[0])")
      let head = Head(status: Int(lines[0].dropFirst(9).prefix(3)) ?? 0, fields: Array(lines.dropFirst()))
      expectHarmless(head)
      return head
    }
  }

  /// An answer has no body and only fields of hooktop's own.
  private static func expectHarmless(_ head: Head) {
    guard head.status != 100 else { return #expect(head.fields.isEmpty) }
    var due = ["Content-Length: 0"]
    if head.fields.contains("Connection: close") { due.append("Connection: close") }
    if head.fields.contains("Connection: keep-alive") { due.append("Connection: keep-alive") }
    if head.status == 405 { due.append("Allow: POST") }
    #expect(Set(head.fields) == Set(due) && head.fields.count == due.count)
  }
}
