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
