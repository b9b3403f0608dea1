internal import JSON
internal import Webhooks

/// A change that frameworks make to the values of a document, in all places alike or in one.
enum ValueEdit: Sendable, Equatable, CaseIterable {
  case objectToArray, arrayToObject, emptyToNull, nullToEmpty, fractionDropped, fractionAdded
  case counterRaised, textToNumber, numberToText, decoded, encoded

  /// More places than these are not tried one at a time.
  private static let places = 64

  /// Hands each body that `body` may have been before this edit to `visit`, until that says to stop.
  func visit(_ outline: JSONOutline, _ visit: ([UInt8]) -> Bool) -> Bool {
    if self == .decoded || self == .encoded { return entities(outline.body).map(visit) ?? false }
    let changes = outline.tokens.indices.compactMap { at in
      original(at, outline).map {
        (range: outline.tokens[at].start..<outline.tokens[outline.end(of: at)].end, $0)
      }
    }
    guard let first = changes.first else { return false }
    // A retry counts in one place.
    if self != .counterRaised, changes.count > 1, visit(Self.replaced(outline.body, changes)) { return true }
    if changes.count == 1 { return visit(Self.replaced(outline.body, [first])) }
    return changes.prefix(Self.places).contains { visit(Self.replaced(outline.body, [$0])) }
  }

  private static func replaced(_ body: [UInt8], _ changes: [(range: Range<Int>, [UInt8])]) -> [UInt8] {
    var output: [UInt8] = []
    var copied = 0
    for (range, text) in changes {
      output += body[copied..<range.lowerBound] + text
      copied = range.upperBound
    }
    return output + body[copied...]
  }

  /// What stood where the value at `at` is now; nil where this edit can't have made it.
  private func original(_ at: Int, _ outline: JSONOutline) -> [UInt8]? {
    let token = outline.tokens[at]
    let text = outline.body[token.range]
    let isEmpty = outline.end(of: at) == at + 1
    switch (self, token.kind) {
    case (.objectToArray, .beginArray): return isEmpty ? Array("{}".utf8) : nil
    case (.arrayToObject, .beginObject): return isEmpty ? Array("[]".utf8) : nil
    case (.emptyToNull, .null): return Array("\"\"".utf8)
    case (.nullToEmpty, .string): return text.count == 2 ? Array("null".utf8) : nil
    case (.fractionDropped, .number): return text.allSatisfy(\.isASCIIDigit) ? text + Array(".0".utf8) : nil
    case (.fractionAdded, .number):
      return text.suffix(2).elementsEqual(".0".utf8) ? Array(text.dropLast(2)) : nil
    case (.textToNumber, .number): return [0x22] + text + [0x22]
    case (.numberToText, .string):
      return Self.isNumber(text.dropFirst().dropLast()) ? Array(text.dropFirst().dropLast()) : nil
    case (.counterRaised, .number): return Self.counter(text).map { Array(String($0 - 1).utf8) }
    default: return nil
    }
  }

  private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    (1...18).contains(text.count) && text.allSatisfy(\.isASCIIDigit)
      && (text.count == 1 || text.first != 0x30)
  }

  /// A number of attempts: few of them.
  private static func counter(_ text: ArraySlice<UInt8>) -> Int? {
    guard text.count <= 3, let number = Int(String(decoding: text, as: UTF8.self)), number > 0 else {
      return nil
    }
    return number
  }

  /// The body with its HTML entities written as characters, or the reverse; nil where nothing changes.
  private func entities(_ body: [UInt8]) -> [UInt8]? {
    let pairs: [(UInt8, String)] = [(0x26, "&amp;"), (0x3C, "&lt;"), (0x3E, "&gt;"), (0x27, "&#39;")]
    guard self == .encoded else {
      let result = body.flatMap { byte in pairs.first { $0.0 == byte }.map { Array($0.1.utf8) } ?? [byte] }
      return result.count == body.count ? nil : result
    }
    guard body.contains(0x26) else { return nil }
    var output: [UInt8] = []
    var rest = body[...]
    while let byte = rest.first {
      let found = byte == 0x26 ? pairs.first { rest.starts(with: $0.1.utf8) } : nil
      output.append(found?.0 ?? byte)
      rest = rest.dropFirst(found?.1.utf8.count ?? 1)
    }
    return output.count == body.count ? nil : output
  }

  /// What happened, as the end of a sentence about the body.
  var words: String {
    switch self {
    case .objectToArray: "got [] in place of {}"
    case .arrayToObject: "got {} in place of []"
    case .emptyToNull: "got null in place of \"\""
    case .nullToEmpty: "got \"\" in place of null"
    case .fractionDropped: "lost the .0 of a number"
    case .fractionAdded: "got a number with .0 in place of an integer"
    case .counterRaised: "had a counter raised by one, as a retry that was not signed again does"
    case .textToNumber: "got a number in place of a string of digits"
    case .numberToText: "got a string of digits in place of a number"
    case .decoded: "had HTML entities such as &amp; decoded"
    case .encoded: "had characters such as & written as HTML entities"
    }
  }
}
