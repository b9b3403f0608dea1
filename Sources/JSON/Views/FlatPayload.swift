/// The bytes of a body as sent, split at line feeds.
///
/// A body that ends with a line feed has an empty last line, so that the final newline can be seen: it is a
/// common reason for a signature that fails. The carriage return of a CRLF stays on its line.
struct RawPayload: Sendable {
  private let body: [UInt8]
  private let starts: [UInt32]

  /// Indexes the line feeds of `body`; throws `tooLarge` past `sizeLimit` bytes, and `indexTooLarge` where the index
  /// would take more than `memoryLimit` bytes.
  init(
    _ body: [UInt8], sizeLimit: Int = PayloadDocument.sizeLimit,
    memoryLimit: Int = PayloadDocument.indexLimit
  ) throws(JSONFault) {
    guard body.count <= sizeLimit else { throw .tooLarge(size: body.count, limit: sizeLimit) }
    self.body = body
    starts = try Self.lineStarts(body, atMost: memoryLimit / MemoryLayout<UInt32>.stride)
  }

  private static func lineStarts(_ body: [UInt8], atMost limit: Int) throws(JSONFault) -> [UInt32] {
    var starts: [UInt32] = [0]
    var at = 0
    while let end = body.newline(from: at) {
      at = end + 1
      guard starts.count < limit else {
        throw .indexTooLarge(
          size: (limit + 1) * MemoryLayout<UInt32>.stride, limit: limit * MemoryLayout<UInt32>.stride)
      }
      starts.append(UInt32(truncatingIfNeeded: at))
    }
    return starts
  }

  var lineCount: Int { starts.count }
  var indexBytes: Int { starts.count * MemoryLayout<UInt32>.stride }

  func line(at line: Int) -> PayloadLine {
    guard starts.indices.contains(line) else { return PayloadLine([]) }
    let range = byteRange(ofLine: line)
    let isLast = line == starts.count - 1
    let shown = range.lowerBound..<range.upperBound - (isLast ? 0 : 1)
    return PayloadLine(shown.isEmpty ? [] : [PayloadSegment(.text, bytes: shown)])
  }

  /// The bytes of the line, its line feed included.
  func byteRange(ofLine line: Int) -> Range<Int> {
    let end = line + 1 < starts.count ? Int(starts[line + 1]) : body.count
    return Int(starts[line])..<end
  }

  func line(containing offset: Int) -> Int {
    max(0, Bisection.count(below: starts.count) { Int(starts[$0]) <= offset } - 1)
  }
}

/// The bytes of a body in hexadecimal, sixteen or eight a line: address, groups of eight, ASCII.
struct HexPayload: Sendable {
  /// Bytes on a line.
  let width: Int
  private static let group = 8

  private let body: [UInt8]

  init(_ body: [UInt8], width: Int = 16) {
    self.body = body
    self.width = width
  }

  /// At least one line: an empty body shows its address alone.
  var lineCount: Int { max(1, (body.count + width - 1) / width) }

  func line(at line: Int) -> PayloadLine {
    guard 0..<lineCount ~= line else { return PayloadLine([]) }
    let range = byteRange(ofLine: line)
    let address = PayloadSegment(.offset, literal: Self.address(range.lowerBound))
    guard !range.isEmpty else { return PayloadLine([address]) }
    var segments = [address]
    for start in stride(from: range.lowerBound, to: range.lowerBound + width, by: Self.group) {
      let group = min(start, range.upperBound)..<min(start + Self.group, range.upperBound)
      segments += [.indent(2), hex(group), .indent(missing(from: group))]
    }
    return PayloadLine(segments + [.indent(2), ascii(range)])
  }

  func byteRange(ofLine line: Int) -> Range<Int> {
    line * width..<min(body.count, (line + 1) * width)
  }

  func line(containing offset: Int) -> Int {
    max(0, min(offset, body.count - 1)) / width
  }

  /// The columns that a group lacks to its full width.
  private func missing(from range: Range<Int>) -> Int {
    (Self.group - range.count) * 3 - (range.isEmpty ? 1 : 0)
  }

  private func hex(_ range: Range<Int>) -> PayloadSegment {
    var text: [UInt8] = []
    for byte in body[range] {
      if !text.isEmpty { text.append(0x20) }
      text += Hex.digits(of: byte)
    }
    return PayloadSegment(.hex, literal: String(decoding: text, as: UTF8.self), source: range)
  }

  private func ascii(_ range: Range<Int>) -> PayloadSegment {
    let text = body[range].map { 0x20...0x7E ~= $0 ? $0 : UInt8(ascii: ".") }
    return PayloadSegment(.ascii, literal: String(decoding: text, as: UTF8.self), source: range)
  }

  private static func address(_ offset: Int) -> String { Hex.text(offset, width: 8) }
}
