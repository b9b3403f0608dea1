internal import JSON

/// Line ends that were taken out of a document, or replaced by spaces, as `curl -d @file` and `readLine` do.
enum LostLines {
  /// Where a line end belongs in a run of spaces.
  private enum Place: CaseIterable {
    case before, inPlaceOfFirst, afterFirst, inPlaceOfAll
  }

  /// Hands each body that `body` may have been with its line ends to `visit`, until that says to stop.
  static func visit(_ body: [UInt8], _ visit: ([UInt8]) -> Bool) -> Bool {
    guard !body.contains(0x0A), body.first == UInt8(ascii: "{") || body.first == UInt8(ascii: "[") else {
      return false
    }
    for end: [UInt8] in [[0x0A], [0x0D, 0x0A]] {
      if visitRuns(body, end, visit) || visitElements(body, end, visit) { return true }
    }
    return false
  }

  private static func visitRuns(_ body: [UInt8], _ end: [UInt8], _ visit: ([UInt8]) -> Bool) -> Bool {
    let last = body.reversed().prefix { $0 == 0x20 }.count
    let runs = runs(in: body.dropLast(last))
    guard !runs.isEmpty else { return false }
    for first in Place.allCases {
      for rest in Place.allCases {
        var text: [UInt8] = []
        var copied = 0
        for (index, run) in runs.enumerated() {
          text += body[copied..<run.lowerBound]
          text += written(run.count, end, index == 0 ? first : rest)
          copied = run.upperBound
        }
        text += body[copied..<body.count - last]
        let spaces = [UInt8](repeating: 0x20, count: last)
        let tails = [spaces, spaces + end, Array(spaces.dropLast()) + end, end, []]
        if tails.contains(where: { visit(text + $0) }) { return true }
      }
    }
    return false
  }

  private static func written(_ count: Int, _ end: [UInt8], _ place: Place) -> [UInt8] {
    let spaces = [UInt8](repeating: 0x20, count: count)
    return switch place {
    case .before: end + spaces
    case .inPlaceOfFirst: end + spaces.dropFirst()
    case .afterFirst: [0x20] + end + spaces.dropFirst()
    case .inPlaceOfAll: end
    }
  }

  /// The runs of two spaces or more that stand outside of strings.
  private static func runs(in body: ArraySlice<UInt8>) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var isString = false
    var at = body.startIndex
    while at < body.endIndex {
      if isString, body[at] == 0x5C { at += 1 } else if body[at] == 0x22 { isString.toggle() }
      let start = at
      while !isString, at < body.endIndex, body[at] == 0x20 { at += 1 }
      if at - start >= 2 { runs.append(start..<at) }
      if at == start { at += 1 }
    }
    return runs
  }

  /// One element of the outermost array on each line.
  private static func visitElements(_ body: [UInt8], _ end: [UInt8], _ visit: ([UInt8]) -> Bool) -> Bool {
    guard body.first == UInt8(ascii: "["), let commas = commas(in: body), !commas.isEmpty else {
      return false
    }
    let close = body.lastIndex(of: UInt8(ascii: "]")) ?? body.count - 1
    let none: [UInt8] = []
    for isBefore in [false, true] {
      for (open, shut) in [(none, none), (end, end), (none, end), (end, none)] {
        var text = [UInt8(ascii: "[")] + open
        var copied = 1
        for comma in commas {
          text += body[copied..<comma] + (isBefore ? end + [0x2C] : [0x2C] + end)
          copied = comma + 1
        }
        text += body[copied..<close] + shut + body[close...]
        if visit(text) || visit(text + end) { return true }
      }
    }
    return false
  }

  /// The commas between the elements of the outermost array; nil where it is too deep or no JSON.
  private static func commas(in body: [UInt8]) -> [Int]? {
    var lexer = JSONLexer(maximumDepth: .max)
    var depth = 0
    var commas: [Int] = []
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: true) {
        if token.kind.isClosing { depth -= 1 }
        if [.beginObject, .beginArray].contains(token.kind) { depth += 1 }
        if token.kind == .comma, depth == 1 { commas.append(token.start) }
      }
      return commas
    } catch {
      return nil
    }
  }
}
