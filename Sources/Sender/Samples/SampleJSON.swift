internal import JSON

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
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .string(let string): JSONText.appendPlain(string, to: &bytes)
    case .number(let digits): bytes += digits.utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .array(let values): Self.write(values, between: "[", "]", to: &bytes) { $0.write(to: &$1) }
    case .object(let members):
      Self.write(members, between: "{", "}", to: &bytes) { member, bytes in
        JSONText.appendPlain(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
    }
  }

  private static func write<Part>(
    _ parts: [Part], between open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
    _ write: (Part, inout [UInt8]) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    for (position, part) in parts.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      write(part, &bytes)
    }
    bytes.append(UInt8(ascii: close))
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
