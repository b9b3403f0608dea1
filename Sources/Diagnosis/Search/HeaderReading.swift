internal import JSON
internal import Webhooks

/// What a signature header says: what the strict reader takes, and what a lenient one makes of all else in it.
struct HeaderReading: Sendable {
  /// Which header it is.
  enum Source: Sendable, Equatable {
    /// The provider's own; counted from 1.
    case own(line: Int, of: Int)
    /// Another provider's.
    case other(Provider)
    case near(NearHeader)

    var isOwn: Bool { if case .own = self { true } else { false } }
  }

  let source: Source
  /// The expected format of the header and of the signed text.
  let scheme: SignatureScheme
  private(set) var times: [SignedTime] = []
  /// Times that stand nowhere, where the request has none.
  private(set) var guesses: [SignedTime] = []
  /// Times from other headers and from the body, where the request has one in its place.
  private(set) var elsewhere: [SignedTime] = []
  /// Times that a wrong time zone makes of the one that was sent.
  var shifted: [SignedTime] {
    guard scheme.text.usesTime else { return [] }
    return times.first?.shifted(unitsPerSecond: Int(scheme.timeUnit.perSecond)) ?? []
  }
  private(set) var targets: [SignatureTarget] = []
  /// How many of the times are worth pairing with every key and every body.
  private(set) var likelyTimes = 0
  /// The id that is signed, or that would be if the sender signed one.
  let id: [UInt8]
  /// The URL and the method that are signed, or would be.
  let url: SignedURL
  let method: [UInt8]
  /// What the sender may have posted to instead; none where the scheme signs no URL.
  let otherURLs: [SignedURL]

  /// A sender that repeats its digest a thousand times gains no more comparisons than this.
  private static let targetLimit = 1024

  init(_ value: ByteString, source: Source, scheme: SignatureScheme, subject: DiagnosisSubject) {
    self.source = source
    self.scheme = scheme
    let strict = SignatureReading(value, in: subject.request, under: scheme)
    id = strict.id ?? subject.usualID
    url = SignedURL(of: subject.request, at: scheme.address)
    otherURLs = scheme.text.usesURL ? url.others(for: subject.request) : []
    method = Array(subject.request.method.utf8)
    targets = Self.targets(of: strict, value, scheme)
    if let text = strict.timeText { times = [SignedTime(text: text, origin: .asSent)] }
    if scheme.kind != .token { readLeniently(value) }
    if let text = scheme.timeApart(in: subject.request) { add(SignedTime.all(of: text.bytes)) }
    if !times.isEmpty, scheme.text.usesTime { elsewhere = Self.timesElsewhere(subject, than: times) }
    if times.isEmpty {
      times = Self.usualTimes(subject.request.headers)
      let isGuessable = scheme.text.usesTime && scheme.timeUnit == .seconds
      guesses = isGuessable ? SignedTime.around(subject.receivedAt) : []
    }
    likelyTimes = min(times.count, strict.timeText != nil ? 1 : 3)
  }

  /// What the strict reader takes; of a token, what a lenient one does as well, since any text may be one.
  private static func targets(
    of strict: SignatureReading, _ value: ByteString, _ scheme: SignatureScheme
  ) -> [SignatureTarget] {
    switch scheme.kind {
    case .hmac:
      strict.candidates.prefix(targetLimit).map { SignatureTarget($0, of: scheme.digest) }
    case .token: SignatureTarget.tokens(in: value.bytes, under: scheme)
    case .ed25519, .ecdsaP256: strict.values.flatMap { SignatureTarget.taken($0, under: scheme) }
    }
  }

  private mutating func add(_ more: [SignedTime]) {
    let known = times
    times += more.filter { !known.contains($0) }
    times.removeLast(max(0, times.count - SignedTime.limit))
  }

  /// `t` in unix seconds, where it can be understood, odd spellings included.
  var time: Double? {
    times.lazy.compactMap(\.number).first.map { $0 / Double(scheme.timeUnit.perSecond) }
  }

  private mutating func readLeniently(_ value: ByteString) {
    let trimmed = value.bytes.trimmingSpaces
    let text = trimmed.trimmingQuotes
    readParts(of: text, isQuoted: text.count < trimmed.count)
    guard targets.isEmpty || !times.contains(where: { $0.number != nil }), text.count <= 4096 else { return }
    defer { readRuns(of: text) }
    guard targets.isEmpty else { return }
    readTail(of: text)
    let isEncoded = text.speaksOf("%3d") || text.speaksOf("%2c")
    let plain = isEncoded ? PercentCoding.decoded(text, plusIsSpace: false) : Base64.decodedLeniently(text)
    // A digest that stands alone in base64 is not text.
    if targets.isEmpty, let plain, plain.contains(UInt8(ascii: "=")), plain.allSatisfy({ 0x20...0x7E ~= $0 })
    {
      readParts(of: plain[...], isQuoted: false, [.encoded])
    }
  }

  /// What follows the signature's name, to the end: a digest may be written with what separates parts.
  private mutating func readTail(of text: ArraySlice<UInt8>) {
    let prefix = scheme.format.signaturePrefix
    guard !prefix.isEmpty, let place = text.indices.first(where: { text[$0...].starts(with: prefix) }) else {
      return
    }
    add(text[(place + prefix.count)...], [])
  }

  private mutating func readParts(of text: ArraySlice<UInt8>, isQuoted: Bool, _ more: [HeaderOddity] = []) {
    let due = scheme.format.separator ?? UInt8(ascii: ",")
    let odd = scheme.format.holdsTime ? Self.otherSeparator(than: due, in: text) : nil
    let parts = text.split(separator: odd ?? due)
    let isAsDue = odd == nil && !isQuoted && (scheme.format.separator != nil || parts.count == 1)
    let oddities: [HeaderOddity] = more + (odd == nil ? [] : [.separator]) + (isQuoted ? [.quotes] : [])
    for part in parts.prefix(Self.targetLimit * 2) where !(isAsDue && more.isEmpty && isStrict(part)) {
      read(part, oddities)
    }
  }

  /// Takes what looks like a digest, and what looks like a time, wherever they are.
  private mutating func readRuns(of text: ArraySlice<UInt8>) {
    let runs = text.split { !$0.isASCIILetter && !$0.isASCIIDigit && ![0x2B, 0x2F, 0x2D].contains($0) }
    let isText = { (run: ArraySlice<UInt8>) in run.count >= 26 }
    for run in runs.prefix(64).flatMap({ isText($0) ? [$0] : $0.split(separator: 0x2D) }) {
      if run.count <= 17, run.count >= 9, run.allSatisfy(\.isASCIIDigit) { add(SignedTime.all(of: run)) }
    }
    for run in runs.prefix(64) where isText(run) && targets.isEmpty {
      if !add(run, [.layout]) {
        for part in run.split(whereSeparator: { $0 == 0x2D || $0 == 0x2F }) { readEither(part) }
      }
    }
  }

  /// Takes one part of a run in which a sign of base64 separates time and digest.
  private mutating func readEither(_ part: ArraySlice<UInt8>) {
    if part.count <= 17, part.count >= 9, part.allSatisfy(\.isASCIIDigit) {
      return add(SignedTime.all(of: part))
    }
    add(part, [.layout])
  }

  /// The sign that separates the parts of a header which has none where `due` is.
  private static func otherSeparator(than due: UInt8, in text: ArraySlice<UInt8>) -> UInt8? {
    guard !text.contains(due) else { return nil }
    return [UInt8(ascii: ";"), UInt8(ascii: ",")].first { text.contains($0) }
  }

  /// Whether the strict reader has taken a signature from this part of the header.
  private func isStrict(_ part: ArraySlice<UInt8>) -> Bool {
    part.starts(with: scheme.format.signaturePrefix)
      && SignatureReading(part, under: scheme).usableCount > 0
  }

  private mutating func read(_ part: ArraySlice<UInt8>, _ oddities: [HeaderOddity]) {
    let (key, value) = keyAndValue(part)
    let words = key.trimmingSpaces.prefix(64).split { $0 == 0x20 || $0 == 0x3A || $0 == 0x22 || $0 == 0x7B }
    let name = (words.last ?? []).map(\.asciiLowercased)
    let isNumber =
      (9...17).contains(value.trimmingSpaces.count) && value.trimmingSpaces.allSatisfy(\.isASCIIDigit)
    if isTime(name) || isNumber { return add(SignedTime.all(of: value.trimmingSpaces)) }
    guard targets.count < Self.targetLimit else { return }
    let prefix = scheme.format.signaturePrefix
    if !scheme.format.holdsTime, part.trimmingSpaces.starts(with: prefix) {
      add(part.trimmingSpaces.dropFirst(prefix.count), oddities)
    } else if scheme.format.holdsTime, name.elementsEqual(prefix.dropLast().map(\.asciiLowercased)) {
      add(value, oddities + (key.elementsEqual(prefix.dropLast()) ? [] : [.space]))
    } else if !add(part, oddities + [.otherKey("")]) {
      add(value, oddities + [.otherKey(Printable.short(String(decoding: name, as: UTF8.self), limit: 16))])
    }
  }

  /// Takes what may be a digest; gives whether it is one.
  @discardableResult
  private mutating func add(_ value: ArraySlice<UInt8>, _ oddities: [HeaderOddity]) -> Bool {
    let found = SignatureTarget.all(in: value, oddities: oddities, scheme: scheme)
    targets += found
    return !found.isEmpty
  }

  private func isTime(_ name: [UInt8]) -> Bool {
    Self.usualTimeNames.contains(name) || scheme.format.timeName?.map(\.asciiLowercased) == name
  }

  private static let usualTimeNames = ["t", "ts", "time", "timestamp"].map { Array($0.utf8) }

  private func keyAndValue(_ part: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
    let sign = scheme.format.signaturePrefix.last.flatMap { $0.isASCIILetter || $0.isASCIIDigit ? nil : $0 }
    let mark = [sign, UInt8(ascii: "="), UInt8(ascii: ":")].lazy.compactMap { sign in
      sign.flatMap { part.firstIndex(of: $0) }
    }.first
    guard let mark else {
      let isNumber = part.trimmingSpaces.allSatisfy(\.isASCIIDigit)
      return isNumber ? (Self.usualTimeNames[0][...], part) : ([], part)
    }
    return (part[..<mark], part[(mark + 1)...])
  }
}
