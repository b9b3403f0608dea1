internal import JSON
internal import Screen
internal import Webhooks

/// Lays out what differs between two deliveries, for a width: side by side where there is room, else one under the
/// other.
struct DifferenceLayout {
  /// The width of a screen from which on both sides stand beside each other, less what a popup's box takes.
  static let leastBeside = 116
  /// How many rows a text may take on either side.
  private static let rowLimit = 6

  let columns: Int
  let charset: Charset

  private var isBeside: Bool { columns >= Self.leastBeside }
  /// The columns of the places, and of each side, where they stand beside each other.
  private var placeWidth: Int { columns * 3 / 10 }
  private var sideWidth: Int { (columns - placeWidth - 4) / 2 }

  /// All that differs, section by section.
  func lines(of comparison: DeliveryComparison) -> [[TextRun]] {
    let numbers = comparison.names
    var lines = section("Request line", comparison.line, numbers)
    lines += values(of: comparison, numbers) + section("Headers", comparison.headers, numbers)
    if let bytes = comparison.bytes { lines += section(bytes, numbers) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.isEmpty
      ? [[TextRun(Self.sameness(of: comparison), Style(.success))]] : lines
  }

  private static func sameness(of comparison: DeliveryComparison) -> String {
    comparison.isWithCurrent
      ? "Nothing differs: the document is as it was pushed."
      : "Nothing differs: request line, headers and body are the same."
  }

  private func values(of comparison: DeliveryComparison, _ numbers: (String, String)) -> [[TextRun]] {
    let title = [TextRun("JSON", Style(.heading))]
    switch comparison.values {
    case .compared(let differences): return section("JSON", differences, numbers)
    case .notJSON(let left, let right):
      let faults = [(numbers.0, left), (numbers.1, right)].compactMap { number, fault in
        fault.map { [TextRun("\(number): \($0.sentence)", .dim)] }
      }
      return [title] + faults.flatMap { wrapped($0, columns) } + [[]]
    case .tooMany:
      let words = "Not compared: a body has over \(Wording.grouped(JSONComparison.tokenLimit)) values."
      return [title] + wrapped([TextRun(words, .dim)], columns) + [[]]
    }
  }

  private func section(
    _ title: String, _ differences: Differences, _ numbers: (String, String)
  ) -> [[TextRun]] {
    guard differences.count > 0 else { return [] }
    var lines = [heading(title, numbers)]
    for difference in differences.list { lines += rows(of: difference, numbers) }
    let rest = differences.count - differences.list.count
    if rest > 0 { lines.append([TextRun("and \(Wording.grouped(rest)) more", Style(.warning))]) }
    return lines + [[]]
  }

  private func section(_ bytes: BodyDifference, _ numbers: (String, String)) -> [[TextRun]] {
    let end = bytes.sharedEnd
    let words =
      "The bodies first differ at byte \(Wording.grouped(bytes.offset))"
      + (end > 0 ? "; from the end they share \(Wording.count(end, "byte"))." : ".")
    let place = ByteString("byte \(bytes.offset)")
    let difference = Difference(.changed, place, left: bytes.left, right: bytes.right)
    return [heading("Body bytes", numbers)] + wrapped([TextRun(words, .dim)], columns)
      + rows(of: difference, numbers)
  }

  private func heading(_ title: String, _ numbers: (String, String)) -> [TextRun] {
    guard isBeside else { return [TextRun(title, Style(.heading))] }
    return beside(
      [TextRun(title, Style(.heading))], [TextRun(numbers.0, Style(.heading))],
      [TextRun(numbers.1, Style(.heading))])
  }
}

extension DifferenceLayout {
  private static func sign(_ kind: Difference.Kind) -> (String, Role) {
    switch kind {
    case .added: ("+", .success)
    case .removed: ("-", .failure)
    case .changed: ("~", .warning)
    case .moved: (">", .info)
    }
  }

  /// What is worth knowing of a difference beside its texts.
  private static func words(_ note: Difference.Note) -> String {
    switch note {
    case .sameNumber: "equal as numbers"
    case .sameDouble: "equal as 64-bit numbers"
    case .sameText: "the same string, escaped in another way"
    case .sameName: "the same name in other case"
    case .place(let left, let right): "from place \(Wording.grouped(left)) to \(Wording.grouped(right))"
    }
  }

  private func rows(of difference: Difference, _ numbers: (String, String)) -> [[TextRun]] {
    isBeside ? rowsBeside(difference) : rowsBelow(difference, numbers)
  }

  /// `~ changed .data.amount: equal as numbers`, and what stands on either side below.
  private func rowsBelow(_ difference: Difference, _ numbers: (String, String)) -> [[TextRun]] {
    let width = max(numbers.0.count, numbers.1.count) + 2
    var lines = wrapped(name(of: difference), columns, atWords: true)
    for (number, excerpt) in [(numbers.0, difference.left), (numbers.1, difference.right)] {
      guard let excerpt else { continue }
      let label = SafeText.padded(number, to: width)
      let rows = wrapped(runs(of: excerpt), max(8, columns - 2 - width))
      for (row, runs) in rows.enumerated() {
        let margin = row == 0 ? "  " + label : String(repeating: " ", count: 2 + width)
        lines.append([TextRun(margin, .dim)] + runs)
      }
    }
    return lines
  }

  private func rowsBeside(_ difference: Difference) -> [[TextRun]] {
    let place = wrapped(name(of: difference), placeWidth, atWords: true)
    let left = difference.left.map { wrapped(runs(of: $0), sideWidth) } ?? []
    let right = difference.right.map { wrapped(runs(of: $0), sideWidth) } ?? []
    return (0..<max(place.count, left.count, right.count)).map { row in
      beside(
        row < place.count ? place[row] : [], row < left.count ? left[row] : [],
        row < right.count ? right[row] : [])
    }
  }

  private func beside(_ place: [TextRun], _ left: [TextRun], _ right: [TextRun]) -> [TextRun] {
    padded(place, placeWidth + 2) + padded(left, sideWidth + 2) + right
  }

  private func padded(_ runs: [TextRun], _ width: Int) -> [TextRun] {
    runs + [TextRun(String(repeating: " ", count: max(0, width - runs.width(in: charset))))]
  }

  private func name(of difference: Difference) -> [TextRun] {
    let (sign, role) = Self.sign(difference.kind)
    return [
      TextRun("\(sign) \(difference.kind.rawValue) ", Style(role)),
      TextRun(difference.place.bytes, Style(.jsonKey)),
    ] + (difference.note.map { [TextRun(": \(Self.words($0))", .dim)] } ?? [])
  }

  /// The text, and how much of it is left out on either side.
  private func runs(of excerpt: Excerpt) -> [TextRun] {
    let ellipsis = Glyphs.forCharset(charset).ellipsis
    var runs = [TextRun(excerpt.bytes.bytes)]
    func rest(_ count: Int) -> String { "(\(Wording.bytes(count)))" }
    if excerpt.before > 0 { runs.insert(TextRun("\(rest(excerpt.before))\(ellipsis)", .dim), at: 0) }
    if excerpt.after > 0 { runs.append(TextRun("\(ellipsis)\(rest(excerpt.after))", .dim)) }
    return excerpt.bytes.isEmpty ? [TextRun("(empty)", .dim)] : runs
  }

  /// The rows of a line, the last of few ending in an ellipsis where they do not suffice.
  private func wrapped(_ runs: [TextRun], _ width: Int, atWords: Bool = false) -> [[TextRun]] {
    let ranges = SafeText.wrap(
      runs.flatMap(\.bytes)[...], columns: max(1, width - 1), atWords: atWords, charset: charset)
    let rows = ranges.prefix(Self.rowLimit + 1).map { runs.slice($0) }
    guard rows.count > Self.rowLimit else { return rows }
    let ellipsis = TextRun(String(Glyphs.forCharset(charset).ellipsis), .dim)
    return Array(rows.prefix(Self.rowLimit - 1)) + [rows[Self.rowLimit - 1] + [ellipsis]]
  }
}

extension DifferenceLayout {
  /// `JSON: 1 changed, 2 added · headers: 3 changed · body: 412 B and 430 B`.
  static func summary(of comparison: DeliveryComparison) -> [[TextRun]] {
    var parts: [String] = []
    if case .compared(let differences) = comparison.values {
      let isSame = differences.count == 0 && comparison.bytes != nil
      parts.append("JSON: " + (isSame ? "same values, different formatting" : words(differences)))
    }
    guard !comparison.isWithCurrent else { return parts.map { [TextRun($0, .dim)] } + [[]] }
    parts.append("headers: " + words(comparison.headers))
    let (left, right) = (comparison.left.request.body.count, comparison.right.request.body.count)
    parts.append(
      "body: "
        + (comparison.bytes == nil
          ? "the same \(Wording.bytes(left))" : "\(Wording.bytes(left)) and \(Wording.bytes(right))"))
    return parts.map { [TextRun($0, .dim)] } + [[]]
  }

  private static func words(_ differences: Differences) -> String {
    let words = Difference.Kind.allCases.filter { differences[$0] > 0 }.map {
      "\(Wording.grouped(differences[$0])) \($0.rawValue)"
    }
    return words.isEmpty ? "the same" : words.joined(separator: ", ")
  }
}
