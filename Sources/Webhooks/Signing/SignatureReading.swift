internal import JSON

/// What a request says of its signature, read under a scheme.
///
/// Reading never fails: what is wrong stands in `fault`, beside the parts that could be read.
public struct SignatureReading: Sendable {
  /// What can be wrong with a signature header.
  public enum FaultKind: Sendable, Equatable, CaseIterable {
    /// No header of the scheme is there; it is there more than once; it is there without a value.
    case missing, repeated, empty
    case partWithoutEquals, spaceAroundKey
    case noTime, timeRepeated, timeNotDecimal
    case noSignature, signatureNotHex, signatureNotLowercase, signatureNotBase64, signatureLength
    /// The header does not begin as the scheme's format does.
    case format
    /// The id that is signed is not there.
    case noID
  }

  /// What is wrong with a header, and at which byte of its trimmed value.
  public struct Fault: Sendable, Equatable {
    public let kind: FaultKind
    public let offset: Int
  }

  /// The text of the time as it was signed; nil where there is not exactly one that can be read.
  public private(set) var timeText: [UInt8]?
  /// The time in the scheme's unit; of a date, in whole seconds.
  public private(set) var time: Int64?
  /// The id that is signed, for schemes that sign one.
  public private(set) var id: [UInt8]?
  /// The signatures that are written as the scheme has it.
  public private(set) var candidates: [MAC] = []
  /// How many signatures stand in the header, usable or not.
  public private(set) var signatureCount = 0
  /// The first thing that makes the header malformed, whatever its signatures say.
  public private(set) var fault: Fault?
  /// The first signature that can't be used; it counts only where no other one matches.
  public private(set) var unusable: Fault?

  fileprivate init(_ fault: FaultKind) {
    self.fault = Fault(kind: fault, offset: 0)
  }

  /// Takes apart a signature header's value alone; spaces and tabs at its ends do not belong to it.
  public init(_ value: some Collection<UInt8>, under scheme: SignatureScheme) {
    let text = Self.trimmed(value)
    guard !text.isEmpty else {
      fault = Fault(kind: .empty, offset: 0)
      return
    }
    switch scheme.format.shape {
    case .pairs(let time, let signature, let separator, let gap):
      let names = Names(
        time: time, signature: signature, separator: separator, allowsBlank: gap.count > 1)
      let times = readParts(of: text, names, scheme)
      if scheme.time == .signature { readTime(times, in: text) }
    case .entries(let prefix, let separator): readEntries(of: text, prefix, separator, scheme)
    }
    if signatureCount == 0 { note(.noSignature, at: text.count) }
  }
}

extension SignatureScheme {
  /// Reads what `request` says of its signature; total, with faults as data.
  public func read(_ request: Request) -> SignatureReading {
    guard let (value, count) = find(in: request.headers) else { return SignatureReading(.missing) }
    guard count == 1 else { return SignatureReading(.repeated) }
    var reading = SignatureReading(value.bytes, under: self)
    reading.readApart(request, self)
    return reading
  }

  /// The first of the scheme's headers that is there: its value, and how many of that name there are.
  private func find(in headers: Headers) -> (first: ByteString, count: Int)? {
    for name in self.headers {
      if let found = headers.lookUp(name) { return found }
    }
    return nil
  }
}

extension SignatureReading {
  /// Whether the header is there once, so that there is something to verify.
  public var isPresent: Bool { fault?.kind != .missing && fault?.kind != .repeated }

  /// Reads the time and the id where they stand outside of the signature's header.
  fileprivate mutating func readApart(_ request: Request, _ scheme: SignatureScheme) {
    switch scheme.time {
    case .nowhere, .signature: break
    case .header(let name): readTime(request.headers.first(name)?.trimmingSpaces, scheme.timeUnit)
    case .body(let path):
      let fields = JSONFieldQuery([path]).fields(in: request.body)
      switch fields[0] {
      case .string(let text)?, .number(let text)?: readTime(text, scheme.timeUnit)
      default: readTime(nil, scheme.timeUnit)
      }
    }
    guard scheme.text.usesID else { return }
    id = scheme.idHeaders.lazy.compactMap { request.headers.first($0) }.first.map { Array($0) }
    if id == nil { note(.noID, at: 0) }
  }

  private mutating func readTime(_ text: ByteString?, _ unit: SignatureScheme.TimeUnit) {
    guard let text else { return note(.noTime, at: 0) }
    let value =
      unit == .date
      ? Timestamp(text.text).map { $0.microseconds / 1_000_000 } : Self.canonicalDecimal(text.bytes)
    guard let value else { return note(.timeNotDecimal, at: 0) }
    timeText = Array(text)
    time = value
  }

  fileprivate mutating func note(_ kind: FaultKind, at offset: Int) {
    if fault == nil { fault = Fault(kind: kind, offset: offset) }
  }

  /// Reads one signature as the scheme writes it; `value` is a part of the header's text.
  fileprivate mutating func readSignature(_ value: ArraySlice<UInt8>, _ scheme: SignatureScheme) {
    signatureCount += 1
    let size = scheme.digest.size
    switch scheme.format.encoding {
    case .hex: readHex(value, size)
    case .base64:
      if let mac = MAC(base64: value, size: size) { return candidates.append(mac) }
      let isBase64 = Base64.decoded(Array(value).span) != nil
      noteUnusable(isBase64 ? .signatureLength : .signatureNotBase64, at: value.startIndex)
    case .uppercaseHex:
      if let mac = MAC(lowercaseHex: value.map(\.asciiLowercased), size: size) {
        candidates.append(mac)
      } else {
        noteUnusable(.signatureNotHex, at: value.startIndex)
      }
    }
  }

  private mutating func readHex(_ value: ArraySlice<UInt8>, _ size: Int) {
    if let mac = MAC(lowercaseHex: value, size: size) { return candidates.append(mac) }
    guard unusable == nil else { return }
    let isHex = value.allSatisfy { $0.hexDigit != nil }
    let bad = value.firstIndex { $0.lowercaseHexDigit == nil }
    // Where all are digits, the one after the last due is too much, or the one after the last is missing.
    let end = value.prefix(2 * size).endIndex
    let kind: FaultKind =
      isHex ? (value.count == 2 * size ? .signatureNotLowercase : .signatureLength) : .signatureNotHex
    noteUnusable(kind, at: bad ?? end)
  }

  private mutating func noteUnusable(_ kind: FaultKind, at offset: Int) {
    if unusable == nil { unusable = Fault(kind: kind, offset: offset) }
  }

  /// The value of `[1-9][0-9]{0,14}`; nil for any other text.
  fileprivate static func canonicalDecimal(_ text: ArraySlice<UInt8>) -> Int64? {
    guard (1...15).contains(text.count), text.first != UInt8(ascii: "0") else { return nil }
    var value: Int64 = 0
    for byte in text {
      guard byte.isASCIIDigit else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    return value
  }

  fileprivate static func trimmed(_ value: some Collection<UInt8>) -> [UInt8] {
    let all = Array(value)
    let text = all[...].trimmingSpaces
    return text.count == all.count ? all : Array(text)
  }
}

// The format of single entries: a text, and the signature behind it.
extension SignatureReading {
  fileprivate mutating func readEntries(
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
  fileprivate struct Names {
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
  fileprivate struct TimeParts {
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
  fileprivate mutating func readParts(
    of text: [UInt8], _ names: Names, _ scheme: SignatureScheme
  ) -> TimeParts {
    var time = TimeParts()
    var start = 0
    while start <= text.count {
      var end = start
      while end < text.count, text[end] != names.separator { end += 1 }
      let part = Part(start..<end, in: text, names)
      if let found = part.fault, fault == nil { fault = found }
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

  fileprivate mutating func readTime(_ parts: TimeParts, in text: [UInt8]) {
    guard let first = parts.first else { return note(.noTime, at: text.count) }
    guard parts.second == nil else { return note(.timeRepeated, at: parts.second ?? 0) }
    guard let value = Self.canonicalDecimal(text[first]) else {
      return note(.timeNotDecimal, at: first.lowerBound)
    }
    timeText = Array(text[first])
    time = value
  }

  /// One `key=value` between two separators, as places in the text: nothing is copied, for it is read at each delivery.
  fileprivate struct Part {
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
