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

/// What a sender signs, made from a template of `{t}`, `{id}`, `{url}`, `{method}`, `{body}` and text.
public struct SignedTextTemplate: Sendable, Equatable {
  private enum Piece: Sendable, Equatable {
    case text([UInt8])
    case time, id, url, method

    /// What stands in braces in a template.
    static let named: [(name: String, piece: Piece)] = [
      ("{t}", .time), ("{id}", .id), ("{url}", .url), ("{method}", .method),
    ]
  }

  /// The template, as it is shown to the user.
  public let template: String
  private let before: [Piece]
  private let after: [Piece]
  public let usesTime: Bool
  public let usesID: Bool
  public let usesURL: Bool
  public let usesMethod: Bool

  /// Reads a template. Returns nil if `{body}` does not stand in it just once, or something unknown in braces does.
  public init?(_ template: String) {
    let halves = template.split(separator: "{body}", omittingEmptySubsequences: false)
    guard halves.count == 2, let before = Self.pieces(halves[0]), let after = Self.pieces(halves[1]) else {
      return nil
    }
    self.init(before, after)
  }

  private init(_ before: [Piece], _ after: [Piece] = []) {
    func template(_ pieces: [Piece]) -> String {
      pieces.map { piece in
        if case .text(let text) = piece { return String(decoding: text, as: UTF8.self) }
        return Piece.named.first { $0.piece == piece }?.name ?? ""
      }.joined()
    }
    self.template = template(before) + "{body}" + template(after)
    self.before = before
    self.after = after
    usesTime = (before + after).contains(.time)
    usesID = (before + after).contains(.id)
    usesURL = (before + after).contains(.url)
    usesMethod = (before + after).contains(.method)
  }

  /// What is signed, in words: `t. and body`.
  public var words: String {
    let around = template.split(separator: "{body}", omittingEmptySubsequences: false)
      .map { $0.replacing("}{", with: " and ").replacing(/[{}]/, with: "") }
    return [around.first ?? "", "body", around.last ?? ""].filter { !$0.isEmpty }.joined(separator: " and ")
  }

  private static func pieces(_ text: Substring) -> [Piece]? {
    var pieces: [Piece] = []
    var rest = text
    while let next = rest.first {
      if let known = Piece.named.first(where: { rest.hasPrefix($0.name) }) {
        pieces.append(known.piece)
        rest = rest.dropFirst(known.name.count)
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
  public func filled(
    time: [UInt8], id: [UInt8], body: [UInt8], url: [UInt8] = [], method: [UInt8] = []
  ) -> SignedText {
    func filled(_ pieces: [Piece]) -> [UInt8] { Self.filled(pieces, time, id, url, method) }
    return SignedText(before: filled(before), body: body, after: filled(after))
  }

  private static func filled(
    _ pieces: [Piece], _ time: [UInt8], _ id: [UInt8], _ url: [UInt8], _ method: [UInt8]
  ) -> [UInt8] {
    guard !pieces.isEmpty else { return [] }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(time.count + id.count + url.count + method.count + 16)
    for piece in pieces {
      switch piece {
      case .text(let text): bytes += text
      case .time: bytes += time
      case .id: bytes += id
      case .url: bytes += url
      case .method: bytes += method
      }
    }
    return bytes
  }
}

// The texts of the senders that hooktop comes with.
extension SignedTextTemplate {
  static let body = SignedTextTemplate([])
  /// `{t}.{body}`.
  static let timeAndBody = SignedTextTemplate([.time, text(".")])
  /// `{t}:{body}`, as Paddle has it.
  static let timeColonBody = SignedTextTemplate([.time, text(":")])
  /// `{t}{body}`.
  static let timeBeforeBody = SignedTextTemplate([.time])
  /// `{body}{t}`, as Retell has it.
  static let bodyBeforeTime = SignedTextTemplate([], [.time])
  /// `v0:{t}:{body}`, as Slack and Zoom have it.
  static let versionTimeBody = SignedTextTemplate([text("v0:"), .time, text(":")])
  /// `{id}.{t}.{body}`, as Standard Webhooks has it.
  static let idTimeBody = SignedTextTemplate([.id, text("."), .time, text(".")])
  /// `{url}{body}`, as Square has it.
  static let urlAndBody = SignedTextTemplate([.url])
  /// `{method}{url}{body}{t}`, as HubSpot has it.
  static let wholeRequest = SignedTextTemplate([.method, .url], [.time])

  private static func text(_ text: String) -> Piece { .text(Array(text.utf8)) }
}
