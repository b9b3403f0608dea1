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
