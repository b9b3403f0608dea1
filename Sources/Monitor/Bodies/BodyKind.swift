internal import JSON
internal import Screen
internal import Webhooks

/// A kind of body that the body pane knows how to lay out: one value, in a file of its own.
///
/// Bytes decide, and the header only where they leave it open: many senders announce a form and send JSON.
struct BodyKind: Sendable {
  /// What it is called in the pane's title.
  let name: String
  /// The media types that announce it, in lower case; one that begins with `+` is the end of many.
  let mediaTypes: [String]
  /// The view that it looks like when it is laid out; nil if that is one of its own.
  var plainView: PayloadMode?
  /// Whether the bytes are of this kind.
  let fits: @Sendable (BodyContent) -> Bool
  /// Lays the bytes out to be read; throws why they can't be, and they are shown as they were sent.
  let layOut: @Sendable (BodyContent, BodyWork) throws(JSONFault) -> PayloadDocument

  /// Every kind there is, in the order in which they are tried. The last one fits anything.
  static let all: [BodyKind] = [.json, .multipart, .html, .xml, .form, .announcedJSON, .text, .binary]

  /// The kind of a content.
  static func of(_ content: BodyContent) -> BodyKind { all.first { $0.fits(content) } ?? .binary }

  /// Whether the header announces this kind.
  func isAnnounced(by type: MediaType?) -> Bool {
    type.map { type in mediaTypes.contains(where: type.matches) } ?? false
  }
}

/// The bytes that are laid out, and what is said of them.
struct BodyContent: Sendable {
  let bytes: [UInt8]
  /// What the header says; nil if it says nothing that can be read.
  let type: MediaType?
  /// How many others it is a part of.
  var depth = 0
  /// Whether it is only the beginning of what was sent: nothing is told by where it ends.
  var isCut = false

  /// How deep parts may be nested for their contents to be read.
  static let deepest = 4

  /// What stands in a part of this content.
  /// - Parameter isLast: whether the part reaches to the end of it, and is cut off where the content is.
  func part(_ bytes: [UInt8], _ type: MediaType? = nil, isLast: Bool) -> BodyContent {
    BodyContent(bytes: bytes, type: type, depth: depth + 1, isCut: isCut && isLast)
  }

  /// The first byte that is not white space, after a byte order mark.
  var start: Int? {
    let begin = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    return bytes[begin...].firstIndex { !$0.isBlank }
  }
}

/// What a layout is made for: how wide hexadecimal is, and whether anybody still waits.
struct BodyWork: Sendable {
  var hexWidth = 16
  /// The most that what is written out may take, in bytes.
  var memoryLimit = ArrangedPayload.memoryLimit
  var isCancelled: @Sendable () -> Bool = { false }

  func arranged() -> ArrangedPayload { ArrangedPayload(memoryLimit: memoryLimit, isCancelled: isCancelled) }
}

/// What a Content-Type says: `multipart/form-data; boundary=x`.
struct MediaType: Sendable, Equatable {
  /// Without parameters, as sent.
  private let name: ByteString
  private let value: ByteString

  init?(_ value: ByteString?) {
    guard let value else { return nil }
    self.value = value
    name = ByteString(value.bytes.prefix { $0 != UInt8(ascii: ";") }).trimmingSpaces
    guard !name.isEmpty else { return nil }
  }

  /// Whether it is `pattern`, or ends with it where that begins with `+`.
  func matches(_ pattern: String) -> Bool {
    guard pattern.hasPrefix("+"), name.count > pattern.utf8.count else {
      return name.equalsIgnoringASCIICase(pattern)
    }
    return ByteString(name.suffix(pattern.utf8.count)).equalsIgnoringASCIICase(pattern)
  }

  /// The value of a parameter, without quotes; its name in lower case.
  func parameter(_ wanted: String) -> [UInt8]? {
    for part in value.bytes.split(separator: UInt8(ascii: ";")).dropFirst() {
      guard let mark = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
      guard ByteString(part[..<mark].trimmingSpaces).equalsIgnoringASCIICase(wanted) else { continue }
      let text = part[(mark + 1)...].trimmingSpaces
      return Array(
        text.first == 0x22 && text.last == 0x22 && text.count > 1 ? text.dropFirst().dropLast() : text)
    }
    return nil
  }
}

extension UInt8 {
  /// Whether it is a space, a tab or part of a line break.
  var isBlank: Bool { self == 0x20 || 0x09...0x0D ~= self }
}
