public import JSON
public import Webhooks

/// The head of a request as the parser read it, before it is known whether the request is taken.
public struct RequestHead: Sendable, Equatable {
  public var method: String
  public var target: ByteString
  /// The 1 of `HTTP/1.1`; the parser lets no other major version pass.
  var minorVersion: Int
  public var headers: Headers
  /// Whether the parser goes on after this request: what it would not read must not be promised a reader.
  var keepsAlive: Bool

  init(
    method: String = "POST", target: ByteString = "/", minorVersion: Int = 1, headers: Headers,
    keepsAlive: Bool = true
  ) {
    self.method = method
    self.target = target
    self.minorVersion = minorVersion
    self.headers = headers
    self.keepsAlive = keepsAlive
  }

  var version: Request.Version { minorVersion == 0 ? .http10 : .http11 }

  /// Method and target, short enough for a line of text.
  public var summary: String {
    target.count <= 80 ? "\(method) \(target)" : "\(method) \(target.cut(to: 80))…"
  }
}

/// What a request's header fields say about the message itself: its framing, and what becomes of the connection.
struct HeadFacts: Equatable {
  /// What the sender wants to hear before it sends the body.
  enum Expectation: Equatable {
    case none, proceed, other
  }

  private(set) var hosts = 0
  /// Whether every Host is a name or address, with or without a port.
  private(set) var areHostsValid = true
  private(set) var lengths = 0
  /// The announced length in bytes; nil if none or no plain number is announced.
  private(set) var length: Int?
  private(set) var codings = 0
  /// Whether the one transfer coding is `chunked`, which is the only one that can be taken off.
  private(set) var isChunked = false
  private(set) var expectation = Expectation.none
  private(set) var asksUpgrade = false
  private(set) var asksClose = false
  private(set) var asksKeepAlive = false

  init(_ headers: Headers) {
    for field in headers { note(field) }
  }

  /// Whether a body follows the head.
  var announcesBody: Bool { codings > 0 || (length ?? 0) > 0 }

  // Names are told apart by length first: most fields are none of these, and this runs for each of them.
  private mutating func note(_ field: Headers.Field) {
    let name = field.name
    switch name.count {
    case 4 where name.equalsIgnoringASCIICase("host"): noteHost(field.value)
    case 6 where name.equalsIgnoringASCIICase("expect"): noteExpectation(field.value)
    case 7 where name.equalsIgnoringASCIICase("upgrade"): asksUpgrade = true
    case 10 where name.equalsIgnoringASCIICase("connection"): noteConnection(field.value)
    case 14 where name.equalsIgnoringASCIICase("content-length"): noteLength(field.value)
    case 17 where name.equalsIgnoringASCIICase("transfer-encoding"): noteCoding(field.value)
    default: break
    }
  }

  private mutating func noteHost(_ value: ByteString) {
    hosts += 1
    if !value.trimmingSpaces.allSatisfy(\.mayBeInHost) { areHostsValid = false }
  }

  private mutating func noteExpectation(_ value: ByteString) {
    let proceeds = expectation != .other && value.equalsIgnoringASCIICase("100-continue")
    expectation = proceeds ? .proceed : .other
  }

  // In one pass that cuts nothing out: there can be as many options as bytes.
  private mutating func noteConnection(_ value: ByteString) {
    value.withBytes { bytes in
      var (start, end) = (0, 0)
      for index in 0..<bytes.count {
        let byte = bytes[index]
        if byte == UInt8(ascii: ",") {
          noteOption(bytes, start, end)
          start = end
        } else if !byte.isSpaceOrTab {
          if start == end { start = index }
          end = index + 1
        }
      }
      noteOption(bytes, start, end)
    }
  }

  private mutating func noteOption(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) {
    func isOption(_ name: String) -> Bool {
      let name = name.utf8.span
      for offset in name.indices where bytes[start + offset].asciiLowercased != name[offset] { return false }
      return true
    }
    switch end - start {
    case 5 where !asksClose: asksClose = isOption("close")
    case 10 where !asksKeepAlive: asksKeepAlive = isOption("keep-alive")
    default: break
    }
  }

  private mutating func noteLength(_ value: ByteString) {
    lengths += 1
    length = value.allSatisfy(\.isASCIIDigit) ? Int(value.text) : nil
  }

  private mutating func noteCoding(_ value: ByteString) {
    codings += 1
    isChunked = codings == 1 && value.trimmingSpaces.equalsIgnoringASCIICase("chunked")
  }
}

/// What becomes of a connection after an answer, which the answer says.
enum Persistence: Int, CaseIterable {
  /// It stays open, as HTTP/1.1 has it without a word.
  case open
  /// It stays open, and HTTP/1.0 must be told so.
  case openByRequest
  case close

  /// Never longer than the parser goes on: it counts `Proxy-Connection` too, and reads white space its own way.
  init(_ head: RequestHead, _ facts: HeadFacts) {
    if facts.asksClose || facts.asksUpgrade || !head.keepsAlive {
      self = .close
    } else if head.minorVersion == 0 {
      self = facts.asksKeepAlive ? .openByRequest : .close
    } else {
      self = .open
    }
  }
}

extension UInt8 {
  /// Whether a host or a port can hold the byte (RFC 3986, 3.2.2 and 3.2.3).
  fileprivate var mayBeInHost: Bool {
    isASCIILetter || isASCIIDigit || Self.signsInHost.contains(self)
  }

  private static let signsInHost = Array("-._~%!$&'()*+,;=:[]".utf8)
}
