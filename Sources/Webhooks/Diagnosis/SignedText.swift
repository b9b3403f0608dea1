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
    let time = SignatureHeader(value.utf8).timestampText
    self.init(before: time.map { $0 + [UInt8(ascii: ".")] } ?? [], body: request.body)
  }

  /// How many bytes were signed.
  public var count: Int { before.count + body.count + after.count }

  /// All of it, byte by byte.
  public var bytes: [UInt8] { before + body + after }

  var parts: [[UInt8]] { [before, body, after] }

  /// Where this and `other` first differ, counted from the first signed byte; nil where they are the same.
  public func firstDifference(from other: SignedText) -> ByteDifference? {
    ByteDifference(received: bytes, original: other.bytes)
  }
}
