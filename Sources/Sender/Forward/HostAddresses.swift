internal import Glibc
internal import NIOCore

/// The IP addresses that a host's name stands for, as text.
struct HostAddresses {
  private static let wildcards: Set = ["0.0.0.0", "::"]

  private let all: Set<String>

  /// Looks a name up; an address stands for itself, in whatever form it is written.
  init(of host: String) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else {
      all = []
      return
    }
    defer { freeaddrinfo(list) }
    all = Set(
      sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap {
        Self.text(of: $0?.pointee)
      })
  }

  private static func text(of found: addrinfo?) -> String? {
    guard let found else { return nil }
    var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let size = socklen_t(buffer.count)
    guard getnameinfo(found.ai_addr, found.ai_addrlen, &buffer, size, nil, 0, NI_NUMERICHOST) == 0 else {
      return nil
    }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    // An IPv4 address that is written as an IPv6 one.
    return text.hasPrefix("::ffff:") && text.contains(".") ? String(text.dropFirst(7)) : text
  }

  /// Whether what is sent to these gets to whoever listens on `listening` of this machine.
  func reach(_ listening: HostAddresses) -> Bool {
    guard listening.all.isDisjoint(with: Self.wildcards) else { return all.contains(where: Self.isHere) }
    return !listening.all.isDisjoint(with: all.map(Self.destination))
  }

  /// Where a connection to an address goes: for that of all, to this machine by the loopback.
  private static func destination(of address: String) -> String {
    switch address {
    case "0.0.0.0": "127.0.0.1"
    case "::": "::1"
    default: address
    }
  }

  private static func isHere(_ address: String) -> Bool {
    let address = destination(of: address)
    return address.hasPrefix("127.") || address == "::1" || own.contains(address)
  }

  /// Those of this machine's interfaces.
  static var own: Set<String> {
    let devices = (try? System.enumerateDevices()) ?? []
    return Set(devices.compactMap { $0.address?.ipAddress })
  }
}
