internal import JSON

/// What HTTP allows in the texts of a request, asked of files: what is in one may be sent again.
enum HTTPText {
  /// Whether the text is a token of RFC 9110: a method or a field name.
  static func isToken(_ text: ByteString) -> Bool {
    !text.isEmpty && text.allSatisfy { tokenBytes[Int($0)] }
  }

  private static let tokenBytes: [Bool] = {
    let marks = Array("!#$%&'*+-.^_`|~0123456789".utf8)
    return (UInt8.min...UInt8.max).map {
      (0x61...0x7A).contains($0 | 0x20) && $0 < 0x80 || marks.contains($0)
    }
  }()

  /// Whether the text can stand in a field line without ending it: no control but the tab.
  static func isFieldValue(_ text: ByteString) -> Bool {
    text.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }
  }

  /// Whether the text can stand as a request's target: neither spaces nor controls.
  static func isTarget(_ text: ByteString) -> Bool {
    !text.isEmpty && text.allSatisfy { $0 > 0x20 && $0 != 0x7F }
  }
}
