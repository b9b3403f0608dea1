internal import Glibc

/// The sequence that puts text on the clipboard of the terminal (OSC 52), through what stands between the program and it.
///
/// Nothing but base64 gets into it, so nothing that is copied can end it or begin another one.
struct Clipboard {
  /// What runs between the program and the terminal, and passes on only what is wrapped for it.
  enum Passage {
    case none, tmux, screen
  }

  /// The longest sequence that terminals are known to take: xterm and hterm stop at 100,000 bytes, which is 74 kB of
  /// what is copied.
  static let limit = 100_000
  /// screen takes no more than so many bytes of a string at once.
  private static let pieceSize = 512

  let passage: Passage
  /// Whether the terminal is known to have no clipboard for programs.
  let isRefused: Bool

  /// - Parameter variable: gives the value of an environment variable; nil if it is not set.
  init(variable: (String) -> String?) {
    let type = variable("TERM") ?? ""
    if variable("TMUX") != nil {
      passage = .tmux
    } else {
      passage = variable("STY") != nil || type.hasPrefix("screen") ? .screen : .none
    }
    let isOfOld = ["linux", "cons25", "vt1", "vt2", "ansi", "sun"].contains { type.hasPrefix($0) }
    // Terminals of this library and Apple's skip the sequence. In tmux its own buffer takes the text.
    let isKnown = variable("VTE_VERSION") != nil || variable("TERM_PROGRAM") == "Apple_Terminal"
    isRefused = passage == .none && (isOfOld || isKnown)
  }

  /// What to write; nil if the terminal can't be given this.
  func sequence(base64: [UInt8]) -> String? {
    let isBase64 = base64.allSatisfy { byte in
      (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "+/=".utf8.contains(byte)
    }
    guard !isRefused, isBase64, base64.count + 8 <= Self.limit else { return nil }
    let plain = "\u{1B}]52;c;\(String(decoding: base64, as: UTF8.self))\u{07}"
    switch passage {
    case .none: return plain
    // tmux keeps the first for itself and its terminal, or passes the second one on: which, its options say.
    case .tmux: return plain + "\u{1B}Ptmux;\u{1B}\(plain)\u{1B}\\"
    case .screen: return pieces(of: plain).map { "\u{1B}P\($0)\u{1B}\\" }.joined()
    }
  }

  private func pieces(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: Self.pieceSize).map {
      String(decoding: bytes[$0..<min($0 + Self.pieceSize, bytes.count)], as: UTF8.self)
    }
  }
}

extension Terminal {
  /// Puts a text, in base64, on the clipboard of the terminal; false if that can't be or is known not to. Whether the
  /// terminal does it is not known.
  public func copy(base64: [UInt8]) -> Bool {
    guard Terminfo.isECMA48, let sequence = clipboard.sequence(base64: base64) else { return false }
    device.write(sequence)
    return true
  }
}
