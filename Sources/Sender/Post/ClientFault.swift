internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Why a request got no whole response, whichever of the layers below reports that.
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
  /// The response is larger than what is read of one.
  case tooLarge
  /// A text of the request would end its line.
  case unsendable
  /// Too much was waiting for the app already.
  case queueFull
  case cancelled
  case other(detail: String)

  /// - Parameter isSecure: whether the request was made over https.
  init(_ error: any Error, isSecure: Bool) {
    switch error {
    case let fault as ClientFault: self = fault
    case is CancellationError: self = .cancelled
    case let error as NIOConnectionError: self = Self.fault(error)
    case let error as IOError: self = Self.fault(error)
    case ChannelError.connectTimeout: self = .connectTimedOut
    case ChannelError.ioOnClosedChannel: self = .closed
    // Over https, what none of the layers above has named comes from the TLS layer.
    default:
      self = isSecure ? .untrusted(detail: TLSReport.words("\(error)")) : .other(detail: "\(error)")
    }
  }

  private static func fault(_ error: NIOConnectionError) -> ClientFault {
    let reasons = error.connectionErrors.compactMap { $0.error as? IOError }
    if let reason = reasons.first { return fault(reason) }
    if error.connectionErrors.contains(where: { ($0.error as? ChannelError)?.isConnectTimeout == true }) {
      return .connectTimedOut
    }
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

extension ChannelError {
  fileprivate var isConnectTimeout: Bool { if case .connectTimeout = self { true } else { false } }
}
