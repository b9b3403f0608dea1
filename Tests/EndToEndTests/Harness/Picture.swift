import Foundation
import Glibc

/// What stands on a terminal, as text.
struct Picture: CustomStringConvertible {
  let lines: [String]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  var description: String { lines.joined(separator: "\n") }

  /// The last line that is not empty, without the spaces at its end.
  var lastLine: String {
    let line = lines.last { $0.contains { $0 != " " } } ?? ""
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  /// The row of the list that holds all the texts.
  func row(_ texts: String...) -> String? {
    lines.first { line in texts.allSatisfy(line.contains) }
  }

  /// The receiver's address, as the top line shows it.
  var url: String? { lines.first?.firstMatch(of: /https?:\/\/[0-9.]+:[0-9]+/).map { String($0.0) } }

  /// How many deliveries the top line counts.
  var received: Int? { count(of: "received") }
  var failed: Int? { count(of: "failed") }

  private func count(of word: String) -> Int? {
    guard let line = lines.first, let end = line.range(of: " \(word)")?.lowerBound else { return nil }
    let digits = line[..<end].reversed().prefix { $0.isNumber || $0 == "," }.reversed()
    return Int(String(digits.filter { $0 != "," }))
  }
}

extension Picture {
  /// The characters of a line by the columns where they stand.
  func columns(_ row: Int) -> [Int: Unicode.Scalar] {
    var column = 0
    var result: [Int: Unicode.Scalar] = [:]
    for scalar in lines[row].unicodeScalars {
      let width = Self.width(of: scalar)
      guard width > 0 else { continue }
      result[column] = scalar
      column += width
    }
    return result
  }

  /// The columns that hold a frame's line in every row of the panes.
  var borders: Set<Int> {
    let rows = paneRows.map { row in Set(columns(row).filter { Self.isBorder($0.value) }.keys) }
    return rows.dropFirst().reduce(rows.first ?? []) { $0.intersection($1) }
  }

  /// The rows between the top line and the line of keys.
  private var paneRows: Range<Int> { 1..<max(1, lines.count - 1) }

  private static func isBorder(_ scalar: Unicode.Scalar) -> Bool {
    "┌┐└┘│├┤┬┴┼─+|-".unicodeScalars.contains(scalar)
  }

  /// How many columns the system gives to a character; tmux asks it, too.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    if (0x20..<0x7F).contains(scalar.value) { return 1 }
    return Int(measure?(Int32(bitPattern: scalar.value)) ?? 1)
  }

  /// `wcwidth`, which Swift's Glibc module leaves out, under a character type that knows Unicode.
  private static let measure: (@convention(c) (Int32) -> Int32)? = {
    setlocale(LC_CTYPE, "C.UTF-8")
    return dlsym(nil, "wcwidth").map { unsafeBitCast($0, to: (@convention(c) (Int32) -> Int32).self) }
  }()
}
