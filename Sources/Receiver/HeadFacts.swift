import JSON
import Webhooks

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

  init() {}

  init(_ headers: Headers) {
    for field in headers { note(field.name.bytes.span, field.value.bytes.span) }
  }

  /// Whether a body follows the head.
  var announcesBody: Bool { codings > 0 || (length ?? 0) > 0 }

  /// Takes note of a field.
  ///
  /// Names are told apart by length first: most fields are none of these, and this runs for each of them.
  /// - Parameter value: white space may stand around it.
  mutating func note(_ name: Span<UInt8>, _ value: Span<UInt8>) {
    switch name.count {
    case 4 where HTTPText.isName(name, "host"): noteHost(value)
    case 6 where HTTPText.isName(name, "expect"): noteExpectation(value)
    case 7 where HTTPText.isName(name, "upgrade"): asksUpgrade = true
    case 10 where HTTPText.isName(name, "connection"): noteConnection(value)
    case 14 where HTTPText.isName(name, "content-length"): noteLength(value)
    // No standard knows it, but who sends it may mean what it says.
    case 16 where HTTPText.isName(name, "proxy-connection"): noteProxyConnection(value)
    case 17 where HTTPText.isName(name, "transfer-encoding"): noteCoding(value)
    default: break
    }
  }

  private mutating func noteHost(_ value: Span<UInt8>) {
    hosts += 1
    let host = value.trimmed { $0.isSpaceOrTab }
    for index in host where !value[index].mayBeInHost { areHostsValid = false }
  }

  private mutating func noteExpectation(_ value: Span<UInt8>) {
    let isKnown = HTTPText.isName(value.extracting(value.trimmed { $0.isSpaceOrTab }), "100-continue")
    expectation = expectation != .other && isKnown ? .proceed : .other
  }

  // Of the white space only spaces are passed over where a body's end depends on it: some readers take a tab for a part
  // of the value.
  private mutating func noteLength(_ value: Span<UInt8>) {
    lengths += 1
    length = HTTPText.number(value.extracting(value.trimmed { $0 == UInt8(ascii: " ") }))
  }

  private mutating func noteCoding(_ value: Span<UInt8>) {
    codings += 1
    let coding = value.extracting(value.trimmed { $0 == UInt8(ascii: " ") })
    isChunked = codings == 1 && HTTPText.isName(coding, "chunked")
  }

  private mutating func noteConnection(_ value: Span<UInt8>) {
    HTTPText.forEachOption(in: value) { noteOption($0, hasTab: $1) }
  }

  // Who does not see the option for the tab beside it closes: that is never wrong, and going on may be.
  private mutating func noteOption(_ option: Span<UInt8>, hasTab: Bool) {
    switch option.count {
    case 5 where !asksClose: asksClose = HTTPText.isName(option, "close")
    case 10 where !asksKeepAlive && !hasTab: asksKeepAlive = HTTPText.isName(option, "keep-alive")
    default: break
    }
  }

  private mutating func noteProxyConnection(_ value: Span<UInt8>) {
    let asksKeepAlive = asksKeepAlive
    noteConnection(value)
    self.asksKeepAlive = asksKeepAlive
  }
}

extension Span<UInt8> {
  /// Where it stands without the bytes at both ends that satisfy `isEdge`.
  fileprivate func trimmed(_ isEdge: (UInt8) -> Bool) -> Range<Int> {
    var (start, end) = (0, count)
    while start < end, isEdge(self[start]) { start += 1 }
    while end > start, isEdge(self[end - 1]) { end -= 1 }
    return start..<end
  }
}

extension UInt8 {
  /// Whether a host or a port can hold the byte: a letter, a digit, or one of -._~%!$&'()*+,;=:[] (RFC 3986, 3.2.2 and
  /// 3.2.3).
  fileprivate var mayBeInHost: Bool {
    // A bit for each byte that can, of the first 64 and of the next.
    let bits: UInt64 = self < 64 ? 0x2FFF_7FF2_0000_0000 : 0x47FF_FFFE_AFFF_FFFE
    return self < 128 && bits >> UInt64(self & 63) & 1 == 1
  }
}
