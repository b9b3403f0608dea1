internal import JSON
public import Webhooks

/// The exact text that a signature is made over: for both providers `t`, a dot and the body.
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

  /// What the header of `request` says was signed: its `t` as sent, a dot and the body as it came.
  ///
  /// Without a readable `t` only the body stands there.
  public init(of request: Request, provider: Provider?) {
    let value = provider.flatMap { request.headers.first($0.signatureHeader) } ?? ""
    let time = SignatureHeader(value).timestampText
    self.init(before: time.map { $0 + [UInt8(ascii: ".")] } ?? [], body: request.body)
  }

  /// How many bytes were signed.
  public var count: Int { before.count + body.count + after.count }

  var parts: [[UInt8]] { [before, body, after] }

  /// Where this and `other` first differ, counted from the first signed byte; nil where they are the same.
  public func firstDifference(from other: SignedText) -> ByteDifference? {
    ByteDifference(received: self, original: other)
  }
}

extension SignedText {
  /// The bytes at these offsets, as far as there are some; the rest is not joined for it.
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

  /// The offset of the first byte in which the texts differ, or the shorter one's size.
  func sharedCount(with other: SignedText) -> Int {
    let shared = min(count, other.count)
    var start = 0
    while start < shared {
      let block = start..<min(start + Self.blockSize, shared)
      let own = bytes(in: block)
      let others = other.bytes(in: block)
      guard own == others else { return start + zip(own, others).prefix { $0 == $1 }.count }
      start = block.upperBound
    }
    return shared
  }

  /// How much is compared at once: two large texts need no third and fourth beside them.
  private static let blockSize = 1 << 16
}
