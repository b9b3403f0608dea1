internal import JSON

/// The fields of one line of a session, found in one pass over it; all else in the line is passed over.
///
/// A long session has millions of them, so that nothing is copied out of the line but what is asked for.
struct SessionFields {
  /// The most header fields that a request in a session may have.
  static let maximumHeaders = 10_000

  private let line: [UInt8]
  private var lexer = JSONLexer()
  private var tokens = [JSONToken?](repeating: nil, count: Self.count)
  /// Those of the request, and of an app's response.
  private(set) var headers = Headers()
  private(set) var responseHeaders = Headers()
  /// The place among the fields of the one that is looked for first.
  private var next = 0

  private static let count = SessionField.allCases.count

  init(_ line: [UInt8]) throws(SessionError) {
    self.line = line
    // Handed on, since a span of the property would hold all of `self` while the lexer changes.
    let bytes = line.span
    // Checked as a whole, since reading a token repairs what is wrong in it.
    guard (try? UTF8Span(validating: bytes)) != nil else { throw .notUTF8 }
    guard try token(in: bytes)?.kind == .beginObject else { throw .notAnObject }
    try readObject(nil, in: bytes)
    _ = try token(in: bytes)
  }

  private mutating func token(in bytes: Span<UInt8>) throws(SessionError) -> JSONToken? {
    do throws(JSONFault) {
      return try lexer.step(in: bytes, separators: false)
    } catch {
      throw .notJSON(at: error.offset)
    }
  }

  /// Reads the fields of the object that has just begun: those of `parent`, or of the line.
  private mutating func readObject(_ parent: SessionField?, in bytes: Span<UInt8>) throws(SessionError) {
    while let key = try token(in: bytes), key.kind == .key {
      let field = key.withContent(in: bytes) { find($0, in: parent) }
      guard let value = try token(in: bytes) else { return }
      if let field {
        next = field.rawValue + 1
        guard tokens[field.rawValue] == nil else { throw .repeated(field) }
        tokens[field.rawValue] = value
      }
      try readValue(value, of: field, in: bytes)
    }
  }

  /// Looks for the field of a key from `next` on, where it nearly always is, and then before that.
  private func find(_ key: Span<UInt8>, in parent: SessionField?) -> SessionField? {
    for distance in 0..<Self.count {
      let place = next + distance
      let field = SessionField(rawValue: place < Self.count ? place : place - Self.count)
      if let field, field.parent == parent, field.isCalled(key) { return field }
    }
    return nil
  }

  private mutating func readValue(
    _ value: JSONToken, of field: SessionField?, in bytes: Span<UInt8>
  ) throws(SessionError) {
    switch (field, value.kind) {
    case (.verdict?, .beginObject), (.request?, .beginObject), (.answer?, .beginObject),
      (.response?, .beginObject), (.times?, .beginObject):
      try readObject(field, in: bytes)
    case (.headers?, .beginArray): headers = try readHeaders(.headers, in: bytes)
    case (.responseHeaders?, .beginArray): responseHeaders = try readHeaders(.responseHeaders, in: bytes)
    case (_, .beginObject), (_, .beginArray):
      let outside = lexer.depth - 1
      while lexer.depth > outside, try token(in: bytes) != nil {}
    default: break
    }
  }

  private mutating func readHeaders(
    _ field: SessionField, in bytes: Span<UInt8>
  ) throws(SessionError) -> Headers {
    var fields: [(name: JSONToken, value: JSONToken)] = []
    fields.reserveCapacity(16)
    var size = 0
    while let pair = try token(in: bytes), pair.kind != .endArray {
      guard pair.kind == .beginArray, let name = try text(in: bytes), let value = try text(in: bytes),
        try token(in: bytes)?.kind == .endArray
      else { throw .unexpected(field) }
      let number = fields.count + 1
      guard number <= Self.maximumHeaders else { throw .tooManyHeaders(limit: Self.maximumHeaders) }
      guard name.withContent(in: bytes, HTTPText.isToken) else { throw .badHeaderName(number: number) }
      guard value.withContent(in: bytes, HTTPText.isFieldValue) else { throw .badHeaderValue(number: number) }
      fields.append((name, value))
      // Without the quotes.
      size += name.range.count + value.range.count - 4
    }
    return Self.headers(fields, size: size, in: bytes)
  }

  /// The fields in just as much memory as they need, unless something in them is escaped: each delivery keeps it.
  private static func headers(
    _ fields: [(name: JSONToken, value: JSONToken)], size: Int, in bytes: Span<UInt8>
  ) -> Headers {
    var headers = Headers()
    headers.reserve(bytes: size, fields: fields.count)
    for (name, value) in fields {
      name.withContent(in: bytes) { name in
        value.withContent(in: bytes) { headers.append(name, $0) }
      }
    }
    return headers
  }

  private mutating func text(in bytes: Span<UInt8>) throws(SessionError) -> JSONToken? {
    guard let token = try token(in: bytes), token.kind == .string else { return nil }
    return token
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

  /// Where a text is.
  private func textToken(_ field: SessionField) throws(SessionError) -> JSONToken {
    let token = try token(field)
    guard token.kind == .string else { throw .unexpected(field) }
    return token
  }

  func text(_ field: SessionField) throws(SessionError) -> String {
    try textToken(field).text(in: line.span)
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

  /// What `read` makes of the bytes of a text.
  func value<Value>(
    _ field: SessionField, _ read: (Span<UInt8>) -> Value?
  ) throws(SessionError) -> Value {
    guard let value = try textToken(field).withContent(in: line.span, read) else { throw .unexpected(field) }
    return value
  }

  /// One of a set of words. They are compared as bytes: a `String` of a stranger's can take seconds to compare.
  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ field: SessionField
  ) throws(SessionError) -> Word {
    try value(field) { text in
      Word.allCases.first { word in text.withUnsafeBufferPointer { word.rawValue.utf8.elementsEqual($0) } }
    }
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
    guard token.kind == .number, let value: Number = SessionNumber.integer(line.span.extracting(token.range)),
      range.contains(value)
    else { throw .unexpected(field) }
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
    guard token.kind == .number, let value = SessionNumber.decimal(line.span.extracting(token.range)),
      range.contains(value)
    else { throw .unexpected(field) }
    return value
  }

  /// A number that lines of older versions do not have.
  func decimalIfPresent(_ field: SessionField, _ range: ClosedRange<Double>) throws(SessionError) -> Double? {
    try isPresent(field) ? try decimal(field, range) : nil
  }

  func base64(_ field: SessionField) throws(SessionError) -> [UInt8] {
    // Some writers escape the slash, so the text counts, not what stands in the line.
    try value(field, Base64.decoded)
  }
}

extension SessionFields {
  /// A text that a delivery keeps, or null: where it is, once it is known to be there.
  struct KeptText {
    fileprivate let token: JSONToken?
  }

  func kept(_ field: SessionField) throws(SessionError) -> KeptText {
    KeptText(token: try textToken(field))
  }

  func keptIfNotNull(_ field: SessionField) throws(SessionError) -> KeptText {
    try isNull(field) ? KeptText(token: nil) : try kept(field)
  }

  /// The texts in one storage of their own: the line is not kept, and many small ones would take more room.
  func together<let count: Int>(_ texts: InlineArray<count, KeptText>) -> InlineArray<count, ByteString?> {
    var storage: [UInt8] = []
    var size = 0
    for index in texts.indices { size += max(0, (texts[index].token?.range.count ?? 2) - 2) }
    storage.reserveCapacity(size)
    var ends = InlineArray<count, Int>(repeating: 0)
    for index in texts.indices {
      texts[index].token?.withContent(in: line.span) { text in
        text.withUnsafeBufferPointer { storage.append(contentsOf: $0) }
      }
      ends[index] = storage.count
    }
    return InlineArray { index in
      texts[index].token.map { _ in ByteString(storage, in: (index > 0 ? ends[index - 1] : 0)..<ends[index]) }
    }
  }
}
