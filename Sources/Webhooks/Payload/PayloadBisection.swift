/// Binary search in the sorted tables of the body views.
enum PayloadBisection {
  /// How many of the indices below `count` satisfy `isBefore`, which holds for a prefix of them.
  static func count(below count: Int, isBefore: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
