internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Why the HTTP client got no whole response, whichever of the layers below it reports that.
enum ClientFault: Error, Equatable {
  case badURL
  /// Nothing listens at the address.
  case refused
  case unknownHost
  case connectTimedOut
  case timedOut
  /// The connection was closed or reset too early.
  case closed
  case untrusted(detail: String)
  case notHTTP
  /// The head of the response is larger than what is read.
  case headTooLarge
  case unsendableHeader(detail: String)
  case cancelled
  case other(detail: String)

  /// - Parameter isSecure: whether the request was made over https.
  init(_ error: any Error, isSecure: Bool) {
    switch error {
    case let fault as ClientFault: self = fault
    case is CancellationError: self = .cancelled
    case let error as HTTPClientError: self = Self.fault(error)
    case let error as NIOConnectionError: self = Self.fault(error)
    case let error as IOError: self = Self.fault(error)
    case ChannelError.connectTimeout: self = .connectTimedOut
    case HTTPParserError.invalidEOFState, ChannelError.ioOnClosedChannel: self = .closed
    case HTTPParserError.headerOverflow: self = .headTooLarge
    case is HTTPParserError, is NIOHTTPDecoderError: self = .notHTTP
    // Over https, what none of the layers above has named comes from the TLS layer.
    default:
      self = isSecure ? .untrusted(detail: TLSReport.words("\(error)")) : .other(detail: "\(error)")
    }
  }

  private static func fault(_ error: HTTPClientError) -> ClientFault {
    switch error {
    case .cancelled, .alreadyShutdown: .cancelled
    case .invalidURL, .emptyHost, .emptyScheme: .badURL
    case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout: .connectTimedOut
    case .deadlineExceeded, .readTimeout, .writeTimeout: .timedOut
    case .remoteConnectionClosed: .closed
    default:
      error.shortDescription.hasPrefix("Invalid header field")
        ? .unsendableHeader(detail: error.shortDescription) : .other(detail: error.shortDescription)
    }
  }

  private static func fault(_ error: NIOConnectionError) -> ClientFault {
    let reasons = error.connectionErrors.compactMap { $0.error as? IOError }
    if let reason = reasons.first { return fault(reason) }
    return error.dnsAError == nil && error.dnsAAAAError == nil ? .other(detail: "\(error)") : .unknownHost
  }

  private static func fault(_ error: IOError) -> ClientFault {
    switch error.errnoCode {
    case ECONNREFUSED: .refused
    case ECONNRESET, EPIPE: .closed
    default: .other(detail: String(cString: strerror(error.errnoCode)))
    }
  }
}
