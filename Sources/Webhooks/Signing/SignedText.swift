/// The exact text that a signature is made over: the body, and what the scheme puts around it, as `t` and a dot.
public struct SignedText: Sendable, Equatable {
  /// What stands before the body, as `1745518397.`.
  public let before: [UInt8]
  public let body: [UInt8]
  /// What stands after the body; empty in the documented form.
  public let after: [UInt8]

  public init(before: [UInt8], body: [UInt8], after: [UInt8] = []) {
    self.before = before
    self.body = body
    self.after = after
  }

  /// What `request` says was signed, under the provider's scheme; without a readable time only the body.
  public init(of request: Request, provider: Provider?) {
    guard let scheme = provider?.scheme, case let reading = scheme.read(request),
      !scheme.text.usesTime || reading.timeText != nil
    else {
      self.init(before: [], body: request.body)
      return
    }
    self = scheme.text(reading, body: request.body)
  }

  /// How many bytes were signed.
  public var count: Int { before.count + body.count + after.count }

  public var parts: [[UInt8]] { [before, body, after] }
}

extension SignedText {
  /// Returns the bytes at these offsets, or as many of them as there are; the rest is not joined for it.
  public func bytes(in range: Range<Int>) -> [UInt8] {
    var found: [UInt8] = []
    var start = 0
    for part in parts {
      let piece = range.clamped(to: start..<start + part.count)
      found += part[piece.lowerBound - start..<piece.upperBound - start]
      start += part.count
    }
    return found
  }

  /// Returns the offset of the first byte in which the texts differ, or the shorter one's size.
  public func sharedCount(with other: SignedText, isCancelled: () -> Bool = { false }) -> Int {
    let shared = min(count, other.count)
    var start = 0
    while start < shared, !isCancelled() {
      let block = start..<min(start + Self.blockSize, shared)
      let own = bytes(in: block)
      let others = other.bytes(in: block)
      guard own == others else { return start + zip(own, others).prefix { $0 == $1 }.count }
      start = block.upperBound
    }
    return start
  }

  /// How much is compared at once: two large texts need no third and fourth beside them.
  private static let blockSize = 1 << 16
}

/// What a sender signs, made from a template of `{t}`, `{id}`, `{body}` and text.
public struct SignedTextTemplate: Sendable, Equatable {
  private enum Piece: Sendable, Equatable {
    case text([UInt8])
    case time, id
  }

  /// The template, as it is shown to the user.
  public let template: String
  private let before: [Piece]
  private let after: [Piece]
  public let usesTime: Bool
  public let usesID: Bool

  /// Reads a template. Returns nil if `{body}` does not stand in it just once, or something unknown in braces does.
  public init?(_ template: String) {
    let halves = template.split(separator: "{body}", omittingEmptySubsequences: false)
    guard halves.count == 2, let before = Self.pieces(halves[0]), let after = Self.pieces(halves[1]) else {
      return nil
    }
    self.template = template
    self.before = before
    self.after = after
    usesTime = (before + after).contains(.time)
    usesID = (before + after).contains(.id)
  }

  private init(template: String, before: [Piece], usesTime: Bool) {
    self.template = template
    self.before = before
    after = []
    self.usesTime = usesTime
    usesID = false
  }

  /// `{t}.{body}`.
  static let timeAndBody = SignedTextTemplate(
    template: "{t}.{body}", before: [.time, .text([UInt8(ascii: ".")])], usesTime: true)

  /// What is signed, in words: `t. and body`.
  public var words: String {
    let around = template.split(separator: "{body}", omittingEmptySubsequences: false)
      .map { $0.replacing(/[{}]/, with: "") }
    return [around.first ?? "", "body", around.last ?? ""].filter { !$0.isEmpty }.joined(separator: " and ")
  }

  private static func pieces(_ text: Substring) -> [Piece]? {
    var pieces: [Piece] = []
    var rest = text
    while let next = rest.first {
      if rest.hasPrefix("{t}") {
        pieces.append(.time)
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("{id}") {
        pieces.append(.id)
        rest = rest.dropFirst(4)
      } else {
        guard next != "{", next != "}" else { return nil }
        let plain = rest.prefix { $0 != "{" && $0 != "}" }
        pieces.append(.text(Array(plain.utf8)))
        rest = rest.dropFirst(plain.count)
      }
    }
    return pieces
  }

  /// Returns the text with its places filled in.
  public func filled(time: [UInt8], id: [UInt8], body: [UInt8]) -> SignedText {
    SignedText(
      before: Self.filled(before, time, id), body: body, after: Self.filled(after, time, id))
  }

  private static func filled(_ pieces: [Piece], _ time: [UInt8], _ id: [UInt8]) -> [UInt8] {
    guard !pieces.isEmpty else { return [] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(time.count + id.count + 16)
    for piece in pieces {
      switch piece {
      case .text(let text): bytes += text
      case .time: bytes += time
      case .id: bytes += id
      }
    }
    return bytes
  }
}
