public import JSON

/// What HTTP allows in the texts of a message, asked of what comes over a connection, stands in a file, or is to be
/// sent.
public enum HTTPText {
  /// Whether the text is a token of RFC 9110: a method or a field name.
  public static func isToken(_ text: ByteString) -> Bool { isToken(text.bytes.span) }

  /// Whether the text is a token of RFC 9110: a method or a field name.
  public static func isToken(_ text: Span<UInt8>) -> Bool {
    !text.isEmpty && tokenEnd(text) == text.count
  }

  /// Whether the text can stand in a field line without ending it: no control but the tab.
  public static func isFieldValue(_ text: ByteString) -> Bool { isFieldValue(text.bytes.span) }

  /// Whether the text can stand in a field line without ending it: no control but the tab.
  public static func isFieldValue(_ text: Span<UInt8>) -> Bool {
    text.withUnsafeBytes { text in
      var position = 0
      // Eight at a time: it is asked of every byte of every head.
      while position + 8 <= text.count {
        let bytes = text.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        guard !bytes.holdsControl else { return false }
        position += 8
      }
      while position < text.count, text[position].isInFieldValue { position += 1 }
      return position == text.count
    }
  }

  /// Whether the text can stand as a request's target: neither spaces nor controls.
  public static func isTarget(_ text: ByteString) -> Bool { isTarget(text.bytes.span) }

  /// Whether the text can stand as a request's target: neither spaces nor controls.
  static func isTarget(_ text: Span<UInt8>) -> Bool {
    !text.isEmpty && text.indices.allSatisfy { text[$0] > 0x20 && text[$0] != 0x7F }
  }

  /// Where the name and the value stand in a field line without its end, the value without the white space around it;
  /// nil if the line is none.
  public static func field(in line: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
    let colon = tokenEnd(line)
    guard colon > 0, colon < line.count, line[colon] == UInt8(ascii: ":") else { return nil }
    var (start, end) = (colon + 1, line.count)
    while start < end, line[start].isSpaceOrTab { start += 1 }
    guard isFieldValue(line.extracting(start..<end)) else { return nil }
    while end > start, line[end - 1].isSpaceOrTab { end -= 1 }
    return (0..<colon, start..<end)
  }

  /// Whether two names of fields are the same, which their case does not tell apart.
  public static func isName(_ name: Span<UInt8>, _ other: StaticString) -> Bool {
    guard name.count == other.utf8CodeUnitCount else { return false }
    for index in name.indices where name[index].asciiLowercased != other.utf8Start[index].asciiLowercased {
      return false
    }
    return true
  }

  /// A number in decimal; nil for anything else, and for more than fits.
  public static func number(_ digits: Span<UInt8>) -> Int? {
    guard !digits.isEmpty else { return nil }
    var number = 0
    for index in digits.indices {
      guard digits[index].isASCIIDigit else { return nil }
      let (tens, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = tens.addingReportingOverflow(Int(digits[index] - UInt8(ascii: "0")))
      guard !isTooLarge, !isLarger else { return nil }
      number = sum
    }
    return number
  }

  /// Visits the options of a list with commas between, each without the white space around it.
  ///
  /// In one pass that cuts nothing out: there can be as many options as bytes.
  /// - Parameter visit: is given an option, and whether a tab stands beside it, which some readers do not pass over.
  public static func forEachOption(
    in value: Span<UInt8>, _ visit: (_ option: Span<UInt8>, _ hasTab: Bool) -> Void
  ) {
    var (start, end, hasTab) = (0, 0, false)
    for index in 0...value.count {
      let byte = index < value.count ? value[index] : UInt8(ascii: ",")
      if byte == UInt8(ascii: ",") {
        if start < end { visit(value.extracting(start..<end), hasTab) }
        (start, end, hasTab) = (index, index, false)
      } else if byte.isSpaceOrTab {
        if byte == UInt8(ascii: "\t") { hasTab = true }
      } else {
        if start == end { start = index }
        end = index + 1
      }
    }
  }

  /// Where the token ends that the text begins with.
  private static func tokenEnd(_ text: Span<UInt8>) -> Int {
    var end = 0
    while end < text.count, text[end].isInToken { end += 1 }
    return end
  }
}

extension UInt8 {
  /// Whether a token can hold the byte: a letter, a digit, or one of !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).
  var isInToken: Bool {
    // A bit for each byte that can, of the first 64 and of the next.
    let bits: UInt64 = self < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
    return self < 128 && bits >> UInt64(self & 63) & 1 == 1
  }

  /// Whether a field's value can hold the byte: no control but the tab.
  var isInFieldValue: Bool { self >= 0x20 && self != 0x7F || self == UInt8(ascii: "\t") }
}

extension UInt64 {
  /// Whether one of the eight bytes is a control other than the tab.
  fileprivate var holdsControl: Bool {
    let (low, high): (UInt64, UInt64) = (0x7F7F_7F7F_7F7F_7F7F, 0x8080_8080_8080_8080)
    // Each byte's highest bit says what is asked of it; no sum of seven bits reaches the next byte.
    let isAboveControls = ((self & low) &+ 0x6060_6060_6060_6060) | self
    let isTab = ~zeroFree(self ^ 0x0909_0909_0909_0909)
    let isDelete = ~zeroFree(self ^ low)
    return (~isAboveControls & ~isTab | isDelete) & high != 0

    func zeroFree(_ bytes: UInt64) -> UInt64 { ((bytes & low) &+ low) | bytes }
  }
}
