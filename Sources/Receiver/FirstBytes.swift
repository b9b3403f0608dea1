/// Tells from the first bytes of a connection whether its peer speaks HTTP/1 at all.
///
/// A method is letters, then a space; what begins so is left to the parser, which finds other faults.
struct FirstBytes {
  enum Finding: Equatable {
    case undecided
    case http
    /// Another protocol or none; with a sentence for the user.
    case foreign(String)
  }

  private static let longestMethod = 32
  private static let longestBlank = 64
  private var method: [UInt8] = []
  private var blanks = 0
  private var isAfterCR = false
  private var count = 0

  mutating func read(_ bytes: some Sequence<UInt8>) -> Finding {
    for byte in bytes {
      let finding = read(byte)
      if finding != .undecided { return finding }
    }
    return .undecided
  }

  private mutating func read(_ byte: UInt8) -> Finding {
    count += 1
    switch byte {
    case 0x0D, 0x0A:
      // An empty line is passed over (RFC 9112, 2.2); a CR alone is none.
      let isLine = byte == 0x0A || !isAfterCR
      guard method.isEmpty, blanks < Self.longestBlank, isLine else { return .foreign(Self.noise) }
      blanks += 1
      isAfterCR = byte == 0x0D
      return .undecided
    case _ where isAfterCR: return .foreign(Self.noise)
    case UInt8(ascii: " "):
      if method.elementsEqual("PRI".utf8) { return .foreign(Self.http2) }
      return method.isEmpty ? .foreign(Self.noise) : .http
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      guard method.count < Self.longestMethod else { return .foreign(Self.noise) }
      method.append(byte)
      return .undecided
    case 0x16 where count == 1: return .foreign(Self.tls)
    default: return .foreign(Self.noise)
    }
  }

  private static let noise = "the first bytes are not an HTTP request"
  private static let tls = "TLS handshake on the plain HTTP port: use http:// in the sender's URL"
  private static let http2 = "HTTP/2 is not supported: send HTTP/1.1"
}
