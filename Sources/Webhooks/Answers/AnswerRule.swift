internal import JSON

/// What the next deliveries are told in place of what the verdict or an app says: `[FILTER :] ACTION… [xN]`.
///
/// An action is `status 500`, `delay 11s`, `body 'text'`, `drop` or `hang`; several may stand side by side.
public struct AnswerRule: Sendable, Equatable {
  /// How a sender is told nothing.
  private enum Silence: String {
    /// The connection is closed.
    case drop
    /// The connection is left open.
    case hang
  }

  /// How the rule is shown and recorded.
  public let name: RuleName
  /// The deliveries that it is for; nil: all.
  private let filter: Filter?
  /// The endpoint whose deliveries it is for; nil: those of all.
  private let endpoint: Endpoint?
  /// The HTTP status; nil if it is not the rule that decides.
  public private(set) var status: Int?
  /// In seconds, before the answer is given.
  public private(set) var delay = 0.0
  /// What stands in the answer's body.
  public private(set) var body: String?
  private var silence: Silence?
  /// How many deliveries it is for; nil: all that come.
  public private(set) var count: Int?

  /// Whether the sender gets no answer.
  public var isSilent: Bool { silence != nil }
  /// Whether the connection is left open without one.
  public var hangs: Bool { silence == .hang }
  /// Whether neither the verdict nor an app decides what the sender is told.
  public var decidesStatus: Bool { isSilent || status != nil }
  /// Whether what the sender would be told otherwise, a challenge's answer as well, is not told.
  public var replacesAnswer: Bool { decidesStatus || body != nil }

  /// The longest delay, in seconds.
  private static let longestDelay = 3600.0
  private static let largestCount = 1_000_000

  /// - Parameters:
  ///   - endpoint: the one that it is for; nil: all.
  ///   - zone: that of times in its filter.
  /// - Throws: `AnswerRuleError`, with what is expected.
  public init(
    _ text: String, endpoint: Endpoint? = nil, providers: Providers, zone: Zone
  ) throws(AnswerRuleError) {
    let words = try Self.words(of: Array(text.utf8))
    let written = words.first.map { String(decoding: Array(text.utf8)[$0.start...], as: UTF8.self) } ?? ""
    name = RuleName((endpoint.map { "endpoint:\($0.name) " } ?? "") + written)
    self.endpoint = endpoint
    // A filter's own colons have no white space before them.
    let colon = words.lastIndex { $0.text == ":" && !$0.hasQuotes }
    filter = try colon.map { colon throws(AnswerRuleError) in
      try Self.filter(Array(text.utf8)[..<words[colon].start], providers, zone)
    }
    try read(words[(colon.map { $0 + 1 } ?? 0)...])
  }

  /// Whether it is for a delivery.
  func applies(to delivery: Delivery) -> Bool {
    (endpoint == nil || endpoint == delivery.endpoint) && filter?.matches(delivery) ?? true
  }

  private mutating func read(_ words: ArraySlice<Word>) throws(AnswerRuleError) {
    var words = words
    if let last = words.last, !last.hasQuotes, let count = try Self.count(last.text) {
      self.count = count
      words.removeLast()
    }
    guard !words.isEmpty else { throw .noAction }
    while let word = words.popFirst() { try take(word.hasQuotes ? "'\(word.text)'" : word.text, &words) }
    guard silence == nil || (status == nil && body == nil) else { throw .contradiction }
  }

  private mutating func take(_ action: String, _ rest: inout ArraySlice<Word>) throws(AnswerRuleError) {
    switch action.asciiLowercased {
    case "status":
      guard let text = rest.popFirst()?.text, let status = Int(text), (200...599).contains(status) else {
        throw .badStatus
      }
      self.status = status
    case "delay":
      guard let text = rest.popFirst()?.text,
        let delay = FilterThreshold(text, units: FilterThreshold.shortTimeUnits, parts: 1000)?.plain,
        (0...Self.longestDelay).contains(delay)
      else { throw .badDelay }
      self.delay = delay
    case "body":
      guard let text = rest.popFirst(), text.hasQuotes else { throw .badBody }
      body = text.text
    case "drop", "hang": silence = Silence(rawValue: action.asciiLowercased)
    default: throw .unknownAction(action)
    }
  }

  private static func count(_ text: String) throws(AnswerRuleError) -> Int? {
    guard text.first == "x" || text.first == "X", text.count > 1, text.dropFirst().allSatisfy(\.isNumber)
    else {
      return nil
    }
    guard let count = Int(text.dropFirst()), (1...largestCount).contains(count) else { throw .badCount }
    return count
  }

  private static func filter(
    _ text: ArraySlice<UInt8>, _ providers: Providers, _ zone: Zone
  ) throws(AnswerRuleError) -> Filter {
    let filter: Filter
    do throws(FilterError) {
      filter = try Filter(String(decoding: text, as: UTF8.self), providers: providers, zone: zone)
    } catch {
      throw .badFilter(error)
    }
    guard !filter.isEmpty else { throw .noFilter }
    guard !filter.asksForOutcomes else { throw .lateFilter }
    return filter
  }
}

/// A rule as it was written: one object for all the answers that it makes.
public final class RuleName: Sendable, Hashable {
  public let text: String

  public init(_ text: String) { self.text = text }

  /// What stands there for an answer to a sender's challenge; no rule can be written so.
  public static let challenge = RuleName("challenge")

  public static func == (left: RuleName, right: RuleName) -> Bool {
    left === right || left.text.utf8.elementsEqual(right.text.utf8)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(ByteString(text)) }
}

extension AnswerRule {
  /// A word of a rule, and where it begins.
  private struct Word {
    var text: String
    let start: Int
    var hasQuotes = false
  }

  /// The words, which white space parts; quotation marks of either kind hold one together.
  private static func words(of text: [UInt8]) throws(AnswerRuleError) -> [Word] {
    var words: [Word] = []
    var at = 0
    while let start = text[at...].firstIndex(where: { !isSpace($0) }) {
      let mark = text[start]
      if mark == UInt8(ascii: "'") || mark == UInt8(ascii: "\"") {
        guard let end = text[(start + 1)...].firstIndex(of: mark) else { throw .openQuote }
        words.append(
          Word(text: String(decoding: text[(start + 1)..<end], as: UTF8.self), start: start, hasQuotes: true))
        at = end + 1
      } else {
        let end = text[start...].firstIndex(where: isSpace) ?? text.count
        words.append(Word(text: String(decoding: text[start..<end], as: UTF8.self), start: start))
        at = end
      }
    }
    return words
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// Why a text is no rule.
public enum AnswerRuleError: Error, Sendable, Equatable {
  case noAction, noFilter, lateFilter, badStatus, badDelay, badBody, badCount, contradiction, openQuote
  case unknownAction(String)
  case badFilter(FilterError)
}

extension AnswerRuleError: CustomStringConvertible {
  /// One sentence on what is expected; it may quote the rule.
  public var description: String {
    switch self {
    case .noAction: "expected an action: status 500, delay 11s, body 'text', drop or hang"
    case .noFilter: "expected a filter before the colon, such as type:webhook.test"
    case .lateFilter:
      "a rule is asked before there is an answer or a cause: leave those terms out of its filter"
    case .badStatus: "status takes an HTTP status from 200 to 599, as in status 500"
    case .badDelay: "delay takes a time of 1h at most, as in delay 11s or delay 500ms"
    case .badBody: "body takes a text in quotes, as in body 'try again'"
    case .badCount: "x takes a number from 1 to 1,000,000, as in x3"
    case .contradiction: "drop and hang answer nothing: leave status and body out"
    case .openQuote: "a quotation mark is not closed: add a second one"
    case .unknownAction(let word):
      "\(word) is not an action: use status 500, delay 11s, body 'text', drop or hang, and x3 at the end"
    case .badFilter(let error): "filter, column \(error.column + 1): \(error)"
    }
  }
}
