internal import JSON

/// Base64 of either alphabet, with or without padding, as it is met in the wild.
enum LenientBase64 {
  /// The bytes that `text` stands for; nil where it is not base64 or holds less than one byte.
  static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var digits: [UInt8] = []
    digits.reserveCapacity(text.count + 3)
    for byte in text {
      switch byte {
      case UInt8(ascii: "-"): digits.append(UInt8(ascii: "+"))
      case UInt8(ascii: "_"): digits.append(UInt8(ascii: "/"))
      case 0x0A, 0x0D: break
      default: digits.append(byte)
      }
    }
    while digits.last == UInt8(ascii: "=") { digits.removeLast() }
    guard digits.count > 1 else { return nil }
    digits += repeatElement(UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
    return Base64.decoded(digits.span)
  }
}
