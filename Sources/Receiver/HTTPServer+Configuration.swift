import NIOCore

extension HTTPServer {
  /// Where a server listens, and what it takes.
  public struct Configuration: Sendable {
    /// A host name or an IP address of this machine.
    public var host: String
    /// The TCP port; 0 for any free one.
    public var port: Int
    /// The largest body that is taken, in bytes.
    public var maxBody: Int
    public var limits: Limits
    /// What it proves itself with; nil for plain HTTP.
    public var tls: TLSIdentity?
    /// How many threads share the connections: a second one reads while the first one verifies, and more would
    /// take processors from the programs that a developer works with.
    var threads = min(2, System.coreCount)
    /// Tells when a request has come.
    var clock: @Sendable () -> Moment = Moment.now

    public init(
      host: String = "127.0.0.1", port: Int = 4747, maxBody: Int = 10 << 20,
      limits: Limits = Limits(), tls: TLSIdentity? = nil
    ) {
      self.host = host
      self.port = port
      self.maxBody = maxBody
      self.limits = limits
      self.tls = tls
    }
  }

  /// The size and the deadline of every phase of a connection, so that no peer can hold the receiver.
  public struct Limits: Sendable {
    /// The request line, all header fields and the trailers of one request together, in bytes.
    public var headerBlock = 64 << 10
    /// The line of one header field, in bytes.
    public var headerField = 64 << 10
    /// The number of header fields of one request, trailers included.
    public var headerFields = 200
    /// From accepting the connection to the end of the TLS handshake, where there is one.
    public var handshakeDeadline: Duration = .seconds(10)
    /// From the connection being ready for its first request, or from the first bytes of a later one, to the end of
    /// the header. What came in one piece with the request before it counts as idle until more comes.
    public var headerDeadline: Duration = .seconds(10)
    /// From the end of the header to the last byte of the body.
    public var bodyDeadline: Duration = .seconds(30)
    /// From an answer to the first byte of the next request on the same connection.
    public var idleDeadline: Duration = .seconds(60)
    /// The connections open at a time; accepting pauses while there are as many.
    public var connections = 256
    /// The pause before accepting again when the system had no descriptor or memory left.
    public var acceptRetry: Duration = .milliseconds(100)
    /// How long a closing connection may go on sending, so that its peer gets to read the answer.
    public var drainDeadline: Duration = .seconds(5)
    /// How much of what a closing connection still sends is read and thrown away, in bytes.
    public var drainBytes = 16 << 20
    /// The answers waiting for a peer that does not read, in bytes, above which nothing more is answered to it or read
    /// from it.
    public var unreadAnswers = 64 << 10

    /// The bodies of all requests on their way together, in bytes.
    public var bodiesInFlight = 256 << 20

    public init() {}

    var head: RequestReader.Limits {
      RequestReader.Limits(block: headerBlock, field: headerField, fields: headerFields)
    }
  }
}
