/// One cell of a canvas: a character with its combining marks, and a style.
///
/// The marks are stored inline, so that a frame of thousands of cells is one allocation.
public struct Cell: Hashable, Sendable {
  /// The most combining marks that a cell holds; ncurses keeps no more.
  public static let maximumMarks = 4

  /// The marks' scalar values, zero where there is none. First, so that a cell fills 32 bytes and not 48.
  public let marks: SIMD4<UInt32>
  /// The character; a space in the right half of a wide character.
  public let base: Unicode.Scalar
  /// 1 or 2 columns; 0 for the right half of a wide character.
  public let width: UInt8
  public var style: Style

  /// Makes a cell of text that has passed the gate of `SafeText`.
  init(_ base: Unicode.Scalar, marks: SIMD4<UInt32> = .zero, width: UInt8 = 1, style: Style) {
    self.base = base
    self.marks = marks
    self.width = width
    self.style = style
  }

  /// An empty cell.
  public static func blank(_ style: Style = .normal) -> Cell { Cell(" ", style: style) }

  /// The right half of the wide character in the cell before.
  static func continuation(_ style: Style) -> Cell { Cell(" ", width: 0, style: style) }

  public var isContinuation: Bool { width == 0 }

  /// The character with its marks; empty for the right half of a wide character.
  public var text: String {
    guard !isContinuation else { return "" }
    var scalars = String.UnicodeScalarView()
    scalars.append(base)
    for index in 0..<Cell.maximumMarks where marks[index] != 0 {
      if let mark = Unicode.Scalar(marks[index]) { scalars.append(mark) }
    }
    return String(scalars)
  }
}
