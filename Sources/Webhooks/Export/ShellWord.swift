internal import JSON

/// A word of a command line that bash, zsh and sh read back byte for byte, whatever it holds: nothing in it is expanded,
/// also where it is pasted at a prompt.
enum ShellWord {
  /// The word for these bytes, which hold no NUL; a newline at their end is lost where something in them has no picture.
  static func quoted(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let bytes = Array(bytes)
    guard !bytes.isEmpty, bytes.allSatisfy(isPlain) else {
      return isPrintable(bytes) ? inQuotes(bytes) : printed(bytes)
    }
    return bytes
  }

  /// Between single quotes nothing but the quote itself means anything, `!` neither; but bash before 5.0 looks for it in
  /// each line by itself, and takes no quote of a line before for one.
  static func inQuotes(_ bytes: [UInt8]) -> [UInt8] {
    let quote = UInt8(ascii: "'")
    var text = bytes.substituting([quote], with: Array(#"'\''"#.utf8)) ?? bytes
    if bytes.contains(UInt8(ascii: "\n")) {
      text = text.substituting([UInt8(ascii: "!")], with: Array(#"'\!'"#.utf8)) ?? text
    }
    return [quote] + text + [quote]
  }

  /// What can't be typed is written out by `printf`, in octal digits that every shell knows. All but letters, digits and
  /// a few marks are: interactive shells look for `!` between double quotes, too.
  private static func printed(_ bytes: [UInt8]) -> [UInt8] {
    var text = Array("\"$(printf '".utf8)
    for byte in bytes {
      if isPlain(byte) && byte != UInt8(ascii: "-") || byte == UInt8(ascii: " ") {
        text.append(byte)
      } else {
        text += Array("\\\(Int(byte).padded(3, radix: 8))".utf8)
      }
    }
    return text + Array("')\"".utf8)
  }

  /// Whether a byte means itself to every shell.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || "-_./:,@+".utf8.contains(byte)
  }

  /// Whether every character has a picture and stands where it is seen: what has none may be lost on the way through a
  /// terminal, and what turns text round would show another command than the one that is run.
  static func isPrintable(_ bytes: [UInt8], newlines: Bool = false) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) || newlines && scalar == "\n" }
      switch scalar.properties.generalCategory {
      case .control, .format, .privateUse, .unassigned, .surrogate, .lineSeparator, .paragraphSeparator:
        return false
      // A mark is drawn on what stands before it, a quotation mark of the command among them.
      case .nonspacingMark, .enclosingMark, .spaceSeparator: return false
      default: return true
      }
    }
  }
}
