/// The frames that stand on a terminal: whatever is shown in them, their lines must meet.
extension Picture {
  /// Whether the frame whose title begins so has its four corners, and its sides in each row between them.
  func hasWholeFrame(_ title: String) -> Bool {
    let rows = lines.indices.map { columns($0) }
    let beginning = Array(" \(title)".unicodeScalars)
    for (row, cells) in rows.enumerated() {
      for (column, sign) in cells where "┌├".unicodeScalars.contains(sign) {
        let isTitle = beginning.enumerated().allSatisfy { cells[column + 1 + $0] == $1 }
        if isTitle, Self.isWhole(rows[row...], left: column) { return true }
      }
    }
    return false
  }

  /// Whether a frame that begins in the first of the rows at this column comes to its end.
  private static func isWhole(_ rows: ArraySlice<[Int: Unicode.Scalar]>, left: Int) -> Bool {
    guard let top = rows.first,
      let bottom = rows.dropFirst().firstIndex(where: { "└├".unicodeScalars.contains($0[left] ?? " ") })
    else { return false }
    let sides = rows[..<bottom].dropFirst()
    return top.contains { column, sign in
      column > left && "┐┤".unicodeScalars.contains(sign)
        && sides.allSatisfy { $0[left] == "│" && $0[column] == "│" }
        && "┘┤".unicodeScalars.contains(rows[bottom][column] ?? " ")
    }
  }
}
