import Glibc
import NIOCore
import NIOPosix
import Synchronization
public import Webhooks

/// The HTTP server that takes webhook deliveries: verifies each, puts it into the journal, and answers.
///
/// It runs on threads of its own from `start` to `stop`, and waits for no reader of the journal.
public final class WebhookReceiver: Sendable {
  /// `http`, or `https` where it speaks TLS.
  public let scheme: String
  /// Where it can be reached: `http://127.0.0.1:4747`, with the real port.
  public let address: String
  /// The IP address it listens on.
  public let host: String
  /// The TCP port it listens on.
  public let port: Int
  private let listener: any Channel
  private let intake: Intake
  private let loops: Loops
  private let isStopped = Atomic(false)

  private init(_ listener: any Channel, scheme: String, intake: Intake, loops: Loops) {
    self.listener = listener
    host = listener.localAddress?.ipAddress ?? ""
    port = listener.localAddress?.port ?? 0
    self.scheme = scheme
    address = "\(scheme)://\(Pipeline.name(listener.localAddress))"
    self.intake = intake
    self.loops = loops
  }

  /// Listens, and returns as soon as connections are taken.
  /// - Parameter journal: where deliveries and incidents go; a delivery that it can't record is answered 503.
  /// - Throws: `ReceiverError`, where the address can't be listened on.
  public static func start(
    _ configuration: Configuration, verifier: Verifier, journal: Journal
  ) throws(ReceiverError) -> WebhookReceiver {
    let settings = Intake.Settings(verifier: verifier, answerPolicy: configuration.answerPolicy)
    let intake = Intake(
      settings: settings, journal: journal, bodiesInFlight: configuration.limits.bodiesInFlight)
    return try start(configuration, intake: intake)
  }

  static func start(_ configuration: Configuration, intake: Intake) throws(ReceiverError) -> WebhookReceiver {
    guard (0...65535).contains(configuration.port) else {
      throw .portOutOfRange(configuration.port)
    }
    let loops = Loops(connections: configuration.threads)
    do {
      let listener = try bootstrap(configuration, intake: intake, loops: loops)
        .bind(host: configuration.host, port: configuration.port).wait()
      let scheme = configuration.tls == nil ? "http" : "https"
      return WebhookReceiver(listener, scheme: scheme, intake: intake, loops: loops)
    } catch {
      loops.shutDown()
      throw ReceiverError(error, configuration)
    }
  }

  /// The secrets that deliveries are verified with, from the next one on.
  public var keyring: Keyring {
    get { intake.withSettings { $0.verifier.keyring } }
    set { intake.withSettings { $0.verifier.keyring = newValue } }
  }

  /// What senders are told, from the next delivery on.
  public var answerPolicy: AnswerPolicy {
    get { intake.withSettings { $0.answerPolicy } }
    set { intake.withSettings { $0.answerPolicy = newValue } }
  }

  /// Closes the listener and all connections and ends the threads; takes a second at most.
  public func stop() {
    guard !isStopped.exchange(true, ordering: .relaxed) else { return }
    loops.shutDown(after: listener)
  }

  private static func bootstrap(
    _ configuration: Configuration, intake: Intake, loops: Loops
  ) -> ServerBootstrap {
    let limits = configuration.limits
    let pipeline = Pipeline(
      limits: limits, maxBody: configuration.maxBody, intake: intake, tls: configuration.tls?.context)
    let marks = ChannelOptions.Types.WriteBufferWaterMark(
      low: limits.unreadAnswers / 4, high: limits.unreadAnswers)
    return ServerBootstrap(group: loops.acceptor, childGroup: loops.connections)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      // One at a time, so that the gate's count is exact.
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(AcceptGate(limits: limits, intake: intake))
        }
      }
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.writeBufferWaterMark, value: marks)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try pipeline.addHandlers(to: channel) }
      }
  }
}

extension ReceiverError {
  init(_ error: any Error, _ configuration: WebhookReceiver.Configuration) {
    let (host, port) = (configuration.host, configuration.port)
    switch error {
    case let error as IOError where error.errnoCode == EADDRINUSE: self = .portTaken(host: host, port: port)
    case let error as IOError where error.errnoCode == EACCES: self = .privilegedPort(port)
    case let error as IOError where error.errnoCode == EADDRNOTAVAIL: self = .addressNotAvailable(host: host)
    case let error as IOError:
      self = .cannotListen(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
    case is SocketAddressError.UnknownHost: self = .unknownHost(host)
    default: self = .cannotListen(host: host, port: port, reason: "\(error)")
    }
  }
}
