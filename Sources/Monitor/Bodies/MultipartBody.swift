internal import JSON
internal import Webhooks

extension BodyKind {
  /// The parts of a multipart body, each with its headers and its content, which is of a kind of its own.
  static let multipart: BodyKind = BodyKind(
    name: "multipart", mediaTypes: ["multipart/form-data", "multipart/mixed", "multipart/related"],
    fits: { content in
      guard let delimiter = MultipartReader.delimiter(of: content) else { return false }
      var reader = MultipartReader(content.bytes, delimiter)
      let hasPart = reader.next() != nil
      return hasPart && (reader.isDelimited || content.isCut || multipart.isAnnounced(by: content.type))
    },
    layOut: { content, work throws(JSONFault) in
      var lines = work.arranged()
      var reader = MultipartReader(content.bytes, MultipartReader.delimiter(of: content) ?? [])
      var number = 0
      while let part = reader.next() {
        number += 1
        if number == 1 { try add("before the parts", reader.preamble, of: content, to: &lines) }
        if number > 1 || reader.hasPreamble { try lines.begin(at: part.lowerBound) }
        try add(part, number, of: content, to: &lines, work)
      }
      if reader.hasEpilogue, !content.isCut {
        try lines.begin(at: reader.epilogue.lowerBound)
        try add("after the parts", reader.epilogue, of: content, to: &lines)
      }
      return PayloadDocument(lines)
    })

  /// What stands outside of the parts, which most readers ignore; nothing where it is blank.
  private static func add(
    _ place: String, _ range: Range<Int>, of content: BodyContent, to lines: inout ArrangedPayload
  ) throws(JSONFault) {
    guard content.bytes[range].contains(where: { !$0.isBlank }) else { return }
    try lines.begin(at: range.lowerBound)
    try lines.add("\(place), \(Wording.bytes(range.count))", .offset)
    try lines.add(text: content.bytes, in: range, .elision, indent: 2)
  }

  private static func add(
    _ part: Range<Int>, _ number: Int, of content: BodyContent, to lines: inout ArrangedPayload,
    _ work: BodyWork
  ) throws(JSONFault) {
    let (fields, start) = MultipartReader.head(of: part, in: content.bytes)
    try lines.begin(at: part.lowerBound)
    let isLast = part.upperBound == content.bytes.count
    let size = content.isCut && isLast ? "" : ", \(Wording.bytes(part.upperBound - start))"
    try lines.add("part \(number)\(size)", .offset)
    for field in fields {
      let line = content.bytes[field]
      let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
      try lines.begin(at: field.lowerBound)
      try lines.add(line[..<colon], .key)
      try lines.add(line[colon...].prefix(1), .punctuation)
      try lines.add(line[colon...].dropFirst(), .text)
    }
    guard start < part.upperBound else { return }
    try lines.begin(at: start)
    let type = MultipartReader.type(of: fields, in: content.bytes)
    let inner = content.part(Array(content.bytes[start..<part.upperBound]), type, isLast: isLast)
    try lines.add(part: inner, work, indent: 2) { start + $0 }
  }
}

extension ArrangedPayload {
  /// How many lines of a part in hexadecimal are shown.
  private static let hexLines = 16

  /// Adds a part laid out by its own kind, indented.
  /// - Parameter origin: gives the byte of the body for a byte of the part's.
  mutating func add(
    part content: BodyContent, _ work: BodyWork, indent: Int, origin: (Int) -> Int
  ) throws(JSONFault) {
    let isDeep = content.depth > BodyContent.deepest
    let document = BodyReading(part: content).document(isDeep ? .raw : .pretty, work)
    guard document.mode == .hex, document.lineCount > Self.hexLines else {
      return try add(document, indent: indent, origin: origin)
    }
    try add(document, lines: 0..<Self.hexLines, indent: indent, origin: origin)
    guard !content.isCut else { return }
    try begin(at: origin(document.byteOffset(ofLine: Self.hexLines)), indent: indent)
    let left = document.body.count - document.byteOffset(ofLine: Self.hexLines)
    try add("… \(Wording.bytes(left)) more", .elision)
  }
}

/// Goes through the parts of a multipart body, which stand between lines that begin with its delimiter.
struct MultipartReader {
  private let bytes: [UInt8]
  private let delimiter: [UInt8]
  /// Where the next line is looked for.
  private var at = 0
  /// Where the part begins that is being read; nil before the first delimiter, and after the last one.
  private var start: Int?
  /// Whether a delimiter has ended a part.
  private(set) var isDelimited = false
  /// The text before the first delimiter, known once the first part is read.
  private(set) var preamble = 0..<0
  /// The text after the last delimiter, known once all parts are read.
  private(set) var epilogue = 0..<0
  /// Whether the preamble has anything but white space.
  var hasPreamble: Bool { bytes[preamble].contains { !$0.isBlank } }
  /// Whether the epilogue has anything but white space.
  var hasEpilogue: Bool { bytes[epilogue].contains { !$0.isBlank } }

  init(_ bytes: [UInt8], _ delimiter: [UInt8]) {
    self.bytes = bytes
    self.delimiter = delimiter
  }

  /// Two dashes and the boundary that the header names, or else that the body begins with.
  static func delimiter(of content: BodyContent) -> [UInt8]? {
    if BodyKind.multipart.isAnnounced(by: content.type), let boundary = content.type?.parameter("boundary"),
      !boundary.isEmpty
    {
      return Array("--".utf8) + boundary
    }
    let line = content.bytes.prefix(72).prefix { $0 > 0x20 && $0 < 0x7F }
    guard line.starts(with: "--".utf8), line.count > 3 else { return nil }
    let head = content.bytes[line.endIndex...].prefix(1024).prefix { $0 != UInt8(ascii: ":") }
    // A field name follows a line break: what else begins with dashes is a list, or a key in text.
    let name = head.drop { $0 == 0x0D || $0 == 0x0A }
    guard name.count < head.count, !name.isEmpty, name.allSatisfy({ $0.isASCIILetter || $0 == 0x2D }) else {
      return nil
    }
    return Array(line)
  }

  /// Where the next part stands, headers included and the line break before the next delimiter not; one that no
  /// delimiter ends goes to the end.
  mutating func next() -> Range<Int>? {
    while at < bytes.count {
      let line = at
      let end = bytes.newline(from: line) ?? bytes.count
      at = min(end + 1, bytes.count)
      guard bytes[line..<end].starts(with: delimiter) else { continue }
      var rest = bytes[line..<end].dropFirst(delimiter.count)
      let isLast = rest.starts(with: "--".utf8)
      if isLast { rest = rest.dropFirst(2) }
      // The boundary of parts inside a part may begin with that of the parts around it.
      guard rest.allSatisfy(\.isBlank) else { continue }
      let begin = start
      if begin == nil { preamble = 0..<beforeBreak(line) }
      start = isLast ? nil : at
      if isLast {
        epilogue = at..<bytes.count
        at = bytes.count
      }
      if let begin {
        isDelimited = true
        return begin..<max(begin, beforeBreak(line))
      }
    }
    defer { start = nil }
    return start.flatMap { $0 < bytes.count ? $0..<bytes.count : nil }
  }

  private func beforeBreak(_ line: Int) -> Int {
    guard line > 0 else { return 0 }
    return line > 1 && bytes[line - 2] == 0x0D ? line - 2 : line - 1
  }

  /// The header lines of a part, and where its content begins: after a blank line. What has no such line has no headers.
  static func head(of part: Range<Int>, in bytes: [UInt8]) -> (fields: [Range<Int>], start: Int) {
    var fields: [Range<Int>] = []
    var at = part.lowerBound
    // More than a hundred lines are no header.
    while at < part.upperBound, fields.count < 100 {
      let (end, next) = bytes.lineEnd(from: at, before: part.upperBound)
      if end == at { return (fields, next ?? part.upperBound) }
      fields.append(at..<end)
      guard let next else { break }
      at = next
    }
    return ([], part.lowerBound)
  }

  /// What a part's own Content-Type says.
  static func type(of fields: [Range<Int>], in bytes: [UInt8]) -> MediaType? {
    for field in fields {
      let line = bytes[field]
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      guard ByteString(line[..<colon]).equalsIgnoringASCIICase("content-type") else { continue }
      return MediaType(ByteString(line[(colon + 1)...]))
    }
    return nil
  }
}
