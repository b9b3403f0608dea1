internal import JSON

// The format of single entries: a text, and the signature behind it.
extension SignatureReading {
  mutating func readEntries(
    of text: [UInt8], _ prefix: [UInt8], _ separator: UInt8?, _ scheme: SignatureScheme
  ) {
    for entry in separator.map({ text.split(separator: $0) }) ?? [text[...]] where entry.starts(with: prefix)
    {
      readSignature(entry.dropFirst(prefix.count), scheme)
    }
    if signatureCount == 0 { note(.format, at: zip(text, prefix).prefix { $0 == $1 }.count) }
  }
}

// The format of pairs: a time and signatures, each behind a name and an equals sign.
extension SignatureReading {
  /// What the parts are called and what stands between them.
  struct Names {
    let time: [UInt8]
    let signature: [UInt8]
    let separator: UInt8
    /// Whether the scheme itself writes blanks after a separator.
    let allowsBlank: Bool

    func kind(of name: ArraySlice<UInt8>) -> Part.Kind {
      if name.elementsEqual(time) { return .time }
      return name.elementsEqual(signature) ? .signature : .other
    }
  }

  /// Where the values of the parts that hold the time stand, as far as it matters.
  struct TimeParts {
    var first: Range<Int>?
    /// Where the second one's name begins.
    var second: Int?

    mutating func add(_ part: Part) {
      if first == nil {
        first = part.value
      } else if second == nil {
        second = part.start
      }
    }
  }

  /// Reads the parts between the separators in one pass; gives those that hold the time.
  mutating func readParts(
    of text: [UInt8], _ names: Names, _ scheme: SignatureScheme
  ) -> TimeParts {
    var time = TimeParts()
    var start = 0
    while start <= text.count {
      var end = start
      while end < text.count, text[end] != names.separator { end += 1 }
      let part = Part(start..<end, in: text, names)
      if let found = part.fault { note(found.kind, at: found.offset) }
      switch part.kind {
      case .time: time.add(part)
      case .signature: readSignature(text[part.value], scheme)
      case .other: break
      }
      start = end + 1
      while names.allowsBlank, start < text.count, text[start].isSpaceOrTab { start += 1 }
    }
    return time
  }

  mutating func readTime(_ parts: TimeParts, in text: [UInt8]) {
    guard let first = parts.first else { return note(.noTime, at: text.count) }
    guard parts.second == nil else { return note(.timeRepeated, at: parts.second ?? 0) }
    guard let value = Self.canonicalDecimal(text[first]) else {
      return note(.timeNotDecimal, at: first.lowerBound)
    }
    take(value, writtenAs: Array(text[first]))
  }

  /// One `key=value` between two separators, as places in the text: nothing is copied, for it is read at each delivery.
  struct Part {
    enum Kind {
      case time, signature, other
    }

    let start: Int
    let kind: Kind
    let value: Range<Int>
    let fault: Fault?

    init(_ place: Range<Int>, in text: [UInt8], _ names: Names) {
      let equals = text[place].firstIndex(of: UInt8(ascii: "="))
      let key = text[place.lowerBound..<(equals ?? place.upperBound)]
      start = place.lowerBound
      kind = names.kind(of: key)
      value = equals.map { $0 + 1..<place.upperBound } ?? 0..<0
      fault = equals == nil ? Fault(kind: .partWithoutEquals, offset: start) : Self.spaceFault(in: key, names)
    }

    private static func spaceFault(in key: ArraySlice<UInt8>, _ names: Names) -> Fault? {
      guard let first = key.first, let last = key.last, first.isSpaceOrTab || last.isSpaceOrTab else {
        return nil
      }
      let name = key.trimmingSpaces
      guard names.kind(of: name) != .other else { return nil }
      return Fault(
        kind: .spaceAroundKey, offset: name.startIndex > key.startIndex ? key.startIndex : name.endIndex)
    }
  }
}
