internal import JSON

/// The fields of one line of a session, found in one pass over it; all else in the line is passed over.
struct SessionFields {
  /// The most header fields that a request in a session may have.
  static let maximumHeaders = 10_000

  private let line: [UInt8]
  private var lexer = JSONLexer()
  private var tokens = [JSONToken?](repeating: nil, count: SessionField.allCases.count)
  /// Those of the request, and of an app's response.
  private(set) var headers = Headers()
  private(set) var responseHeaders = Headers()

  /// The fields of the line itself first, then those of each field, by its number.
  private static let children: [[(key: [UInt8], field: SessionField)]] = ([nil] + SessionField.allCases)
    .map { parent in
      SessionField.allCases.filter { $0.parent == parent }
        .map { field in (field.key.withUTF8Buffer { Array($0) }, field) }
    }

  init(_ line: [UInt8]) throws(SessionError) {
    self.line = line
    // Checked as a whole, since reading a token repairs what is wrong in it.
    guard (try? UTF8Span(validating: line.span)) != nil else { throw .notUTF8 }
    guard try next()?.kind == .beginObject else { throw .notAnObject }
    try readObject(nil)
    _ = try next()
  }

  private mutating func next() throws(SessionError) -> JSONToken? {
    // A span of the property would hold all of `self` while the lexer changes.
    let line = line
    do throws(JSONFault) {
      return try lexer.step(in: line.span, separators: false)
    } catch {
      throw .notJSON(at: error.offset)
    }
  }

  /// Reads the fields of the object that has just begun: those of `parent`, or of the line.
  private mutating func readObject(_ parent: SessionField?) throws(SessionError) {
    while let token = try next(), token.kind == .key {
      let field = field(of: parent, named: token)
      guard let value = try next() else { return }
      if let field {
        guard tokens[field.rawValue] == nil else { throw .repeated(field) }
        tokens[field.rawValue] = value
      }
      try readValue(value, of: field)
    }
  }

  private func field(of parent: SessionField?, named token: JSONToken) -> SessionField? {
    let key = token.isEscaped ? token.unescaped(in: line.span)[...] : line[token.start + 1..<token.end - 1]
    return Self.children[parent.map { $0.rawValue + 1 } ?? 0].first { $0.key.elementsEqual(key) }?.field
  }

  private mutating func readValue(_ value: JSONToken, of field: SessionField?) throws(SessionError) {
    switch (field, value.kind) {
    case (.verdict?, .beginObject), (.request?, .beginObject), (.answer?, .beginObject),
      (.response?, .beginObject), (.times?, .beginObject):
      try readObject(field)
    case (.headers?, .beginArray): headers = try readHeaders(.headers)
    case (.responseHeaders?, .beginArray): responseHeaders = try readHeaders(.responseHeaders)
    case (_, .beginObject), (_, .beginArray):
      let outside = lexer.depth - 1
      while lexer.depth > outside, try next() != nil {}
    default: break
    }
  }

  private mutating func readHeaders(_ field: SessionField) throws(SessionError) -> Headers {
    var headers = Headers()
    while let token = try next(), token.kind != .endArray {
      guard token.kind == .beginArray, let name = try nextText(), let value = try nextText(),
        try next()?.kind == .endArray
      else { throw .unexpected(field) }
      let number = headers.count + 1
      guard number <= Self.maximumHeaders else { throw .tooManyHeaders(limit: Self.maximumHeaders) }
      guard HTTPText.isToken(name) else { throw .badHeaderName(number: number) }
      guard HTTPText.isFieldValue(value) else { throw .badHeaderValue(number: number) }
      headers.append(name, value)
    }
    return headers
  }

  private mutating func nextText() throws(SessionError) -> ByteString? {
    guard let token = try next(), token.kind == .string else { return nil }
    return token.content(of: line)
  }
}

extension SessionFields {
  private func token(_ field: SessionField) throws(SessionError) -> JSONToken {
    if let parent = field.parent, try token(parent).kind != .beginObject { throw .unexpected(parent) }
    guard let token = tokens[field.rawValue] else { throw .missing(field) }
    return token
  }

  func isNull(_ field: SessionField) throws(SessionError) -> Bool { try token(field).kind == .null }

  func isList(_ field: SessionField) throws(SessionError) -> Bool { try token(field).kind == .beginArray }

  func text(_ field: SessionField) throws(SessionError) -> String {
    let token = try token(field)
    guard token.kind == .string else { throw .unexpected(field) }
    return token.text(in: line.span)
  }

  func optionalText(_ field: SessionField) throws(SessionError) -> String? {
    try isNull(field) ? nil : try text(field)
  }

  /// Whether the field, which only some lines have, is there and holds something.
  func isPresent(_ field: SessionField) throws(SessionError) -> Bool {
    guard tokens[field.rawValue] != nil else { return false }
    return try !isNull(field)
  }

  /// A text that only some lines have.
  func textIfPresent(_ field: SessionField) throws(SessionError) -> String? {
    tokens[field.rawValue] == nil ? nil : try optionalText(field)
  }

  /// The bytes of a text, which keep the line.
  func bytes(_ field: SessionField) throws(SessionError) -> ByteString {
    let token = try token(field)
    guard token.kind == .string else { throw .unexpected(field) }
    return token.content(of: line)
  }

  func optionalBytes(_ field: SessionField) throws(SessionError) -> ByteString? {
    try isNull(field) ? nil : try bytes(field)
  }

  /// One of a set of words. They are compared as bytes: a `String` of a stranger's can take seconds to compare.
  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ field: SessionField
  ) throws(SessionError) -> Word {
    let text = try bytes(field)
    guard let word = Word.allCases.first(where: { $0.rawValue.utf8.elementsEqual(text) }) else {
      throw .unexpected(field)
    }
    return word
  }

  /// The text of a field as `read` understands it.
  func value<Value>(_ field: SessionField, _ read: (String) -> Value?) throws(SessionError) -> Value {
    guard let value = read(try text(field)) else { throw .unexpected(field) }
    return value
  }

  func bool(_ field: SessionField) throws(SessionError) -> Bool {
    switch try token(field).kind {
    case .true: true
    case .false: false
    default: throw .unexpected(field)
    }
  }

  /// A number written without a point or an exponent, within `range`.
  func integer<Number: FixedWidthInteger>(
    _ field: SessionField, _ range: ClosedRange<Number>
  ) throws(SessionError) -> Number {
    let token = try token(field)
    guard token.kind == .number, let value = Number(token.text(in: line.span)), range.contains(value) else {
      throw .unexpected(field)
    }
    return value
  }

  /// A number that only some lines have.
  func integerIfPresent<Number: FixedWidthInteger>(
    _ field: SessionField, _ range: ClosedRange<Number>
  ) throws(SessionError) -> Number? {
    guard tokens[field.rawValue] != nil, try !isNull(field) else { return nil }
    return try integer(field, range)
  }

  func decimal(_ field: SessionField, _ range: ClosedRange<Double>) throws(SessionError) -> Double {
    let token = try token(field)
    guard token.kind == .number, let value = Double(token.text(in: line.span)), range.contains(value) else {
      throw .unexpected(field)
    }
    return value
  }

  /// A number that lines of older versions do not have.
  func decimalIfPresent(_ field: SessionField, _ range: ClosedRange<Double>) throws(SessionError) -> Double? {
    try isPresent(field) ? try decimal(field, range) : nil
  }

  func base64(_ field: SessionField) throws(SessionError) -> [UInt8] {
    let token = try token(field)
    guard token.kind == .string else { throw .unexpected(field) }
    // Some writers escape the slash, so the text counts, not what stands in the line.
    let decoded =
      token.isEscaped
      ? Base64.decoded(token.unescaped(in: line.span).span)
      : Base64.decoded(line.span.extracting(token.start + 1..<token.end - 1))
    guard let decoded else { throw .unexpected(field) }
    return decoded
  }
}
