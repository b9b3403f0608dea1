import Glibc

/// The bytes of a body as sent, split at line feeds.
///
/// A body that ends with a line feed has an empty last line, so that the final newline can be seen: it is a
/// common reason for a signature that fails. The carriage return of a CRLF stays on its line.
struct RawPayload: Sendable {
  private let body: [UInt8]
  private let starts: [UInt32]

  /// Indexes the line feeds of `body`; throws `tooLarge` past `sizeLimit` bytes.
  init(_ body: [UInt8], sizeLimit: Int = PayloadDocument.sizeLimit) throws(JSONFault) {
    guard body.count <= sizeLimit else { throw .tooLarge(size: body.count, limit: sizeLimit) }
    self.body = body
    starts = body.withUnsafeBytes { bytes in Self.lineStarts(bytes) }
  }

  private static func lineStarts(_ bytes: UnsafeRawBufferPointer) -> [UInt32] {
    var starts: [UInt32] = [0]
    guard let base = bytes.baseAddress else { return starts }
    var at = 0
    while let found = memchr(base + at, 0x0A, bytes.count - at) {
      at = base.distance(to: UnsafeRawPointer(found)) + 1
      starts.append(UInt32(truncatingIfNeeded: at))
    }
    return starts
  }

  var lineCount: Int { starts.count }

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
    max(0, PayloadBisection.count(below: starts.count) { Int(starts[$0]) <= offset } - 1)
  }
}
