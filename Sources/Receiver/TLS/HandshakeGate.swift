import NIOCore
import NIOSSL
import NIOTLS
import Webhooks

/// The first handler of a connection that is to speak TLS: lets nothing else in, and keeps the handshake's time.
///
/// When the handshake is done, the handlers of requests take its place.
final class HandshakeGate: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private enum Phase {
    /// No byte has come.
    case silent
    /// What came is no handshake, and does not yet show what else it is.
    case unclear
    case shaking
    case over
  }

  private static let plain = "plain HTTP on the TLS port: use https:// in the sender's URL"
  private static let noise = "the first bytes are not a TLS handshake"
  private static let overdue = "the TLS handshake timed out"
  /// A handshake's first byte.
  private static let handshake: UInt8 = 0x16

  private let requests: Pipeline
  private let context: NIOSSLContext
  private let peer: String
  private var phase = Phase.silent
  private var first = FirstBytes()
  private var opening = RequestOpening()
  private var timer: Scheduled<Void>?

  /// - Parameter requests: whose handlers come after the handshake.
  init(before requests: Pipeline, context: NIOSSLContext, peer: String) {
    self.requests = requests
    self.context = context
    self.peer = peer
  }

  func channelActive(context: ChannelHandlerContext) {
    let limit = TimeAmount(requests.server.limits.handshakeDeadline)
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { self.expire(context) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    timer?.cancel()
    if phase == .unclear { report(.notHTTP, Self.noise) }
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard phase == .silent || phase == .unclear else { return }
    let bytes = unwrapInboundIn(data)
    if phase == .silent, bytes.readableBytesView.first == Self.handshake {
      shakeHands(data, context)
    } else {
      opening.begin(bytes)
      recognise(bytes.readableBytesView, context)
      opening.endRead()
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent {
      makeWay(context)
    } else if event as? ChannelEvent == .inputClosed, phase != .shaking {
      context.close(promise: nil)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // After any other error the connection ends too, and that tells the same.
    guard case .handshakeFailed(let error)? = error as? NIOSSLError else { return }
    let failure = HandshakeFailure(error)
    report(failure.reason, failure.sentence)
  }
}

extension HandshakeGate {
  private func recognise(_ bytes: some Sequence<UInt8>, _ context: ChannelHandlerContext) {
    phase = .unclear
    switch first.read(bytes) {
    case .undecided: return
    case .http: report(.notHTTP, Self.plain)
    case .foreign: report(.notHTTP, Self.noise)
    }
    context.close(promise: nil)
  }

  private func shakeHands(_ bytes: NIOAny, _ context: ChannelHandlerContext) {
    phase = .shaking
    let operations = context.pipeline.syncOperations
    do {
      try operations.addHandler(NIOSSLServerHandler(context: self.context), position: .before(self))
      // From the start of the pipeline, where the new handler is.
      operations.fireChannelRead(bytes)
    } catch {
      context.close(promise: nil)
    }
  }

  private func makeWay(_ context: ChannelHandlerContext) {
    guard phase == .shaking else { return }
    phase = .over
    timer?.cancel()
    do {
      try requests.addRequestHandlers(to: context.channel, peer: peer)
      context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    } catch {
      context.close(promise: nil)
    }
  }

  private func expire(_ context: ChannelHandlerContext) {
    // A connection that was only opened, as some clients do in advance, is nothing to tell of.
    if phase != .silent { report(.timeout, Self.overdue) }
    context.close(promise: nil)
  }

  private func report(_ reason: Incident.Reason, _ sentence: String) {
    guard phase != .over else { return }
    phase = .over
    requests.server.service.report(
      reason, sentence, peer: peer, status: nil, received: opening.received())
  }
}

/// What a failed handshake tells about its sender, for the user.
struct HandshakeFailure: Equatable {
  let reason: Incident.Reason
  let sentence: String

  init(_ error: BoringSSLError) {
    switch error {
    case .sslError([.eofDuringHandshake]), .syscallError, .zeroReturn:
      reason = .aborted
      sentence =
        "the sender closed the connection during the TLS handshake: does it trust the certificate?"
    default:
      reason = .notHTTP
      sentence = Self.sentence("\(error)")
    }
  }

  /// - Parameter report: what the library says, with its names for what went wrong in capitals.
  static func sentence(_ report: String) -> String {
    func names(_ faults: [String]) -> Bool { faults.contains { report.contains($0) } }
    if names(distrust) {
      return
        "the sender does not trust the certificate: add it to the sender's trusted ones, or use one that it trusts"
    }
    if names(alertInTheClear) {
      return
        "the sender aborted the TLS handshake, probably because it does not trust the certificate: add it to the sender's trusted ones"
    }
    if names(noVersion) {
      return "the TLS handshake failed: the sender offers neither TLS 1.2 nor TLS 1.3"
    }
    if names(nothingInCommon) {
      return "the TLS handshake failed: the sender offers no cipher, curve or signature that hooktop supports"
    }
    return "the TLS handshake failed: \(name(in: report))"
  }

  /// What ended a connection once its handshake was done.
  static func sentence(afterHandshake error: BoringSSLError) -> String {
    let report = "\(error)"
    if report.contains("ALERT_") { return "the sender aborted the TLS connection: \(name(in: report))" }
    if report.contains("BAD_RECORD_MAC") {
      return "a TLS record can't be decrypted: it was changed or partly lost in transit"
    }
    return "the TLS connection failed: \(name(in: report))"
  }

  private static let distrust = [
    "ALERT_UNKNOWN_CA", "ALERT_BAD_CERTIFICATE", "ALERT_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE",
    "ALERT_ACCESS_DENIED",
  ]
  /// What is too short to be encrypted is a word of the sender's before it has keys, as OpenSSL sends one.
  private static let alertInTheClear = ["BAD_PACKET_LENGTH"]
  private static let noVersion = ["UNSUPPORTED_PROTOCOL", "ALERT_PROTOCOL_VERSION", "WRONG_VERSION_NUMBER"]
  private static let nothingInCommon = [
    "NO_SHARED_CIPHER", "NO_SHARED_GROUP", "WRONG_CURVE", "NO_COMMON_SIGNATURE_ALGORITHMS",
  ]

  /// `bad decrypt` of `error:1e000065:Cipher functions:OPENSSL_internal:BAD_DECRYPT at …`.
  private static func name(in report: String) -> String {
    let name = report.firstMatch(of: #/:([A-Z][A-Z0-9_]+) at/#).map { String($0.1) } ?? "unknown reason"
    return name.lowercased().replacing("_", with: " ")
  }
}
