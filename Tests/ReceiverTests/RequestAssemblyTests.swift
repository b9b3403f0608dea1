import JSON
import Testing
import Webhooks

@testable import Receiver

@Suite("Putting requests together")
struct RequestAssemblyTests {
  static let host = ("Host", "a")

  static func head(
    _ method: String = "POST", minor: Int = 1, _ fields: [(String, String)] = [host]
  ) -> RequestHead {
    RequestHead(
      method: method, target: "/hook", minorVersion: minor,
      headers: Headers(fields.map { Headers.Field($0.0, $0.1) }))
  }

  /// What the intake of webhooks refuses.
  static func onlyPOST(_ head: RequestHead) -> Refusal? { Samples.intake(Journal()).refusal(of: head) }

  private func assembly(maxBody: Int = 10) -> RequestAssembly {
    RequestAssembly(maxBody: maxBody, peer: "127.0.0.1:1")
  }

  @Test("a request that came in pieces is delivered whole at its end")
  func pieces() {
    var assembly = assembly()
    #expect(assembly.begin(Self.head("POST", [Self.host, ("X", "y")])) == .nothing)
    #expect(assembly.append([1, 2]) == .nothing)
    #expect(assembly.append([3]) == .nothing)
    let headers = Headers([.init("Host", "a"), .init("X", "y")])
    let request = Request(target: "/hook", headers: headers, body: [1, 2, 3], peer: "127.0.0.1:1")
    #expect(assembly.end() == .deliver(IncomingRequest(request), .open, at: Samples.moment))
    #expect(assembly.stage == .betweenRequests)
  }

  @Test("the time of arrival is that of the end, and is asked for only where a request is delivered")
  func arrival() {
    var assembly = assembly()
    var readings = 0
    func now() -> Moment {
      readings += 1
      return Samples.moment
    }
    _ = assembly.begin(Self.head("GET"), refusedBy: Self.onlyPOST)
    _ = assembly.end(at: now())
    _ = assembly.begin(Self.head())
    _ = assembly.append([1])
    #expect(readings == 0)
    guard case .deliver(_, _, Samples.moment) = assembly.end(at: now()) else {
      Issue.record("no delivery at that time")
      return
    }
    #expect(readings == 1)
  }

  @Test("the next request starts without the body of the one before")
  func nextRequest() {
    var assembly = assembly()
    for byte in [UInt8(1), 2] {
      _ = assembly.begin(Self.head())
      _ = assembly.append([byte])
      guard case .deliver(let request, .open, _) = assembly.end() else {
        Issue.record("no delivery")
        return
      }
      #expect(request.joined().body == [byte])
    }
    #expect(assembly.heads == 2)
  }

  struct RefusalCase: Sendable, CustomTestStringConvertible {
    let name: String
    let head: RequestHead
    let status: Int
    let reason: Incident.Reason
    var persistence = Persistence.close
    var testDescription: String { name }
  }

  static let refusals: [RefusalCase] = [
    .init(name: "no Host", head: head("POST", []), status: 400, reason: .badRequest),
    .init(name: "two Hosts", head: head("POST", [host, host]), status: 400, reason: .badRequest),
    .init(
      name: "two Hosts on HTTP/1.0", head: head("POST", minor: 0, [host, host]), status: 400,
      reason: .badRequest),
    .init(name: "no host name", head: head("POST", [("Host", "a b")]), status: 400, reason: .badRequest),
    .init(
      name: "a length and a coding",
      head: head("POST", [host, ("Content-Length", "1"), ("Transfer-Encoding", "chunked")]),
      status: 400, reason: .badRequest),
    .init(
      name: ",chunked", head: head("POST", [host, ("Transfer-Encoding", ",chunked")]), status: 400,
      reason: .badRequest),
    .init(
      name: "chunked on HTTP/1.0", head: head("POST", minor: 0, [("Transfer-Encoding", "chunked")]),
      status: 400, reason: .badRequest),
    .init(
      name: "two lengths", head: head("POST", [host, ("Content-Length", "1"), ("Content-Length", "1")]),
      status: 400, reason: .badRequest),
    .init(
      name: "an odd length", head: head("POST", [host, ("Content-Length", "+1")]), status: 400,
      reason: .badRequest),
    .init(name: "GET", head: head("GET"), status: 405, reason: .wrongMethod, persistence: .open),
    .init(
      name: "GET on HTTP/1.0", head: head("GET", minor: 0, [("Connection", "keep-alive")]), status: 405,
      reason: .wrongMethod, persistence: .openByRequest),
    .init(
      name: "PUT with a body", head: head("PUT", [host, ("Content-Length", "1")]), status: 405,
      reason: .wrongMethod),
    .init(
      name: "post in small letters", head: head("post"), status: 405, reason: .wrongMethod, persistence: .open
    ),
    .init(name: "CONNECT", head: head("CONNECT"), status: 405, reason: .upgradeRefused),
    .init(
      name: "WebSocket", head: head("GET", [host, ("Upgrade", "websocket")]), status: 405,
      reason: .upgradeRefused),
    .init(
      name: "another expectation", head: head("POST", [host, ("Expect", "tea")]), status: 417,
      reason: .expectationFailed),
    .init(
      name: "too long by its length", head: head("POST", [host, ("Content-Length", "11")]), status: 413,
      reason: .tooLarge),
    .init(
      name: "too long, asking first",
      head: head("POST", [host, ("Content-Length", "11"), ("Expect", "100-continue")]), status: 413,
      reason: .tooLarge),
  ]

  @Test("a head that can't be taken is refused, once", arguments: refusals)
  func refused(example: RefusalCase) {
    var assembly = assembly()
    guard case .refuse(let refusal) = assembly.begin(example.head, refusedBy: Self.onlyPOST) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.response.status == example.status)
    #expect(refusal.reason == example.reason)
    #expect(refusal.persistence == example.persistence)
    #expect(assembly.append([1]) == .nothing)
    #expect(assembly.end() == .nothing)
    #expect(assembly.stage == (example.persistence == .close ? .closed : .betweenRequests))
  }

  @Test("a body of the largest size is taken, and one byte more is not")
  func largestBody() {
    var assembly = assembly(maxBody: 3)
    _ = assembly.begin(Self.head())
    #expect(assembly.append([1, 2, 3]) == .nothing)
    guard case .refuse(let refusal) = assembly.append([4]) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.response.status == 413)
    #expect(assembly.append([5]) == .nothing)
    #expect(assembly.end() == .nothing)
  }

  @Test("what a body that turns out to be too large is told is the service's, and has no body for a HEAD")
  func tooLargeInWords() {
    for (method, due) in [("POST", Self.words), ("HEAD", Self.words.withoutBody)] {
      var assembly = assembly(maxBody: 3)
      _ = assembly.begin(Self.head(method, [Self.host, ("Transfer-Encoding", "chunked")]))
      guard case .refuse(let refusal) = assembly.append([1, 2, 3, 4], tooLarge: Self.words) else {
        Issue.record("not refused")
        return
      }
      #expect(refusal.response == due && refusal.persistence == .close && refusal.reason == .tooLarge)
    }
  }

  private static let words = Response(413, body: Array("too large".utf8))

  @Test("100-continue is answered only where a body is to come, on HTTP/1.1")
  func proceed() {
    let asking = [Self.host, ("Expect", "100-continue")]
    var assembly = assembly()
    #expect(assembly.begin(Self.head("POST", asking + [("Content-Length", "1")])) == .proceed)
    var empty = self.assembly()
    #expect(empty.begin(Self.head("POST", asking)) == .nothing)
    var old = self.assembly()
    #expect(old.begin(Self.head("POST", minor: 0, asking + [("Content-Length", "1")])) == .nothing)
  }

  @Test("an upgrade that rides on a POST is ignored: delivered, and the connection closed")
  func upgradeOnPost() {
    var assembly = assembly()
    _ = assembly.begin(Self.head("POST", [Self.host, ("Upgrade", "h2c")]))
    guard case .deliver(_, .close, _) = assembly.end() else {
      Issue.record("no delivery")
      return
    }
    #expect(assembly.begin(Self.head()) == .nothing)
    #expect(assembly.end() == .nothing)
  }

  @Test("a fault of the parser is answered 400 and is the last word")
  func parserFault() {
    var assembly = assembly()
    _ = assembly.begin(Self.head())
    #expect(assembly.fail(.malformed("x")) == .refuse(.malformed("x")))
    #expect(assembly.fail(.malformed("y")) == .nothing)
    #expect(assembly.breakOff() == .nothing)
    #expect(assembly.expire(.body) == .nothing)
  }

  @Test("a fault in a request that has its answer closes without a second one")
  func faultAfterAnswer() {
    var assembly = assembly()
    _ = assembly.begin(Self.head("GET"), refusedBy: Self.onlyPOST)
    #expect(assembly.stage == .answered)
    #expect(assembly.fail(.malformed("x")) == .closeQuietly)
  }

  @Test("a sender that breaks off leaves an incident and no delivery")
  func breakOff() {
    var assembly = assembly()
    _ = assembly.begin(Self.head())
    _ = assembly.append([1, 2])
    #expect(
      assembly.breakOff() == .hangUp(.aborted, "the sender closed the connection after 2 bytes of body"))
    #expect(assembly.end() == .nothing)
  }

  @Test("an overdue request is answered 408, and an idle connection closed without a word")
  func overdue() {
    for overdue in [RequestAssembly.Overdue.header, .body] {
      var assembly = assembly()
      guard case .refuse(let refusal) = assembly.expire(overdue) else {
        Issue.record("not refused")
        return
      }
      #expect(refusal.response.status == 408)
      #expect(refusal.reason == .timeout)
    }
    var idle = assembly()
    #expect(idle.expire(.idle) == .closeQuietly)
    var unread = assembly()
    #expect(unread.expire(.unread) == .hangUp(.timeout, "the sender does not read its answers"))
  }

  /// The room that a body has at its end, of which `announced` bytes were announced and `count` came in pieces.
  private func capacity(announced: Int, count: Int) -> Int? {
    var assembly = assembly(maxBody: 1 << 20)
    _ = assembly.begin(Self.head("POST", [Self.host, ("Content-Length", "\(announced)")]))
    for _ in 0..<count / 1000 { _ = assembly.append([UInt8](repeating: 7, count: 1000)) }
    guard case .deliver(let request, _, _) = assembly.end(), request.bodySize == count else { return nil }
    return request.joined().body.capacity
  }

  @Test("a body that came piece by piece has no spare room where its length was announced")
  func spareRoom() throws {
    #expect(try #require(capacity(announced: 600_000, count: 600_000)) < 610_000)
  }

  @Test("an announced length alone takes no room: there is twice as much as came at most")
  func announcedRoom() throws {
    #expect(try #require(capacity(announced: 1_000_000, count: 1000)) < 3000)
    #expect(try #require(capacity(announced: 1_000_000, count: 100_000)) < 210_000)
  }
}

extension RequestAssembly {
  mutating func end() -> Action { end(at: Samples.moment) }
}
