/// A JSON value that is written as it is put down here: keys in order, numbers digit for digit.
indirect enum SampleJSON: Sendable {
  /// One member of an object.
  struct Member: Sendable {
    var key: String
    var value: SampleJSON
  }

  case string(String)
  /// The digits of a number.
  case number(String)
  case bool(Bool)
  case array([SampleJSON])
  case object([Member])

  /// The value as compact JSON: no white space, and text outside ASCII as UTF-8.
  var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .string(let string): Self.write(string, to: &text)
    case .number(let digits): text += digits
    case .bool(let flag): text += flag ? "true" : "false"
    case .array(let values):
      text += "["
      for (position, value) in values.enumerated() {
        if position > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (position, member) in members.enumerated() {
        if position > 0 { text += "," }
        Self.write(member.key, to: &text)
        text += ":"
        member.value.write(to: &text)
      }
      text += "}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension SampleJSON {
  /// The object with `value` under `key`: in the place of an old value, else as the last member.
  func setting(_ key: String, to value: SampleJSON) -> SampleJSON {
    guard case .object(var members) = self else { return self }
    if let position = members.firstIndex(where: { $0.key == key }) {
      members[position].value = value
    } else {
      members.append(Member(key: key, value: value))
    }
    return .object(members)
  }
}

extension SampleJSON: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .number(String(value)) }
  init(arrayLiteral elements: SampleJSON...) { self = .array(elements) }
  init(dictionaryLiteral elements: (String, SampleJSON)...) {
    self = .object(elements.map { Member(key: $0.0, value: $0.1) })
  }
}
