public import JSON

/// What HTTP allows in the texts of a message, asked of what was not read by a parser of HTTP, or is to be sent.
public enum HTTPText {
  /// Whether the text is a token of RFC 9110: a method or a field name.
  public static func isToken(_ text: ByteString) -> Bool { isToken(text.bytes.span) }

  /// Whether the text is a token of RFC 9110: a method or a field name.
  public static func isToken(_ text: Span<UInt8>) -> Bool {
    !text.isEmpty && text.indices.allSatisfy { tokenBytes[Int(text[$0])] }
  }

  private static let tokenBytes: [Bool] = {
    let marks = Array("!#$%&'*+-.^_`|~0123456789".utf8)
    return (UInt8.min...UInt8.max).map {
      (0x61...0x7A).contains($0 | 0x20) && $0 < 0x80 || marks.contains($0)
    }
  }()

  /// Whether the text can stand in a field line without ending it: no control but the tab.
  public static func isFieldValue(_ text: ByteString) -> Bool { isFieldValue(text.bytes.span) }

  /// Whether the text can stand in a field line without ending it: no control but the tab.
  public static func isFieldValue(_ text: Span<UInt8>) -> Bool {
    text.indices.allSatisfy { text[$0] >= 0x20 && text[$0] != 0x7F || text[$0] == UInt8(ascii: "\t") }
  }

  /// Whether the text can stand as a request's target: neither spaces nor controls.
  public static func isTarget(_ text: ByteString) -> Bool {
    !text.isEmpty && text.allSatisfy { $0 > 0x20 && $0 != 0x7F }
  }
}
