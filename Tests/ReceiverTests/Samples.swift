import TestSupport
import NIOCore
import NIOEmbedded
import Synchronization
import Testing
import Webhooks

@testable import Receiver

/// Requests, and the parts of a receiver, as the tests need them.
enum Samples {
  static let secret = "whsec_test_secret"
  static let arrival = Timestamp(seconds: 1_745_518_400)
  /// The arrival by both clocks.
  static let moment = Moment(wall: arrival, steady: .now())
  static let body = Array(#"{"id":"evt_1","event":"webhook.test","livemode":false,"data":{}}"#.utf8)

  static func keyring(_ secret: String = secret) throws -> Keyring {
    Keyring([try SigningSecret(secret, label: "parlay", provider: .parlay)])
  }

  static func signature(_ body: [UInt8] = body, secret: String = secret, at time: Timestamp = arrival) throws
    -> String
  {
    try SigningSecret(secret, label: "parlay", provider: .parlay)
      .signatureHeader(timestamp: Int64(time.seconds), body: body)
  }

  /// A POST with `body`, whole, as it goes over the wire; `fields` are lines without their ends.
  static func post(
    _ body: [UInt8] = [], target: String = "/", version: String = "1.1", fields: [String] = []
  ) -> [UInt8] {
    let lines =
      ["POST \(target) HTTP/\(version)", "Host: localhost"] + fields + ["Content-Length: \(body.count)"]
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  /// A POST whose signature is good at `time`.
  static func signed(_ body: [UInt8] = body, at time: Timestamp = arrival) throws -> [UInt8] {
    post(body, fields: ["X-Parlay-Signature: \(try signature(body, at: time))"])
  }

  static func intake(
    _ ring: Journal, keyring: Keyring = Keyring(), policy: AnswerPolicy = .verified
  ) -> Intake {
    Intake(
      providers: .builtIn, verifier: Verifier(keyring: keyring), answerPolicy: policy, journal: ring,
      clock: { arrival })
  }

  /// A connection's pipeline on a channel without a socket; `outermost` stand between the two.
  static func channel(
    _ service: any HTTPService, limits: HTTPServer.Limits = .init(), maxBody: Int = 1 << 20,
    bodies: BodyBudget? = nil, clock: @escaping @Sendable () -> Moment = { moment },
    outermost: [any ChannelHandler] = []
  ) throws -> EmbeddedChannel {
    let channel = EmbeddedChannel(handlers: outermost)
    let peer = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
    channel.remoteAddress = peer
    let server = Connection.Surroundings(
      limits: limits, maxBody: maxBody, service: service,
      bodies: bodies ?? BodyBudget(limit: limits.bodiesInFlight), clock: clock)
    try Pipeline(server: server).addHandlers(to: channel)
    try channel.connect(to: peer).wait()
    return channel
  }
}

extension EmbeddedChannel {
  func receive(_ bytes: [UInt8]) throws {
    try writeInbound(ByteBuffer(bytes: bytes))
  }

  func receive(_ text: String) throws {
    try receive(Array(text.utf8))
  }

  /// All that was written up to the end of the loop's turn, as text.
  func written() throws -> String {
    embeddedEventLoop.run()
    var text = ""
    while let bytes = try readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
    return text
  }
}

extension Journal {
  var everything: Batch {
    var cursor = Cursor()
    return read(after: &cursor)
  }

  var deliveries: [Delivery] { everything.deliveries }
  var reasons: [Incident.Reason] { everything.incidents.map(\.reason) }
}

/// The status codes of the answers that stand in `text`, one after the other.
func statuses(_ text: String) -> [Int] {
  text.split(separator: "\r\n\r\n").compactMap { Int($0.dropFirst(9).prefix(3)) }
}
