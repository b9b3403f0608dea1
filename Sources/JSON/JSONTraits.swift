/// What occurs in a body's strings and numbers, so that only the styles are tried that make a difference.
public struct JSONTraits: Sendable {
  private(set) var hasStrings = false
  private(set) var hasBeyondASCII = false
  private(set) var hasSlash = false
  private(set) var hasShortControls = false
  private(set) var hasDelete = false
  public private(set) var hasScriptNumbersOnly = true
  /// The characters that some style guards.
  private(set) var guardable: Set<UInt32> = []

  public init(_ outline: JSONOutline) {
    for token in outline.tokens {
      switch token.kind {
      case .key, .string: note(outline.body.span.extracting(token.start + 1..<token.end - 1))
      case .number: noteNumber(token.text(in: outline.body.span))
      default: break
      }
    }
  }

  private mutating func note(_ text: Span<UInt8>) {
    hasStrings = true
    var reader = JSONStringReader()
    while let unit = reader.next(in: text) {
      guard case .code(let code) = unit else { continue }
      switch code {
      case 0x08, 0x0C: hasShortControls = true
      case 0x2F: hasSlash = true
      case 0x7F: hasDelete = true
      case 0x2028, 0x2029:
        hasBeyondASCII = true
        guardable.insert(code)
      case 0x80...: hasBeyondASCII = true
      case 0x22, 0x26, 0x27, 0x2B, 0x3C, 0x3D, 0x3E, 0x60: guardable.insert(code)
      default: break
      }
    }
  }

  private mutating func noteNumber(_ text: String) {
    guard hasScriptNumbersOnly, let value = Double(text) else { return }
    hasScriptNumbersOnly = ScriptNumber.printed(value) == text
  }

  /// The string styles that write this body each in its own way, plain ones first.
  public var stringStyles: [JSONStringStyle] {
    guard hasStrings else { return [] }
    var styles: [JSONStringStyle] = []
    for beyond in hasBeyondASCII ? JSONStringStyle.Beyond.allCases : [.plain] {
      for guarded in distinctGuards {
        for escapesSlash in hasSlash ? [false, true] : [false] {
          styles += variants(
            JSONStringStyle(beyond: beyond, escapesSlash: escapesSlash, guarded: guarded))
        }
      }
    }
    return styles
  }

  private func variants(_ style: JSONStringStyle) -> [JSONStringStyle] {
    var styles = [style]
    if hasShortControls {
      styles += styles.map { style in
        var other = style
        other.hasShortControls = false
        return other
      }
    }
    if hasDelete {
      styles += styles.map { style in
        var other = style
        other.escapesDelete = true
        return other
      }
    }
    return styles
  }

  /// The guards that take different characters of this body, or print them differently.
  private var distinctGuards: [JSONStringStyle.Guarded] {
    var seen: Set<[UInt32]> = []
    return JSONStringStyle.Guarded.ofSenders.filter { guarded in
      let taken = guardable.filter(guarded.contains).sorted()
      return seen.insert(taken.isEmpty ? [] : taken + [guarded.hasUppercaseDigits ? 1 : 0]).inserted
    }
  }
}
