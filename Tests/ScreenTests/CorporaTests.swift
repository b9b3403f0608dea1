import Foundation
import Testing

@testable import Screen

@Suite struct CorporaTests {
  /// The shared corpora beside the package; none if they have not been put there.
  static let files: [URL] = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    let corpora = package.deletingLastPathComponent().appending(path: "shared/corpora")
    return ["terminal", "blns", "utf8"].flatMap { folder in
      let directory = corpora.appending(path: folder)
      return (try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil))
        ?? []
    }
  }()

  /// True for a cell that can't change anything but itself on a terminal.
  static func isPrintable(_ cell: Cell) -> Bool {
    let isBaseSafe = (0x20..<0x7F).contains(cell.base.value) || isVisible(ScalarKind(cell.base))
    let marks = (0..<Cell.maximumMarks).map { cell.marks[$0] }.filter { $0 != 0 }
    return isBaseSafe && marks.allSatisfy { Unicode.Scalar($0).map { ScalarKind($0) } == .mark }
  }

  private static func isVisible(_ kind: ScalarKind) -> Bool { kind == .narrow || kind == .wide }

  @Test(
    "every hostile file gives printable cells only",
    .enabled(if: !files.isEmpty, "the shared corpora are not beside the package"), arguments: files)
  func printable(_ file: URL) throws {
    let bytes = [UInt8](try Data(contentsOf: file))
    var canvas = Canvas(size: Size(columns: 40, rows: 1))
    var unsafe = 0
    for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      for row in SafeText.wrap(line, columns: 40, tabs: .stops).prefix(500) {
        canvas.fill(canvas.bounds)
        canvas.draw(bytes[row], at: Point(column: 0, row: 0), tabs: .stops)
        unsafe += canvas.cells.count { !Self.isPrintable($0) }
      }
    }
    #expect(unsafe == 0)
  }

  @Test(
    "every hostile file has a plain form without a control character",
    .enabled(if: !files.isEmpty, "the shared corpora are not beside the package"), arguments: files)
  func plain(_ file: URL) throws {
    let plain = SafeText.plain([UInt8](try Data(contentsOf: file)))
    let controls = plain.unicodeScalars.count { scalar in
      scalar.value < 0x20 || (scalar.value >= 0x7F && ScalarKind(scalar) == .inert)
    }
    #expect(controls == 0)
  }
}
