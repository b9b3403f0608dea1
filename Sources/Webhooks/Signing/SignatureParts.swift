internal import JSON

// The format of single entries: a text, and the signature behind it.
extension SignatureReading {
  mutating func readEntries(
    of text: Span<UInt8>, _ prefix: [UInt8], _ separator: UInt8?, _ scheme: SignatureScheme
  ) {
    var start = 0
    while start <= text.count {
      let end = separator.flatMap { text.index(of: $0, from: start) } ?? text.count
      let entry = text.extracting(start..<end)
      if !entry.isEmpty, entry.sharedCount(with: prefix.span) == prefix.count {
        readSignature(start + prefix.count..<end, of: text, scheme)
      }
      start = end + 1
    }
    if signatureCount == 0 { note(.format, at: text.sharedCount(with: prefix.span)) }
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

    func kind(of name: Span<UInt8>) -> Part.Kind {
      if name.equals(time.span) { return .time }
      return name.equals(signature.span) ? .signature : .other
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
    of text: Span<UInt8>, _ names: Names, _ scheme: SignatureScheme
  ) -> TimeParts {
    var time = TimeParts()
    var start = 0
    while start <= text.count {
      let end = text.index(of: names.separator, from: start) ?? text.count
      let part = Part(start..<end, in: text, names)
      if let found = part.fault { note(found.kind, at: found.offset) }
      switch part.kind {
      case .time: time.add(part)
      case .signature: readSignature(part.value, of: text, scheme)
      case .other: break
      }
      start = end + 1
      while names.allowsBlank, start < text.count, text[start].isSpaceOrTab { start += 1 }
    }
    return time
  }

  mutating func readTime(_ parts: TimeParts, in text: Span<UInt8>) {
    guard let first = parts.first else { return note(.noTime, at: text.count) }
    guard parts.second == nil else { return note(.timeRepeated, at: parts.second ?? 0) }
    let written = text.extracting(first)
    guard let value = Self.canonicalDecimal(written) else {
      return note(.timeNotDecimal, at: first.lowerBound)
    }
    take(value, writtenAs: written.copied)
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

    init(_ place: Range<Int>, in text: Span<UInt8>, _ names: Names) {
      let part = text.extracting(place)
      let equals = part.index(of: UInt8(ascii: "="), from: 0)
      let key = part.extracting(0..<(equals ?? part.count))
      start = place.lowerBound
      kind = names.kind(of: key)
      value = equals.map { place.lowerBound + $0 + 1..<place.upperBound } ?? 0..<0
      fault =
        equals == nil
        ? Fault(kind: .partWithoutEquals, offset: start) : Self.spaceFault(in: key, at: start, names)
    }

    private static func spaceFault(in key: Span<UInt8>, at start: Int, _ names: Names) -> Fault? {
      guard key.count > 0, key[0].isSpaceOrTab || key[key.count - 1].isSpaceOrTab else { return nil }
      let name = key.withoutSpaces
      guard names.kind(of: key.extracting(name)) != .other else { return nil }
      return Fault(kind: .spaceAroundKey, offset: start + (name.lowerBound > 0 ? 0 : name.upperBound))
    }
  }
}

extension Span<UInt8> {
  var copied: [UInt8] { withUnsafeBufferPointer { Array($0) } }

  /// Where the text is without the spaces and tabs at its ends; at the end, where it is nothing else.
  var withoutSpaces: Range<Int> {
    guard let first = indices.first(where: { !self[$0].isSpaceOrTab }),
      let last = indices.last(where: { !self[$0].isSpaceOrTab })
    else { return count..<count }
    return first..<last + 1
  }

  fileprivate func index(of byte: UInt8, from start: Int) -> Int? {
    for index in start..<count where self[index] == byte { return index }
    return nil
  }

  fileprivate func equals(_ other: Span<UInt8>) -> Bool {
    count == other.count && sharedCount(with: other) == count
  }

  /// How many bytes both begin with.
  fileprivate func sharedCount(with other: Span<UInt8>) -> Int {
    let most = Swift.min(count, other.count)
    for index in 0..<most where self[index] != other[index] { return index }
    return most
  }
}
