/// Collects pasted text up to the terminal's end mark, which may come in pieces.
struct PasteReader {
  /// More than this is left out, so that a paste can't fill the memory.
  static let limit = 1 << 20

  private static let endMark = Array("\u{1B}[201~".unicodeScalars)

  private var text = String.UnicodeScalarView()
  private var size = 0
  private var matched = 0

  /// What has come so far, for a paste whose end does not.
  var unended: String { String(text) }

  /// Takes the next character; returns the text once the end mark is complete.
  mutating func take(_ scalar: Unicode.Scalar) -> String? {
    if scalar == PasteReader.endMark[matched] {
      matched += 1
      return matched == PasteReader.endMark.count ? String(text) : nil
    }
    breakMatch()
    // Escape stands only at the start of the mark, so a new match can begin nowhere else.
    if scalar == PasteReader.endMark[0] {
      matched = 1
    } else {
      store(scalar)
    }
    return nil
  }

  /// A key that is not a character: pasted bytes that happen to spell one. Not part of the end mark.
  mutating func takeKey() { breakMatch() }

  private mutating func breakMatch() {
    for scalar in PasteReader.endMark[..<matched] { store(scalar) }
    matched = 0
  }

  private mutating func store(_ scalar: Unicode.Scalar) {
    // Terminals send a line's end as the Enter key does.
    let kept: Unicode.Scalar = scalar == "\r" ? "\n" : scalar
    let length = UTF8.width(kept)
    guard size + length <= PasteReader.limit else { return }
    text.append(kept)
    size += length
  }
}
