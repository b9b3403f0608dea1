/// What happens to a body between its signer and the receiver.
enum BodyDamage {
  /// The JSON as Python's `json.dumps` prints it: spaced, and ASCII only; numbers keep their digits.
  static func rewritten(_ body: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var isInString = false
    var isEscaped = false
    for scalar in String(decoding: body, as: UTF8.self).unicodeScalars {
      appendASCII(scalar, to: &text)
      if isInString {
        if scalar == "\"", !isEscaped { isInString = false }
        isEscaped = scalar == "\\" && !isEscaped
      } else if scalar == "\"" {
        isInString = true
      } else if scalar == "," || scalar == ":" {
        text.append(UInt8(ascii: " "))
      }
    }
    return text
  }

  private static func appendASCII(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
    guard !scalar.isASCII else { return text.append(UInt8(truncatingIfNeeded: scalar.value)) }
    for unit in String(scalar).utf16 {
      let digits = String(unit, radix: 16)
      text += Array("\\u".utf8) + Array(repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count)
      text += Array(digits.utf8)
    }
  }

  /// UTF-8 that was read as Latin-1 and written as UTF-8; ASCII, which that leaves alone, as UTF-16.
  static func misread(_ body: [UInt8]) -> [UInt8] {
    guard body.contains(where: { $0 >= 0x80 }) else { return [0xFF, 0xFE] + body.flatMap { [$0, 0] } }
    return body.flatMap { $0 < 0x80 ? [$0] : [0xC0 | $0 >> 6, 0x80 | $0 & 0x3F] }
  }

  /// All but the last bytes, of which more are missing than closing brackets.
  static func cutOff(_ body: [UInt8]) -> [UInt8] { body.dropLast(min(16, body.count / 2)) }

  /// The body as the value of the form field `payload`.
  static func inForm(_ body: [UInt8]) -> [UInt8] {
    let hexDigits = Array("0123456789ABCDEF".utf8)
    return Array("payload=".utf8)
      + body.flatMap { byte -> [UInt8] in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2A, 0x2D, 0x2E, 0x5F: [byte]
        case 0x20: [UInt8(ascii: "+")]
        default: [UInt8(ascii: "%"), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
        }
      }
  }

  /// The body with its last digit counted up, or down from 9: the least edit there is.
  static func edited(_ body: [UInt8]) -> [UInt8] {
    var body = body
    if let last = body.lastIndex(where: { (0x30...0x39).contains($0) }) {
      body[last] = body[last] == UInt8(ascii: "9") ? UInt8(ascii: "8") : body[last] + 1
    }
    return body
  }
}
