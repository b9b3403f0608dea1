import Glibc
import NIOCore

/// The names and addresses that a receiver's own certificate is made for.
struct CertificateNames {
  /// As openssl's configuration writes them: `DNS:localhost,IP:127.0.0.1`.
  let text: String

  /// - Parameters:
  ///   - host: where the receiver listens; all addresses at once are no name.
  ///   - machine: this machine's own name.
  init(host: String, machine: String = Self.machine) {
    var entries: [String] = []
    // Where the receiver listens is told as an address, so a sender may know no other name.
    let address = (try? SocketAddress.makeAddressResolvingHost(host, port: 0))?.ipAddress ?? host
    let names = [host, address, "localhost", "127.0.0.1", "::1", machine]
    for name in names where name != "0.0.0.0" && name != "::" {
      guard let entry = Self.entry(name), !entries.contains(entry) else { continue }
      entries.append(entry)
    }
    text = entries.joined(separator: ",")
  }

  /// An address or a host name; nil for what is neither, which could otherwise bring entries of its own in.
  private static func entry(_ name: String) -> String? {
    // The zone of a link-local address is this machine's own word for an interface.
    let address = String(name.prefix { $0 != "%" })
    // Room for the longer of the two kinds.
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, address, &bytes) == 1 || inet_pton(AF_INET6, address, &bytes) == 1 {
      return "IP:\(address)"
    }
    let isName = !name.isEmpty && name.utf8.count <= 253 && name.utf8.allSatisfy(isNameByte)
    return isName ? "DNS:\(name)" : nil
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static var machine: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }
}
