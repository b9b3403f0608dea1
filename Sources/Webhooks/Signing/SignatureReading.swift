public import JSON

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

  /// The text of the time as it was signed; nil if there is not exactly one that can be read.
  public private(set) var timeText: [UInt8]?
  /// The time in the scheme's unit; of a date, in whole seconds.
  public private(set) var time: Int64?
  /// The id that is signed, for schemes that sign one.
  public private(set) var id: [UInt8]?
  /// The URL and the method, for schemes that sign them.
  public private(set) var url: [UInt8] = []
  public private(set) var method: [UInt8] = []
  /// The signatures that are written as the scheme has it.
  public private(set) var candidates: [MAC] = []
  /// The same where they are no codes of HMAC: tokens as they were sent, and signatures made with a private key.
  package private(set) var values: [[UInt8]] = []
  /// How many signatures stand in the header, usable or not.
  public private(set) var signatureCount = 0
  /// The first thing that makes the header malformed, whatever its signatures say.
  public private(set) var fault: Fault?
  /// Where the second signature begins.
  private var second: Int?
  /// The first signature that can't be used; it counts only where no other one matches.
  public private(set) var unusable: Fault?

  fileprivate init() {}

  fileprivate init(_ fault: FaultKind) {
    self.fault = Fault(kind: fault, offset: 0)
  }

  /// Takes apart a signature header's value alone; spaces and tabs at its ends do not belong to it.
  public init(_ value: some Collection<UInt8>, under scheme: borrowing SignatureScheme) {
    let value = Array(value)
    read(value.span, scheme)
  }

  /// Takes apart one line of the signature header, and reads the time and the id where they stand elsewhere.
  public init(_ value: some Collection<UInt8>, in request: Request, under scheme: borrowing SignatureScheme) {
    self.init(value, under: scheme)
    readApart(request, scheme)
  }

  // The value is read where it is, and the scheme as it stands: every delivery is read so, and many twice.
  fileprivate mutating func read(_ value: Span<UInt8>, _ scheme: SignatureScheme) {
    let text = value.extracting(value.withoutSpaces)
    guard !text.isEmpty else { return note(.empty, at: 0) }
    switch scheme.format.shape {
    case .pairs(let time, let signature, let separator, let gap):
      let names = Names(
        time: time, signature: signature, separator: separator, allowsBlank: gap.count > 1)
      let times = readParts(of: text, names, scheme)
      if scheme.time == .signature { readTime(times, in: text) }
    case .entries(let prefix, let separator): readEntries(of: text, prefix, separator, scheme)
    }
    if signatureCount > 1, !scheme.takesSeveral { note(.format, at: second ?? 0) }
    if signatureCount == 0 { note(.noSignature, at: text.count) }
  }
}

extension SignatureScheme {
  /// Reads what `request` says of its signature; total, with faults as data.
  public func read(_ request: Request) -> SignatureReading {
    guard let (value, count) = find(in: request.headers) else { return SignatureReading(.missing) }
    guard count == 1 else { return SignatureReading(.repeated) }
    var reading = SignatureReading()
    value.withBytes { reading.read($0.span, self) }
    reading.readApart(request, self)
    return reading
  }

  /// Returns what stands where the time is due, or nil if that is the signature's header, or nowhere, or nothing is
  /// there.
  public func timeApart(in request: Request) -> ByteString? {
    switch time {
    case .nowhere, .signature: nil
    case .headers(let names): names.lazy.compactMap { request.headers.first($0) }.first?.trimmingSpaces
    case .body: bodyTime?.text(in: request.body)
    }
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

  fileprivate mutating func readApart(_ request: Request, _ scheme: SignatureScheme) {
    switch scheme.time {
    case .nowhere, .signature: break
    case .headers, .body: readTime(scheme.timeApart(in: request), scheme.timeUnit)
    }
    if scheme.text.usesURL { url = scheme.address.url(of: request) }
    if scheme.text.usesMethod { method = Array(request.method.utf8) }
    guard scheme.text.usesID else { return }
    id = scheme.idHeaders.lazy.compactMap { request.headers.first($0) }.first.map { Array($0) }
    if id == nil { note(.noID, at: 0) }
  }

  private mutating func readTime(_ text: ByteString?, _ unit: SignatureScheme.TimeUnit) {
    guard let text else { return note(.noTime, at: 0) }
    let value =
      unit == .date
      ? Timestamp(text.text).map { $0.microseconds / 1_000_000 }
      : text.withBytes { Self.canonicalDecimal($0.span) }
    guard let value else { return note(.timeNotDecimal, at: 0) }
    take(value, writtenAs: Array(text))
  }

  /// Takes a time that can be read, and the text of it that is signed.
  mutating func take(_ value: Int64, writtenAs text: [UInt8]) {
    timeText = text
    time = value
  }

  mutating func note(_ kind: FaultKind, at offset: Int) {
    if fault == nil { fault = Fault(kind: kind, offset: offset) }
  }

  /// Reads one signature as the scheme writes it.
  /// - Parameter place: where it is in the header's text.
  mutating func readSignature(
    _ place: Range<Int>, of text: Span<UInt8>, _ scheme: SignatureScheme
  ) {
    let start = place.lowerBound
    signatureCount += 1
    if signatureCount == 2 { second = start }
    let value = text.extracting(place)
    guard scheme.kind == .hmac else { return readValue(value, at: start, scheme) }
    let size = scheme.digest.size
    switch scheme.format.encoding {
    case .hex: readHex(value, at: start, size)
    case .base64:
      if let mac = MAC(base64: value.copied, size: size) { return candidates.append(mac) }
      let isBase64 = Base64.decoded(value) != nil
      noteUnusable(isBase64 ? .signatureLength : .signatureNotBase64, at: start)
    case .uppercaseHex:
      if let mac = MAC(lowercaseHex: value.copied.map(\.asciiLowercased), size: size) {
        candidates.append(mac)
      } else {
        noteUnusable(.signatureNotHex, at: start)
      }
    // An HMAC is never sent as it stands.
    case .token: noteUnusable(.signatureNotHex, at: start)
    }
  }

  /// How many signatures can be tried.
  public var usableCount: Int { candidates.count + values.count }

  private mutating func readHex(_ value: Span<UInt8>, at start: Int, _ size: Int) {
    if let mac = MAC(lowercaseHex: value, size: size) { return candidates.append(mac) }
    guard unusable == nil else { return }
    let isHex = value.indices.allSatisfy { value[$0].hexDigit != nil }
    let bad = value.indices.first { value[$0].lowercaseHexDigit == nil }
    // Where all are digits, the one after the last due is too much, or the one after the last is missing.
    let end = min(2 * size, value.count)
    let kind: FaultKind =
      isHex ? (value.count == 2 * size ? .signatureNotLowercase : .signatureLength) : .signatureNotHex
    noteUnusable(kind, at: start + (bad ?? end))
  }

  private mutating func noteUnusable(_ kind: FaultKind, at offset: Int) {
    if unusable == nil { unusable = Fault(kind: kind, offset: offset) }
  }

  /// The value of `[1-9][0-9]{0,14}`; nil for any other text.
  static func canonicalDecimal(_ text: Span<UInt8>) -> Int64? {
    guard (1...15).contains(text.count), text[0] != UInt8(ascii: "0") else { return nil }
    var value: Int64 = 0
    for index in text.indices {
      guard text[index].isASCIIDigit else { return nil }
      value = value * 10 + Int64(text[index] - 0x30)
    }
    return value
  }

  /// Signatures made with a private key take long to check: a header with more of them than this is not worth it.
  private static let valueLimit = 8

  /// Reads a token, or a signature that was made with a private key.
  private mutating func readValue(_ value: Span<UInt8>, at start: Int, _ scheme: SignatureScheme) {
    guard scheme.kind.isOneWay else { return values.append(value.copied) }
    let isHex = scheme.format.encoding != .base64
    guard let signature = isHex ? Hex.decoded(value.copied) : Base64.decoded(value) else {
      return noteUnusable(isHex ? .signatureNotHex : .signatureNotBase64, at: start)
    }
    guard scheme.kind.signatureSizes.contains(signature.count) else {
      return noteUnusable(.signatureLength, at: start)
    }
    if values.count < Self.valueLimit { values.append(signature) }
  }
}

extension SignatureScheme.Kind {
  /// The sizes that a signature made with a private key may have, in bytes; those of ECDSA are written in DER.
  fileprivate var signatureSizes: ClosedRange<Int> { self == .ed25519 ? 64...64 : 8...72 }
}
