/// How many letters are added, left out, changed, or exchanged with their neighbour from one word to another.
public enum EditDistance {
  /// - Returns: the distance; for words of more than 64 letters the length of the longer one.
  public static func between(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Int {
    let (left, right) = (Array(left), Array(right))
    guard max(left.count, right.count) <= 64 else { return max(left.count, right.count) }
    // For each beginning of the left word a row, with a place for each beginning of the right one.
    let width = right.count + 1
    var cells = Array(0..<width * (left.count + 1))
    for (row, letter) in left.enumerated() {
      let above = row * width
      cells[above + width] = row + 1
      for (column, other) in right.enumerated() {
        let at = above + column
        var least = min(
          cells[at] + (letter == other ? 0 : 1), cells[at + 1] + 1, cells[at + width] + 1)
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          least = min(least, cells[at - width - 1] + 1)
        }
        cells[at + width + 1] = least
      }
    }
    return cells[left.count * width + right.count]
  }

  /// The name that is most like the word: at most two letters off, and at most half of either.
  public static func nearest(to word: String, among names: [String]) -> String? {
    let distances = names.map { (name: $0, distance: between(word.utf8, $0.utf8)) }
    let near = distances.filter { $0.distance <= min(2, $0.name.count / 2, word.count / 2) }
    return near.min { $0.distance < $1.distance }?.name
  }
}
