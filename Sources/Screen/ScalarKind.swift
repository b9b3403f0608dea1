internal import Glibc
internal import Synchronization

/// What the gate does with a Unicode scalar beyond ASCII.
enum ScalarKind: UInt8 {
  case narrow
  case wide
  /// Drawn on top of the character before.
  case mark
  /// Must not reach the terminal as it is.
  case inert

  /// What the gate does with the scalar, judged once and then remembered.
  init(_ scalar: Unicode.Scalar) { self = ScalarKindCache.shared.kind(of: scalar) }

  /// Judges a scalar by its category, and by the `wcwidth` that ncurses measures with.
  ///
  /// Besides what moves the cursor or has no width, everything that Unicode calls ignorable is inert: a
  /// reader can't see it, so text could differ from what it looks like (a soft hyphen, a variation
  /// selector, a Hangul filler).
  init(judging scalar: Unicode.Scalar) {
    let properties = scalar.properties
    guard !properties.isDefaultIgnorableCodePoint, !Self.joins(scalar) else {
      self = .inert
      return
    }
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      self = .inert
    case let category:
      self = ScalarKind(columns: ScalarKind.columns(of: scalar), category, scalar)
    }
  }

  /// Whether some terminals draw it together with its neighbours, in fewer columns than each takes alone: the halves of a
  /// flag, skin tones and the frame of a keycap.
  ///
  /// No terminal says which it does, so a picture of known width stands for them.
  private static func joins(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isEmojiModifier || 0x1F1E6...0x1F1FF ~= scalar.value || scalar == "\u{20E3}"
  }

  /// Whether terminals disagree on its width: emoji, of which each table knows others, and scripts whose signs join.
  static func isDisputed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x700, 0x1E00..<0x2000: false
    case 0x2010..<0x2C00: scalar.properties.isEmoji
    // Chinese, Japanese and Korean, wide in every table.
    case 0x2E80..<0xA4D0, 0xAC00..<0xD7A4, 0xF900..<0xFB00, 0xFE30..<0xFE50, 0xFF00..<0xFFE7: false
    case 0x20000..<0x40000: false
    default: true
    }
  }

  private init(columns: Int32, _ category: Unicode.GeneralCategory, _ scalar: Unicode.Scalar) {
    switch (columns, category) {
    case (1, _): self = .narrow
    case (2, _): self = .wide
    case (0, .nonspacingMark), (0, .enclosingMark), (0, .spacingMark): self = .mark
    // The vowels and final consonants of a Hangul syllable written in parts.
    case (0, .otherLetter) where ScalarKind.joiningHangul.contains(where: { $0 ~= scalar.value }):
      self = .mark
    default: self = .inert
    }
  }

  private static let joiningHangul: [ClosedRange<UInt32>] = [0x1160...0x11FF, 0xD7B0...0xD7FB]

  private static func columns(of scalar: Unicode.Scalar) -> Int32 {
    guard let locale, let measure else { return -1 }
    let before = uselocale(locale)
    defer { uselocale(before) }
    return measure(Int32(bitPattern: scalar.value))
  }

  /// glibc's `wcwidth`, looked up by name because Swift's Glibc module leaves `wchar.h` out.
  private static let measure = dlsym(nil, "wcwidth").map {
    unsafeBitCast($0, to: (@convention(c) (Int32) -> Int32).self)
  }

  /// The character type to measure under, settled once, whatever becomes of the process's.
  ///
  /// `wcwidth` knows Unicode only under a UTF-8 character type, and whoever asks here draws UTF-8, so a process that
  /// has chosen none gets the neutral one. Nil where there is none: then everything beyond ASCII is inert.
  ///
  /// Unsafe, and sound: it is never changed or freed, and each thread only measures under it.
  private nonisolated(unsafe) static let locale: locale_t? =
    Charset.current == .utf8
    ? duplocale(locale_t(bitPattern: -1)) : newlocale(1 << LC_CTYPE, "C.UTF-8", nil)
}

/// Remembers the kinds of the scalars that texts are made of: judging one takes 300 ns, and a frame may
/// hold thousands.
///
/// Unchecked, and sound: the table is never replaced or freed, each entry is atomic, and all threads
/// write the same value into it.
final class ScalarKindCache: @unchecked Sendable {
  static let shared = ScalarKindCache()

  /// The basic plane and the one with the emoji; the rest is rare.
  private static let size = 0x20000
  private static let unknown = UInt8.max

  private let entries: UnsafeMutablePointer<Atomic<UInt8>>

  private init() {
    entries = .allocate(capacity: ScalarKindCache.size)
    for index in 0..<ScalarKindCache.size {
      (entries + index).initialize(to: Atomic(ScalarKindCache.unknown))
    }
  }

  func kind(of scalar: Unicode.Scalar) -> ScalarKind {
    guard scalar.value < ScalarKindCache.size else { return ScalarKind(judging: scalar) }
    let index = Int(scalar.value)
    if let known = ScalarKind(rawValue: entries[index].load(ordering: .relaxed)) { return known }
    let kind = ScalarKind(judging: scalar)
    entries[index].store(kind.rawValue, ordering: .relaxed)
    return kind
  }
}
