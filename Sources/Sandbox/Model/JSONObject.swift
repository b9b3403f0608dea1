internal import JSON

/// A value of a JSON text, asked for what it holds.
struct JSONValue {
  private let outline: JSONOutline
  private let index: Int

  fileprivate init(_ outline: JSONOutline, _ index: Int) {
    self.outline = outline
    self.index = index
  }

  private var kind: JSONToken.Kind { outline.tokens[index].kind }

  var isNull: Bool { kind == .null }

  /// The string, what is not UTF-8 repaired with U+FFFD; nil for another kind.
  var string: String? {
    kind == .string ? String(decoding: outline.text(at: index), as: UTF8.self) : nil
  }

  var bool: Bool? {
    switch kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// The number, where it is a whole one.
  var integer: Int64? { kind == .number ? Int64(String(decoding: raw, as: UTF8.self)) : nil }

  /// What the base64 of the string stands for.
  var bytes: [UInt8]? { kind == .string ? Base64.decoded(outline.text(at: index).span) : nil }

  /// The bytes of the text that it takes.
  var raw: [UInt8] { Array(outline.body[outline.range(ofValueAt: index)]) }

  /// The elements of an array; nil for another kind.
  var elements: [JSONValue]? {
    guard kind == .beginArray else { return nil }
    var elements: [JSONValue] = []
    var at = index + 1
    while at < outline.end(of: index) {
      elements.append(JSONValue(outline, at))
      at = outline.end(of: at) + 1
    }
    return elements
  }

  /// The members of an object; nil for another kind.
  var object: JSONObject? { kind == .beginObject ? JSONObject(outline, index) : nil }
}

/// The members of a JSON object by their keys; where a key stands twice the last one wins.
struct JSONObject {
  private let outline: JSONOutline
  private let places: [ByteString: Int]

  /// Returns nil for what is no JSON text, or no object.
  init?(_ bytes: [UInt8]) {
    guard let outline = JSONOutline(bytes), outline.tokens[0].kind == .beginObject else { return nil }
    self.init(outline, 0)
  }

  fileprivate init(_ outline: JSONOutline, _ index: Int) {
    self.outline = outline
    let keys = outline.keys(ofObjectAt: index)
    places = Dictionary(keys.map { (ByteString(outline.text(at: $0)), $0 + 1) }) { $1 }
  }

  subscript(key: String) -> JSONValue? {
    places[ByteString(key)].map { JSONValue(outline, $0) }
  }
}
