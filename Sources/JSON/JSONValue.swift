/// A value of a JSON text, asked for what it holds.
public struct JSONValue: Sendable {
  private let outline: JSONOutline
  /// Where it begins, as an index of the outline's tokens.
  private let index: Int

  /// Reads `body`; nil if it is not JSON, or has more than `limit` tokens.
  public init?(_ body: [UInt8], limit: Int = .max) {
    guard let outline = JSONOutline(body, limit: limit), !outline.tokens.isEmpty else { return nil }
    self.init(outline, 0)
  }

  private init(_ outline: JSONOutline, _ index: Int) {
    self.outline = outline
    self.index = index
  }

  private var kind: JSONToken.Kind { outline.tokens[index].kind }

  public var isNull: Bool { kind == .null }

  /// What a string stands for; nil for another kind.
  public var text: ByteString? { kind == .string ? ByteString(outline.text(at: index)) : nil }

  /// The same, what is not UTF-8 repaired with U+FFFD.
  public var string: String? { text?.text }

  public var bool: Bool? {
    switch kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// The number, where it is a whole one.
  public var integer: Int64? { kind == .number ? Int64(String(decoding: raw, as: UTF8.self)) : nil }

  /// What the base64 of the string stands for.
  public var bytes: [UInt8]? { kind == .string ? Base64.decoded(outline.text(at: index).span) : nil }

  /// The bytes of the text that it takes.
  public var raw: [UInt8] { Array(outline.body[outline.range(ofValueAt: index)]) }

  /// The elements of an array; nil for another kind.
  public var elements: [JSONValue]? {
    guard kind == .beginArray else { return nil }
    var elements: [JSONValue] = []
    var at = index + 1
    while at < outline.end(of: index) {
      elements.append(JSONValue(outline, at))
      at = outline.end(of: at) + 1
    }
    return elements
  }

  /// The members of an object, as they were sent; nil for another kind.
  public var members: [(name: ByteString, value: JSONValue)]? {
    guard kind == .beginObject else { return nil }
    return outline.keys(ofObjectAt: index).map { key in
      (ByteString(outline.text(at: key)), JSONValue(outline, key + 1))
    }
  }

  /// An object by its keys; nil for another kind.
  public var object: JSONObject? { members.map(JSONObject.init) }
}

/// The members of a JSON object by their keys; where a key stands twice the last one wins.
public struct JSONObject: Sendable {
  private let values: [ByteString: JSONValue]

  /// Returns nil for what is no JSON text, or no object.
  public init?(_ bytes: [UInt8]) {
    guard let object = JSONValue(bytes)?.object else { return nil }
    self = object
  }

  fileprivate init(_ members: [(name: ByteString, value: JSONValue)]) {
    values = Dictionary(members.map { ($0.name, $0.value) }) { $1 }
  }

  public subscript(key: String) -> JSONValue? { values[ByteString(key)] }
}
