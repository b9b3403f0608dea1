internal import JSON
internal import Webhooks

// How the signature header is written.
extension SignedDraft {
  /// Sends the signature in another header.
  mutating func rename(_ change: (String) -> String?) throws {
    guard let other = change(signatureHeader) else { throw NotApplicable() }
    signatureHeader = other
  }

  /// Writes the parts of the signature header in another way.
  mutating func rewrite(_ change: (inout SignatureHeader) throws -> Void) throws {
    signatures = try signatures.map { value in
      var header = SignatureHeader(value, as: scheme.format)
      try change(&header)
      return header.bytes
    }
  }

  /// Writes the digits of the signature in another way, where it is in hexadecimal and has more than `least`.
  mutating func rewriteDigits(longerThan least: Int = 0, _ change: ([UInt8]) -> [UInt8]) throws {
    try requireHMAC()
    guard scheme.format.encoding != .base64, 2 * scheme.digest.size > least else { throw NotApplicable() }
    try rewrite { try $0.changeSignature { $0.value = change($0.value) } }
  }

  mutating func upperCaseDigits() throws {
    guard scheme.format.encoding == .hex else { throw NotApplicable() }
    try rewriteDigits { Array(String(decoding: $0, as: UTF8.self).uppercased().utf8) }
  }

  /// Writes a blank behind each sign that separates parts, where the scheme itself has none.
  mutating func putBlanks() throws {
    try rewrite {
      guard $0.timeIndex != nil, $0.gap.count == 1 else { throw NotApplicable() }
      $0.gap.append(UInt8(ascii: " "))
    }
  }

  /// Writes the digest in a form that the scheme does not have.
  mutating func write(as form: DigestForm) throws {
    try requireHMAC()
    let text = secret.key.digest(text(at: now).parts).map(form.written)
    guard let text else { throw NotApplicable() }
    try rewrite { try $0.changeSignature { $0.value = text } }
  }

  /// Gives the signature the name of an older version.
  mutating func signAsOlder() throws {
    guard let older = scheme.format.olderNames.first else { throw NotApplicable() }
    try rewrite { try $0.changeSignature { $0.name = older.prefix } }
  }

  /// Puts a signature of an older version, made of another text, behind the right one.
  mutating func addOlder() throws {
    guard let older = scheme.format.olderNames.first, scheme.format.separator != nil, let mac = unrelatedMAC
    else { throw NotApplicable() }
    let other = SignatureHeader(scheme.format.written(mac, time: []), as: scheme.format)
    guard let place = other.signatureIndex else { throw NotApplicable() }
    let value = other.parts[place].value
    try rewrite { $0.parts.append(.init(name: older.prefix, value: value)) }
  }

  /// Leaves the time out, which is sent all the same where it is in the body.
  mutating func leaveOutTime() throws {
    switch scheme.time {
    case .signature: try rewrite { $0.parts.remove(at: try $0.placeOfTime()) }
    case .headers(let names):
      headers = Headers(
        headers.filter { field in !names.contains(where: field.name.equalsIgnoringASCIICase) })
    case .nowhere, .body: throw NotApplicable()
    }
  }
}

extension SignatureHeader {
  func placeOfTime() throws -> Int {
    guard let place = timeIndex else { throw NotApplicable() }
    return place
  }

  mutating func changeTime(_ change: (inout Part) -> Void) throws { change(&parts[try placeOfTime()]) }

  mutating func changeSignature(_ change: (inout Part) -> Void) throws {
    guard let place = signatureIndex else { throw NotApplicable() }
    change(&parts[place])
  }
}

extension SignatureFormat {
  /// What signatures of earlier versions are called beside one called `v1`: the name, and the name with the sign behind
  /// it that stands in front of the digest.
  var olderNames: [(name: String, prefix: [UInt8])] {
    let name = signaturePrefix[...].trimmedEnd { !$0.isASCIIDigit && !$0.isASCIILetter }
    let stem = Array(name.prefix { !$0.isASCIIDigit })
    let digits = name.dropFirst(stem.count)
    // `sha1` is no version.
    guard !stem.isEmpty, !stem.elementsEqual("sha".utf8), digits.count == 1, let digit = digits.first,
      digit > 0x30
    else { return [] }
    return (0x30..<digit).map { older in
      let name = stem + [older]
      return (String(decoding: name, as: UTF8.self), name + signaturePrefix.dropFirst(name.count))
    }
  }
}
