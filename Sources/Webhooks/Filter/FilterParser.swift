internal import JSON

/// Builds the tree of a filter expression; recursive, with a bound on how deep.
struct FilterParser {
  /// How many parentheses may be open at once.
  static let maximumDepth = 100

  private var scanner: FilterScanner
  private var depth = 0
  private let providers: Providers
  private let causes: [String]
  private let zone: Zone

  /// - Parameters:
  ///   - causes: the ids that a cause may have; any where there are none.
  ///   - zone: that of times.
  init(_ expression: String, providers: Providers, causes: [String], zone: Zone) {
    self.zone = zone
    self.providers = providers
    self.causes = causes
    scanner = FilterScanner(expression)
  }

  /// The tree of the whole expression.
  mutating func parse() throws(FilterError) -> FilterNode {
    scanner.skipWhitespace()
    guard scanner.next != nil else { return .all([]) }
    let node = try alternatives()
    // Only a closing parenthesis ends an expression before its end.
    guard scanner.next == nil else { throw scanner.fault(.unopenedParenthesis, at: scanner.offset) }
    return node
  }

  private mutating func alternatives() throws(FilterError) -> FilterNode {
    var nodes = [try conjunction()]
    while takeOr() { nodes.append(try conjunction()) }
    return .joined(or: nodes)
  }

  private mutating func takeOr() -> Bool {
    guard scanner.take("|") else { return scanner.take(word: "or") }
    _ = scanner.take("|")
    return true
  }

  private mutating func conjunction() throws(FilterError) -> FilterNode {
    scanner.skipWhitespace()
    var nodes = [try negation()]
    scanner.skipWhitespace()
    while takeAnd() || !isAtEnd {
      scanner.skipWhitespace()
      nodes.append(try negation())
      scanner.skipWhitespace()
    }
    return .joined(and: nodes)
  }

  private mutating func takeAnd() -> Bool { scanner.take(word: "and") || scanner.take(word: "&&") }

  /// Whether terms that are joined by "and" end here.
  private var isAtEnd: Bool {
    [nil, "|", ")"].contains(scanner.next) || scanner.isAt(word: "or")
  }

  private mutating func negation() throws(FilterError) -> FilterNode {
    var isNegated = false
    while scanner.take("-") || scanner.take("!") || scanner.take(word: "not") {
      isNegated.toggle()
      scanner.skipWhitespace()
    }
    let node = try operand()
    return isNegated ? .negated(node) : node
  }

  private mutating func operand() throws(FilterError) -> FilterNode {
    guard !isAtEnd, !scanner.isAt(word: "and"), !scanner.isAt(word: "&&") else {
      throw scanner.fault(.missingTerm, at: scanner.offset)
    }
    return switch scanner.next {
    case "(": try group()
    case "~": .term(try text())
    default: try term()
    }
  }

  private mutating func group() throws(FilterError) -> FilterNode {
    let start = scanner.offset
    scanner.skip()
    depth += 1
    guard depth <= Self.maximumDepth else {
      throw scanner.fault(.tooDeep(limit: Self.maximumDepth), at: start)
    }
    let node = try alternatives()
    guard scanner.take(")") else { throw scanner.fault(.openParenthesis, at: start) }
    depth -= 1
    return node
  }
}

extension FilterParser {
  private mutating func text() throws(FilterError) -> FilterTerm {
    scanner.skip()
    let start = scanner.offset
    return .text(try needle(try scanner.word().0, at: start))
  }

  private func needle(_ word: FilterWord, at start: Int) throws(FilterError) -> TextNeedle {
    guard !word.letters.isEmpty else { throw scanner.fault(.missingText, at: start) }
    return TextNeedle(word.text)
  }

  /// A term that begins with a letter or a quotation mark: `key:value`, `dup` or a bare word.
  private mutating func term() throws(FilterError) -> FilterNode {
    let start = scanner.offset
    let (word, isKey) = try scanner.word(upTo: ":")
    guard isKey else { return .term(try bare(word, at: start)) }
    guard let key = FilterKey(rawValue: word.text.asciiLowercased) else {
      throw scanner.fault(.unknownKey(word.text), at: start)
    }
    return try keyed(key)
  }

  private func bare(_ word: FilterWord, at start: Int) throws(FilterError) -> FilterTerm {
    switch word.text.asciiLowercased {
    case FilterKey.duplicate where !word.hasQuotes: .duplicate
    case FilterKey.disagree where !word.hasQuotes: .disagree
    case FilterKey.marked where !word.hasQuotes: .marked
    default: .text(try needle(word, at: start))
    }
  }

  private mutating func keyed(_ key: FilterKey) throws(FilterError) -> FilterNode {
    let start = scanner.offset
    let value = try scanner.word().0
    guard !value.isAbsent else { throw fault(.missingValue(of: key), at: start) }
    guard let term = key.term(value, providers, zone), isKnown(term) else {
      throw key == .time ? timeFault(in: value) : fault(.badValue(value.text, of: key), at: start)
    }
    var terms = [FilterNode.term(term)]
    while let another = anotherValue(of: key) { terms.append(.term(another)) }
    return .joined(or: terms)
  }

  private func isKnown(_ term: FilterTerm) -> Bool {
    guard case .cause(let glob) = term, !causes.isEmpty else { return true }
    return causes.contains { glob.matches(ByteString($0)) }
  }

  /// A fault whose words may name what is known.
  private func fault(_ problem: FilterError.Problem, at start: Int) -> FilterError {
    var fault = scanner.fault(problem, at: start)
    switch problem {
    case .badValue(_, .provider), .missingValue(.provider): fault.known = providers.names
    case .badValue(let value, .cause): fault.known = nearestCause(to: value)
    default: break
    }
    return fault
  }

  /// What is wrong with a time, at the place in it.
  private func timeFault(in value: FilterWord) -> FilterError {
    let fault = FilterTime.fault(in: value.text)
    let place = fault.flatMap { $0.offset < value.letters.count ? value.letters[$0.offset].offset : nil }
    return scanner.fault(.badTime(fault?.problem ?? .form), at: place ?? scanner.offset)
  }

  /// The cause whose id begins most like `value`; none if all begin otherwise.
  private func nearestCause(to value: String) -> String {
    func likeness(_ cause: String) -> Int { zip(cause.utf8, value.utf8).prefix { $0 == $1 }.count }
    return causes.filter { likeness($0) > 0 }.max { likeness($0) < likeness($1) } ?? ""
  }

  /// The next value in `sig:missing|malformed`: joined without spaces, and one that the key has.
  private mutating func anotherValue(of key: FilterKey) -> FilterTerm? {
    guard key.hasFixedValues else { return nil }
    var ahead = scanner
    guard ahead.take("|"), let word = try? ahead.word().0, !word.hasQuotes,
      let term = key.term(word, providers, zone)
    else {
      return nil
    }
    scanner = ahead
    return term
  }
}
