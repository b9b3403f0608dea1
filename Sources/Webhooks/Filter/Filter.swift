public import JSON

/// A filter expression, parsed once and asked of every delivery.
///
/// Terms side by side are "and", `|` is "or" and binds less, `-` or `!` is "not"; the words `and`, `or` and `not`,
/// `&&` and `||` say the same. See `FilterKey` for the terms. An empty expression takes everything.
public struct Filter: Sendable, Equatable {
  private let root: FilterNode

  /// Parses an expression; `providers` are those that a term may name.
  /// - Parameters:
  ///   - causes: the ids of the causes that a term may name; any where there are none.
  ///   - zone: that of the times in it, the one in which times are shown.
  /// - Throws: `FilterError`, with the column and what is expected there.
  public init(
    _ expression: String, providers: Providers, causes: [String] = [], zone: Zone
  ) throws(FilterError) {
    var parser = FilterParser(expression, providers: providers, causes: causes, zone: zone)
    root = try parser.parse()
  }

  /// Whether the filter leaves nothing out.
  public var isEmpty: Bool { root == .all([]) }

  /// Whether bodies and headers may have to be searched, which takes long where they are large.
  public var searchesText: Bool { root.contains(where: \.searchesText) }

  /// Whether requests may have to be read, which takes long where they are in a file.
  public var readsRequests: Bool { root.contains(where: \.readsRequest) }

  /// Whether its words may be those of a request: a text, a type, an id, a header or a target.
  public var quotesRequests: Bool { root.contains(where: \.quotesRequest) }

  /// Whether what happens to a delivery later may change whether the filter takes it.
  public var asksForOutcomes: Bool { root.contains(where: \.asksForOutcomes) }

  /// Whether the filter asks for causes, which only a diagnosis finds.
  public var asksForCauses: Bool {
    root.contains { if case .cause = $0 { true } else { false } }
  }

  /// Whether the filter asks for marks, which only a user of the screen makes.
  public var asksForMarks: Bool { root.contains { $0 == .marked } }

  /// Whether the filter asks what an app said.
  public var asksForExchanges: Bool { root.contains(where: \.asksForExchanges) }

  /// Returns whether the filter takes `delivery`, given what has happened to the kept deliveries.
  public func matches(_ delivery: Delivery, _ outcomes: Outcomes = Outcomes()) -> Bool {
    root.matches(delivery, outcomes)
  }
}

extension Filter {
  private init(_ root: FilterNode) { self.root = root }

  /// Returns what every one of `filters` takes; everything where there are none.
  public static func all(of filters: [Filter]) -> Filter { Filter(.joined(and: filters.map(\.root))) }

  /// Returns what at least one of `filters` takes.
  public static func any(of filters: [Filter]) -> Filter { Filter(.joined(or: filters.map(\.root))) }

  /// Deliveries of an event type, in which `*` and `?` stand for other characters; nil: those that name none.
  public static func type(_ name: ByteString?) -> Filter {
    Filter(.term(name.map { .type(Glob($0)) } ?? .untyped))
  }

  public static func livemode(_ mode: Livemode) -> Filter { Filter(.term(.live(mode))) }

  public static func status(_ status: Verdict.Status) -> Filter { Filter(.term(.status(status))) }

  /// Deliveries whose verdict the list calls as it calls this one: what is early is not called stale.
  public static func reason(_ reason: Verdict.Reason) -> Filter {
    if reason == .inFuture { return Filter(.term(.future)) }
    let status = Filter.status(reason.status)
    return reason.status == .stale ? .all(of: [status, Filter(.not(.term(.future)))]) : status
  }

  /// Deliveries for whose failure this cause was found.
  public static func cause(_ id: ByteString) -> Filter { Filter(.term(.cause(Glob(id)))) }

  /// Deliveries that were sent to the endpoint of this name; nil: to none.
  public static func endpoint(_ name: ByteString?) -> Filter { Filter(.term(.endpoint(name.map(Glob.init)))) }

  /// Deliveries whose signature failed, in whatever way.
  public static let failed = Filter(.term(.failed))

  /// Deliveries that the user has marked.
  public static let marked = Filter(.term(.marked))

  public static func provider(_ provider: Provider) -> Filter { Filter(.term(.provider(provider))) }
}

extension Filter: CustomStringConvertible {
  /// The expression in its canonical spelling, which parses to an equal filter.
  public var description: String { root.description }
}

/// Why an expression is not a filter, and where.
public struct FilterError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    case missingTerm
    case missingText
    case unknownKey(String)
    case missingValue(of: FilterKey)
    case badValue(String, of: FilterKey)
    /// A time is wrong, in this way.
    case badTime(TimeFault)
    case openQuote
    case badEscape
    case openParenthesis
    case unopenedParenthesis
    /// More parentheses inside each other than `limit`.
    case tooDeep(limit: Int)
  }

  /// What is wrong with a time.
  public enum TimeFault: Sendable, Equatable {
    case form, hour, minute, second, month, day
    /// A range ends before it begins.
    case order
    /// The end of a range names a day or a year, and its start does not.
    case endSaysMore
    /// A range after a comparison.
    case comparedRange
  }

  public let problem: Problem
  /// Where the problem is, in characters from the start of the expression, from 0; its length at its end.
  public let column: Int
  /// What is known and may stand there: the names of the senders, as a list for a sentence, or the nearest cause.
  var known = ""

  // What is known is words for the user, and no part of what is wrong.
  public static func == (left: FilterError, right: FilterError) -> Bool {
    left.problem == right.problem && left.column == right.column
  }
}

extension FilterError: CustomStringConvertible {
  /// One sentence on what is expected; it may quote the expression.
  public var description: String {
    switch problem {
    case .missingTerm: "expected a term here, such as type:analysis.* or a word to search for"
    case .missingText: "expected a text to search for"
    case .unknownKey(let key):
      "\(key): is not a filter key: use \(Self.keys), or put the text in quotes to search for it"
    case .missingValue(let key): "expected \(expectation(of: key)) after \(key.rawValue):"
    case .badValue(let value, let key):
      "\(key.rawValue):\(value) is not known: use \(expectation(of: key))"
    case .badTime(let fault): Self.sentence(on: fault)
    case .openQuote: "this quotation mark is not closed: add a second one"
    case .badEscape: "in quotes a backslash may only precede another backslash or a quotation mark"
    case .openParenthesis: "this parenthesis is not closed: add a )"
    case .unopenedParenthesis: "this parenthesis closes nothing: take it out, or put the text in quotes"
    case .tooDeep(let limit): "more than \(limit) parentheses inside each other: take some out"
    }
  }

  private func expectation(of key: FilterKey) -> String {
    guard !known.isEmpty else { return key.expectation }
    return key == .provider ? "\(known), or - for none" : "a cause such as \(known)"
  }

  private static func sentence(on fault: TimeFault) -> String {
    switch fault {
    case .form: "expected \(FilterKey.time.expectation)"
    case .hour: "expected an hour from 0 to 23"
    case .minute: "expected two digits of minutes, from 00 to 59"
    case .second: "expected two digits of seconds, from 00 to 59"
    case .month: "expected a month from 1 to 12, as in 2026-11-21 or 11-21"
    case .day: "this month has no such day"
    case .order: "this range ends before it begins: swap its ends"
    case .endSaysMore: "a range has its date at both ends, or at the first alone"
    case .comparedRange: "a range takes no < or >"
    }
  }

  private static let keys = FilterKey.allCases.map(\.rawValue).joined(separator: ", ")
}
