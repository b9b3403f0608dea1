import Glibc
import NIOCore

/// Why a receiver could not start listening; its description says what to do.
public enum ReceiverError: Error, Equatable, CustomStringConvertible {
  case portTaken(host: String, port: Int)
  case privilegedPort(Int)
  case portOutOfRange(Int)
  case addressNotAvailable(host: String)
  case unknownHost(String)
  case cannotListen(host: String, port: Int, reason: String)

  public var description: String {
    switch self {
    case .portTaken(let host, let port):
      "port \(port) on \(host) is in use by another program: stop it, or give --port 0 for any free port"
    case .privilegedPort(let port):
      "port \(port) is reserved for the administrator: give --port with a number from 1024 up"
    case .portOutOfRange(let port):
      "there is no port \(port): give --port with a number from 0 to 65535"
    case .addressNotAvailable(let host):
      "\(host) is not an address of this machine: give --host 127.0.0.1, or 0.0.0.0 for all addresses"
    case .unknownHost(let host):
      "the host \(host) is not known: give --host with an address of this machine, such as 127.0.0.1"
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(host) port \(port) (\(reason)): try another --host or --port"
    }
  }
}

extension ReceiverError {
  init(_ error: any Error, _ configuration: HTTPServer.Configuration) {
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
