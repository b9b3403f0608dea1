/// The bytes of a body in hexadecimal, sixteen a line: address, two groups of eight, ASCII.
struct HexPayload: Sendable {
  /// Bytes on a line.
  static let width = 16
  private static let group = 8
  private static let digits = Array("0123456789abcdef".utf8)

  private let body: [UInt8]

  init(_ body: [UInt8]) {
    self.body = body
  }

  /// At least one line: an empty body shows its address alone.
  var lineCount: Int { max(1, (body.count + Self.width - 1) / Self.width) }

  func line(at line: Int) -> PayloadLine {
    guard 0..<lineCount ~= line else { return PayloadLine([]) }
    let range = byteRange(ofLine: line)
    let address = PayloadSegment(.offset, literal: Self.address(range.lowerBound))
    guard !range.isEmpty else { return PayloadLine([address]) }
    let middle = min(range.lowerBound + Self.group, range.upperBound)
    return PayloadLine([
      address, .indent(2),
      hex(range.lowerBound..<middle), .indent(2 + missing(from: range.lowerBound..<middle)),
      hex(middle..<range.upperBound), .indent(2 + missing(from: middle..<range.upperBound)),
      ascii(range),
    ])
  }

  func byteRange(ofLine line: Int) -> Range<Int> {
    line * Self.width..<min(body.count, (line + 1) * Self.width)
  }

  func line(containing offset: Int) -> Int {
    max(0, min(offset, body.count - 1)) / Self.width
  }

  /// The columns that a group lacks to its full width.
  private func missing(from range: Range<Int>) -> Int {
    (Self.group - range.count) * 3 - (range.isEmpty ? 1 : 0)
  }

  private func hex(_ range: Range<Int>) -> PayloadSegment {
    var text: [UInt8] = []
    for byte in body[range] {
      if !text.isEmpty { text.append(0x20) }
      text.append(Self.digits[Int(byte >> 4)])
      text.append(Self.digits[Int(byte & 15)])
    }
    return PayloadSegment(.hex, literal: String(decoding: text, as: UTF8.self), source: range)
  }

  private func ascii(_ range: Range<Int>) -> PayloadSegment {
    let text = body[range].map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: ".") }
    return PayloadSegment(.ascii, literal: String(decoding: text, as: UTF8.self), source: range)
  }

  private static func address(_ offset: Int) -> String {
    let digits = String(offset, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
  }
}
