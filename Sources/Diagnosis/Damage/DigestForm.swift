internal import JSON
internal import Webhooks

/// A wrong way to write the bytes of a digest, known from senders' code.
enum DigestForm: Sendable, Equatable, CaseIterable {
  case zerosDropped, leadingZerosDropped, signedBytes, signedBytesShort, hyphens, colons, base64OfHex,
    base64OfUpperHex

  /// The digest as it is written so.
  func written(_ mac: [UInt8]) -> [UInt8] {
    let pairs = mac.map { Hex.text([$0]) }
    switch self {
    case .zerosDropped: return Array(mac.map { String($0, radix: 16) }.joined().utf8)
    case .leadingZerosDropped: return Array(Hex.text(mac).utf8.drop { $0 == UInt8(ascii: "0") })
    case .signedBytes: return Array(zip(mac, pairs).map { ($0 < 0x80 ? "" : "ffffff") + $1 }.joined().utf8)
    case .signedBytesShort:
      return Array(zip(mac, pairs).map { $0 < 0x80 ? String($0, radix: 16) : "ffffff" + $1 }.joined().utf8)
    case .hyphens: return Array(pairs.joined(separator: "-").utf8)
    case .colons: return Array(pairs.joined(separator: ":").utf8)
    case .base64OfHex: return Base64.encoded(Array(Hex.text(mac).utf8))
    case .base64OfUpperHex: return Base64.encoded(Array(Hex.text(mac).uppercased().utf8))
    }
  }

  /// Whether `text` may be a digest of `size` bytes in this form.
  func fits(_ text: ArraySlice<UInt8>, size: Int) -> Bool {
    let isHex = text.allSatisfy { $0.hexDigit != nil }
    switch self {
    case .zerosDropped, .leadingZerosDropped: return isHex && (size..<2 * size).contains(text.count)
    case .signedBytes, .signedBytesShort: return isHex && (2 * size + 1...8 * size).contains(text.count)
    case .hyphens: return text.count == 3 * size - 1 && text.contains(UInt8(ascii: "-"))
    case .colons: return text.count == 3 * size - 1 && text.contains(UInt8(ascii: ":"))
    case .base64OfHex, .base64OfUpperHex: return text.count == (2 * size + 2) / 3 * 4
    }
  }

  /// What is wrong, as a sentence about the digest.
  var words: String {
    switch self {
    case .zerosDropped: "each byte below 0x10 lost its leading zero"
    case .leadingZerosDropped: "it lost its leading zero, as a number printed in hexadecimal does"
    case .signedBytes, .signedBytesShort: "bytes from 0x80 on are written as ffffffxx, as signed numbers are"
    case .hyphens: "its bytes are separated by hyphens"
    case .colons: "its bytes are separated by colons"
    case .base64OfHex, .base64OfUpperHex: "the hexadecimal text was put into base64"
    }
  }
}
