internal import Diagnosis
internal import JSON

extension BodyKind {
  /// Fields of a form, a line each: `name=value&…`, decoded.
  static let form: BodyKind = BodyKind(
    name: "form", mediaTypes: ["application/x-www-form-urlencoded"],
    fits: { content in
      let isAnnounced = form.isAnnounced(by: content.type)
      if !isAnnounced, text.isAnnounced(by: content.type) { return false }
      return isAnnounced ? FormFields.mayBeForm(content.bytes) : FormFields.isForm(content)
    },
    layOut: { content, work throws(JSONFault) in
      var lines = work.arranged()
      var at = 0
      while let field = FormFields.next(from: &at, in: content.bytes) {
        try add(field, of: content, to: &lines, work)
      }
      return PayloadDocument(lines)
    })

  private static func add(
    _ field: Range<Int>, of content: BodyContent, to lines: inout ArrangedPayload, _ work: BodyWork
  ) throws(JSONFault) {
    let bytes = content.bytes[field]
    let mark = bytes.firstIndex(of: UInt8(ascii: "="))
    try lines.begin(at: field.lowerBound)
    // A line feed in a name is a picture, as every control character is.
    try lines.add(FormFields.decoded(bytes[..<(mark ?? bytes.endIndex)]).map { $0 == 0x0A ? 0x0D : $0 }, .key)
    guard let mark else { return }
    let isLast = field.upperBound == content.bytes.count
    let value = FormFields.decoded(
      content.isCut && isLast ? bytes[(mark + 1)...].withoutCutEscape : bytes[(mark + 1)...])
    let part = content.part(value, isLast: isLast)
    if json.fits(part), part.start.map({ [0x5B, 0x7B].contains(value[$0]) }) == true {
      try lines.add(" =", .punctuation)
      try lines.add(part: part, work, indent: 2) { _ in mark + 1 }
    } else if value.contains(where: { $0 == 0x0A || $0 == 0x0D }) {
      try lines.add(" =", .punctuation)
      try lines.add(text: value, in: 0..<value.count, .string, indent: 2) { _ in mark + 1 }
    } else {
      try lines.add(" = ", .punctuation)
      try lines.add(value, .string)
    }
  }
}

/// Reads the fields of a form.
enum FormFields {
  private static let ampersand = UInt8(ascii: "&")

  /// Where the next field that is not empty stands.
  static func next(from at: inout Int, in bytes: [UInt8]) -> Range<Int>? {
    while at < bytes.count, bytes[at] == ampersand { at += 1 }
    guard at < bytes.count else { return nil }
    let start = at
    while at < bytes.count, bytes[at] != ampersand { at += 1 }
    // A file that was posted as it is often ends with a newline.
    let end = at == bytes.count ? bytes[start..<at].trimmedEnd(where: \.isBlank).endIndex : at
    return start..<max(start, end)
  }

  /// The text that part of a field stands for; as it was sent where it is not encoded rightly.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    PercentCoding.decoded(bytes, plusIsSpace: true) ?? Array(bytes)
  }

  /// Whether bytes that are announced as a form may be one: text on one line that has a field.
  static func mayBeForm(_ bytes: [UInt8]) -> Bool {
    let text = bytes[...].trimmedEnd(where: \.isBlank)
    return text.contains(UInt8(ascii: "=")) && text.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
  }

  /// Whether bytes that nobody announced as a form are one: nothing but named fields in the letters of an encoded form,
  /// one of them with a value. Base64 with its padding is none.
  static func isForm(_ content: BodyContent) -> Bool {
    var (marks, values, name) = (0, 0, 0)
    for byte in content.bytes[...].trimmedEnd(where: \.isBlank) {
      switch byte {
      case ampersand:
        guard marks == 1 else { return false }
        (marks, name) = (0, 0)
      case UInt8(ascii: "="):
        guard marks == 0, name > 0 else { return false }
        marks = 1
      default:
        guard byte.isASCIILetter || byte.isASCIIDigit || others.contains(byte) else { return false }
        if marks == 0 { name += 1 } else { values += 1 }
      }
    }
    // A field that is cut off may still get its value.
    return (marks == 1 || content.isCut) && values > 0
  }

  private static let others = Array("-._*~+%[]".utf8)
}

extension ArraySlice<UInt8> {
  /// The bytes up to an escape like `%7B` of which not all is there.
  fileprivate var withoutCutEscape: ArraySlice<UInt8> {
    suffix(2).lastIndex(of: UInt8(ascii: "%")).map { self[..<$0] } ?? self
  }
}
