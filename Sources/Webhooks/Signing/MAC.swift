internal import COpenSSL
internal import JSON

/// A message authentication code of HMAC: up to 64 bytes, compared in constant time only.
///
/// It has no `==` and no text form on purpose: an expected MAC shown anywhere would sign for whoever reads it.
public struct MAC: Sendable {
  var bytes: InlineArray<64, UInt8>
  /// How many of the bytes count.
  package internal(set) var size: Int

  init(size: Int) {
    bytes = InlineArray(repeating: 0)
    self.size = size
  }

  /// The MAC of `size` bytes written as lower-case hexadecimal digits; nil for any other text.
  public init?(lowercaseHex text: some Collection<UInt8>, size: Int = 32) {
    self.init(lowercaseHex: Array(text).span, size: size)
  }

  /// The MAC of `size` bytes written as lower-case hexadecimal digits; nil for any other text.
  init?(lowercaseHex text: Span<UInt8>, size: Int) {
    guard text.count == 2 * size else { return nil }
    self.init(size: size)
    for place in 0..<size {
      guard let high = text[2 * place].lowercaseHexDigit, let low = text[2 * place + 1].lowercaseHexDigit
      else { return nil }
      bytes[place] = high << 4 | low
    }
  }

  /// The MAC of `size` bytes written as base64 with padding; nil for any other text.
  public init?(base64 text: some Collection<UInt8>, size: Int) {
    guard let decoded = Base64.decoded(Array(text).span), decoded.count == size else { return nil }
    self.init(size: size)
    for index in decoded.indices { bytes[index] = decoded[index] }
  }

  /// Returns whether both are the same, found in a time that does not depend on where they differ.
  public func matches(_ other: MAC) -> Bool {
    bytes.span.withUnsafeBytes { mine in
      other.bytes.span.withUnsafeBytes { theirs in
        size == other.size
          && ConstantTime.areEqual(
            UnsafeRawBufferPointer(rebasing: mine[..<size]), UnsafeRawBufferPointer(rebasing: theirs[..<size])
          )
      }
    }
  }

  /// The MAC that `write` writes, which returns its size in bytes; nil if it returns nil.
  static func made(_ write: (UnsafeMutableRawBufferPointer) -> Int?) -> MAC? {
    var mac = MAC(size: 0)
    var span = mac.bytes.mutableSpan
    guard let count = span.withUnsafeMutableBytes(write) else { return nil }
    mac.size = count
    return mac
  }

  /// The MAC of these bytes; nil if they are more than any digest has.
  package init?(_ code: [UInt8]) {
    self.init(size: code.count)
    guard code.count <= bytes.count else { return nil }
    for index in code.indices { bytes[index] = code[index] }
  }

  /// The bytes that count.
  package var array: [UInt8] { (0..<size).map { bytes[$0] } }
}

/// Comparison in a time that does not depend on where two byte strings differ.
package enum ConstantTime {
  /// Whether both are the same; their lengths are no secret.
  package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { areEqual(left, $0) } }
  }

  fileprivate static func areEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
  }
}
