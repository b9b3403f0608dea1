internal import COpenSSL
internal import JSON

/// A message authentication code of HMAC-SHA256: 32 bytes, compared in constant time only.
///
/// It has no `==` and no text form on purpose: an expected MAC shown anywhere would sign for whoever reads it.
public struct MAC: Sendable {
  var bytes: InlineArray<32, UInt8>

  init() {
    bytes = InlineArray(repeating: 0)
  }

  /// The MAC written as 64 lower-case hexadecimal digits; nil for any other text.
  public init?(lowercaseHex text: some Collection<UInt8>) {
    guard text.count == 64 else { return nil }
    self.init()
    var position = 0
    for byte in text {
      guard let digit = byte.lowercaseHexDigit else { return nil }
      bytes[position >> 1] = bytes[position >> 1] << 4 | digit
      position += 1
    }
  }

  /// Whether both are the same, found in a time that does not depend on where they differ.
  public func matches(_ other: MAC) -> Bool {
    bytes.span.withUnsafeBytes { mine in
      other.bytes.span.withUnsafeBytes { theirs in
        CRYPTO_memcmp(mine.baseAddress, theirs.baseAddress, 32) == 0
      }
    }
  }
}
