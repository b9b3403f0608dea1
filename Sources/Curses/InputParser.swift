internal import Screen

/// Turns what ncurses reads into events: keys, pastes, and nothing for sequences that nobody knows.
///
/// A pure state machine: an escape sequence or a paste may arrive in any number of pieces.
struct InputParser {
  enum Input: Equatable {
    case scalar(Unicode.Scalar)
    case code(Int32)
  }

  private enum State {
    case ground
    case escape
    /// After `ESC [`: the parameters so far.
    case sequence(String)
    /// After `ESC O`.
    case shift
    /// In a string that a terminal sends as a reply, up to BEL or `ESC \`: what introduced it, and what came so far.
    case string(String, escaped: Bool)
  }

  private static let longestSequence = 64

  private var state = State.ground
  /// The paste that is under way. Apart from the state, whose copies would copy the text.
  private var paste: PasteReader?

  /// What has begun and must come to its end soon; nil between events.
  enum Unfinished {
    case sequence, paste
  }

  var unfinished: Unfinished? {
    guard paste == nil else { return .paste }
    return switch state {
    case .ground: nil
    case .escape, .sequence, .shift, .string: .sequence
    }
  }

  mutating func take(_ input: Input) -> Event? {
    guard paste == nil else { return takePasted(input) }
    switch (state, input) {
    case (.ground, .code(let code)): return KeyCodes.key(forCode: code).map { .key($0) }
    case (.ground, .scalar("\u{1B}")): state = .escape
    case (.ground, .scalar(let scalar)): return KeyCodes.key(for: scalar).map { .key($0) }
    case (_, .code): state = .ground
    case (.escape, .scalar(let scalar)): return takeEscaped(scalar)
    case (.sequence(let parameters), .scalar(let scalar)): return takeSequence(parameters, scalar)
    case (.shift, .scalar(let scalar)):
      state = .ground
      return KeyCodes.key(forSequence: "", final: scalar).map { .key($0) }
    case (.string(let text, let escaped), .scalar(let scalar)): return takeString(text, escaped, scalar)
    }
    return nil
  }

  /// Nothing more is there to read now: an escape that stands alone is the Escape key.
  mutating func pause() -> Event? {
    guard case .escape = state else { return nil }
    state = .ground
    return .key(.escape)
  }

  /// The rest of what has begun does not come: a sequence was none, and a paste ends where it is.
  mutating func giveUp() -> Event? {
    state = .ground
    defer { paste = nil }
    return paste.map { .paste($0.unended) }
  }
}

extension InputParser {
  private mutating func takeEscaped(_ scalar: Unicode.Scalar) -> Event? {
    switch scalar {
    case "[": state = .sequence("")
    case "O": state = .shift
    case "]", "P", "X", "^", "_": state = .string(String(Character(scalar)), escaped: false)
    case "\u{1B}": return .key(.escape)
    default:
      state = .ground
      return KeyCodes.altKey(for: scalar).map { .key($0) }
    }
    return nil
  }

  private mutating func takeSequence(_ parameters: String, _ scalar: Unicode.Scalar) -> Event? {
    switch scalar.value {
    case 0x1B:
      state = .escape
    case 0x20..<0x40 where parameters.utf8.count < InputParser.longestSequence:
      state = .sequence(parameters + String(Character(scalar)))
    case 0x20..<0x40:
      break
    case _ where parameters == "200" && scalar == "~":
      state = .ground
      paste = PasteReader()
    default:
      state = .ground
      if parameters.hasPrefix("?"), scalar == "c" { return .deviceAttributes }
      // With a small letter the button is let go.
      if parameters.hasPrefix("<") {
        return scalar == "M" ? Mouse(parameters: parameters).map { .mouse($0) } : nil
      }
      return KeyCodes.key(forSequence: parameters, final: scalar).map { .key($0) }
    }
    return nil
  }

  private mutating func takeString(_ text: String, _ escaped: Bool, _ scalar: Unicode.Scalar) -> Event? {
    guard scalar == "\u{07}" || (escaped && scalar == "\\") else {
      let isKept = scalar != "\u{1B}" && text.utf8.count < InputParser.longestSequence
      state = .string(isKept ? text + String(Character(scalar)) : text, escaped: scalar == "\u{1B}")
      return nil
    }
    state = .ground
    return BackgroundQuery.reply(in: text).map { .background($0) }
  }

  private mutating func takePasted(_ input: Input) -> Event? {
    switch input {
    case .code:
      paste?.takeKey()
    case .scalar(let scalar):
      guard let text = paste?.take(scalar) else { return nil }
      paste = nil
      return .paste(text)
    }
    return nil
  }
}

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
