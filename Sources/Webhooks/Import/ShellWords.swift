internal import JSON

/// Splits the text of commands into words as bash does, and expands nothing: what a shell would have to run, look up or
/// match is a fault.
struct ShellWords {
  private let bytes: [UInt8]
  private var at: Int
  private var line = 1
  /// The line on which the last command begins.
  private(set) var commandLine = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    at = bytes.starts(with: SessionLines.byteOrderMark) ? 3 : 0
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private func fault(_ reason: SavedFault.Reason) -> SavedFault { SavedFault(.line(line), reason) }

  /// The words of the next command; nil behind the last one.
  mutating func command() throws(SavedFault) -> [[UInt8]]? {
    var words: [[UInt8]] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
      case UInt8(ascii: "\n"):
        step()
        if !words.isEmpty { return words }
      // Browsers put one between several commands.
      case UInt8(ascii: ";"):
        at += 1
        if !words.isEmpty { return words }
      case UInt8(ascii: "#"): while let byte = next, byte != UInt8(ascii: "\n") { at += 1 }
      case UInt8(ascii: "\\") where isLineEnd(at + 1): skipEscapedLineEnd()
      default:
        if words.isEmpty { commandLine = line }
        words.append(try word())
      }
    }
    return words.isEmpty ? nil : words
  }

  private mutating func step() {
    if next == UInt8(ascii: "\n") { line += 1 }
    at += 1
  }

  private func isLineEnd(_ place: Int) -> Bool {
    guard place < bytes.count else { return false }
    return bytes[place] == 0x0A
      || (bytes[place] == 0x0D && place + 1 < bytes.count && bytes[place + 1] == 0x0A)
  }

  /// Whether the next two bytes are an escape of Windows' command line.
  private var isForWindows: Bool {
    next == UInt8(ascii: "^")
      && (isLineEnd(at + 1) || at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\""))
  }

  private mutating func skipEscapedLineEnd() {
    at += 1
    if next == 0x0D { at += 1 }
    step()
  }

  private mutating func word() throws(SavedFault) -> [UInt8] {
    var word: [UInt8] = []
    // Braces mean something only where a comma stands between them.
    var hasBrace = false
    while let byte = next, ![0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ";")].contains(byte) {
      switch byte {
      case UInt8(ascii: "'"): word += try quoted()
      case UInt8(ascii: "\""): word += try doubleQuoted()
      case UInt8(ascii: "$") where at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "'"):
        at += 1
        word += try ansiQuoted()
      case UInt8(ascii: "\\"):
        if isLineEnd(at + 1) {
          skipEscapedLineEnd()
        } else {
          at += 1
          guard let escaped = next else { throw fault(.openQuote) }
          word.append(escaped)
          at += 1
        }
      case UInt8(ascii: "$"), UInt8(ascii: "`"): word += try dollar(inQuotes: false)
      default:
        guard !isForWindows else { throw fault(.windows) }
        let isBetweenBraces = hasBrace && byte == UInt8(ascii: ",")
        guard !"|&<>()".utf8.contains(byte), !isBetweenBraces,
          !(byte == UInt8(ascii: "~") && word.isEmpty)
        else {
          throw fault(.expansion(String(Character(Unicode.Scalar(byte)))))
        }
        hasBrace = hasBrace || byte == UInt8(ascii: "{")
        word.append(byte)
        at += 1
      }
    }
    guard !word.contains(0) else { throw fault(.nul) }
    return word
  }

  private mutating func quoted() throws(SavedFault) -> [UInt8] {
    at += 1
    let start = at
    while let byte = next, byte != UInt8(ascii: "'") { step() }
    guard next != nil else { throw fault(.openQuote) }
    at += 1
    return Array(bytes[start..<at - 1])
  }

  private mutating func doubleQuoted() throws(SavedFault) -> [UInt8] {
    at += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      switch byte {
      case UInt8(ascii: "\\") where isLineEnd(at + 1): skipEscapedLineEnd()
      case UInt8(ascii: "\\") where at + 1 < bytes.count && "$`\"\\".utf8.contains(bytes[at + 1]):
        text.append(bytes[at + 1])
        at += 2
      case UInt8(ascii: "$"), UInt8(ascii: "`"): text += try dollar(inQuotes: true)
      default:
        text.append(byte)
        step()
      }
    }
    guard next != nil else { throw fault(.openQuote) }
    at += 1
    return text
  }

  /// A dollar sign that stands for itself, or the one expansion that hooktop's own commands hold.
  private mutating func dollar(inQuotes: Bool) throws(SavedFault) -> [UInt8] {
    if inQuotes, let text = try printed() { return text }
    let following = at + 1 < bytes.count ? bytes[at + 1] : 0x20
    let starts = "_({*@#?!$-[\"".utf8
    guard bytes[at] == UInt8(ascii: "$"),
      !(following.isASCIILetter || following.isASCIIDigit || starts.contains(following))
        || (inQuotes && following == UInt8(ascii: "\""))
    else {
      let text = bytes[at...].prefix(20).prefix { $0 > 0x20 && $0 < 0x7F }
      throw fault(.expansion(String(decoding: text, as: UTF8.self)))
    }
    at += 1
    return [UInt8(ascii: "$")]
  }

  /// `$(printf '…')` with octal digits and plain characters alone, as `ShellWord` writes it; nil for anything else.
  private mutating func printed() throws(SavedFault) -> [UInt8]? {
    let opening = Array("$(printf '".utf8)
    guard bytes[at...].starts(with: opening) else { return nil }
    var place = at + opening.count
    var text: [UInt8] = []
    while place < bytes.count, bytes[place] != UInt8(ascii: "'") {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\\") {
        let digits = bytes[(place + 1)...].prefix(3)
        guard digits.count == 3,
          let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
        else {
          return nil
        }
        text.append(value)
        place += 4
      } else {
        guard byte != UInt8(ascii: "%"), byte >= 0x20 else { return nil }
        text.append(byte)
        place += 1
      }
    }
    guard bytes[min(place, bytes.count)...].starts(with: "')".utf8) else { return nil }
    at = place + 2
    return Array(text.trimmedEnd { $0 == 0x0A })
  }
}

extension ShellWords {
  /// `$'…'`, with the escapes of ANSI C.
  private mutating func ansiQuoted() throws(SavedFault) -> [UInt8] {
    at += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "'") {
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        step()
        continue
      }
      at += 1
      text += try ansiEscape()
    }
    guard next != nil else { throw fault(.openQuote) }
    at += 1
    // bash ends the word there.
    guard !text.contains(0) else { throw fault(.nul) }
    return text
  }

  private static let controls: [UInt8: UInt8] = [
    0x61: 0x07, 0x62: 0x08, 0x65: 0x1B, 0x45: 0x1B, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
    0x76: 0x0B,
    0x5C: 0x5C, 0x27: 0x27, 0x22: 0x22, 0x3F: 0x3F,
  ]

  private mutating func ansiEscape() throws(SavedFault) -> [UInt8] {
    guard let byte = next else { throw fault(.openQuote) }
    if let control = Self.controls[byte] {
      at += 1
      return [control]
    }
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      return [UInt8(truncatingIfNeeded: number(radix: 8, atMost: 3) ?? 0)]
    case UInt8(ascii: "x"):
      at += 1
      return number(radix: 16, atMost: 2).map { [UInt8(truncatingIfNeeded: $0)] }
        ?? Array("\\x".utf8)
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      at += 1
      let value = number(radix: 16, atMost: byte == UInt8(ascii: "u") ? 4 : 8)
      guard let value else { return [UInt8(ascii: "\\"), byte] }
      guard let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value)) else {
        throw fault(.expansion("\\u\(String(value, radix: 16))"))
      }
      return Array(String(Character(scalar)).utf8)
    case UInt8(ascii: "c"):
      at += 1
      guard let letter = next else { throw fault(.openQuote) }
      at += 1
      return [letter & 0x1F]
    default:
      step()
      return [UInt8(ascii: "\\"), byte]
    }
  }

  private mutating func number(radix: Int, atMost count: Int) -> Int? {
    let digits = bytes[at...].prefix(count).prefix { byte in
      byte.hexDigit.map { Int($0) < radix } ?? false
    }
    at += digits.count
    return Int(String(decoding: digits, as: UTF8.self), radix: radix)
  }
}
