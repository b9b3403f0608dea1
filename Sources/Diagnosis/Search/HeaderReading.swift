internal import JSON
internal import Webhooks

/// What a lenient reader can take from a signature header: times and digests, however they are spelled.
struct HeaderReading: Sendable {
  /// Which header it is.
  enum Source: Sendable, Equatable {
    /// The provider's own; counted from 1.
    case own(line: Int, of: Int)
    /// Another provider's.
    case other(Provider)
    case near(NearHeader)
  }

  let source: Source
  private(set) var times: [SignedTime] = []
  /// Times that stand nowhere, where the header has none.
  private(set) var guesses: [SignedTime] = []
  private(set) var targets: [SignatureTarget] = []
  /// How many of the times are worth pairing with every key and every body.
  private(set) var likelyTimes = 0

  /// A sender that repeats its digest a thousand times gains no more comparisons than this.
  private static let targetLimit = 1024

  init(
    _ value: String, source: Source, scheme: SignatureScheme?, fallbackTimes: [SignedTime], arrival: Timestamp
  ) {
    self.source = source
    let text = Array(value.utf8)[...].trimmingSpaces.trimmingQuotes
    let isSeparatedOddly = !text.contains(UInt8(ascii: ",")) && text.contains(UInt8(ascii: ";"))
    let parts = text.split(separator: UInt8(ascii: isSeparatedOddly ? ";" : ","))
    for part in parts.prefix(Self.targetLimit * 2) { read(part, isSeparatedOddly ? [.separator] : []) }
    let isCanonical = scheme.map { SignatureReading(value.utf8, under: $0).timeText != nil } ?? false
    if times.isEmpty {
      times = fallbackTimes
      guesses = SignedTime.around(arrival)
    }
    likelyTimes = min(times.count, isCanonical ? 1 : 3)
  }

  private mutating func read(_ part: ArraySlice<UInt8>, _ oddities: [HeaderOddity]) {
    let (key, value) = Self.keyAndValue(part)
    let name = key.trimmingSpaces.prefix(64).map(\.asciiLowercased)
    if Self.timeNames.contains(name) {
      let known = times
      times += SignedTime.all(of: value).filter { !known.contains($0) }
      times.removeLast(max(0, times.count - SignedTime.limit))
      return
    }
    guard targets.count < Self.targetLimit else { return }
    if name.elementsEqual(SignatureNames.signature) {
      targets += SignatureTarget.all(
        in: value, oddities: oddities + (key.elementsEqual(SignatureNames.signature) ? [] : [.space]))
      return
    }
    let named = oddities + [.otherKey(Printable.short(String(decoding: name, as: UTF8.self), limit: 16))]
    let whole = SignatureTarget.all(in: part, oddities: oddities + [.otherKey("")])
    targets += whole.isEmpty ? SignatureTarget.all(in: value, oddities: named) : whole
  }

  private static let timeNames = ["t", "ts", "time", "timestamp"].map { Array($0.utf8) }

  private static func keyAndValue(_ part: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
    let mark = part.firstIndex(of: UInt8(ascii: "=")) ?? part.firstIndex(of: UInt8(ascii: ":"))
    guard let mark else {
      let isNumber = part.trimmingSpaces.allSatisfy(\.isASCIIDigit)
      return isNumber ? (Array("t".utf8)[...], part) : ([], part)
    }
    return (part[..<mark], part[(mark + 1)...])
  }
}

extension HeaderReading {
  /// The readings of every header of the request that may hold the signature, the provider's own first.
  static func all(of subject: DiagnosisSubject, near: [NearHeader]) -> [HeaderReading] {
    let (request, provider) = (subject.request, subject.provider)
    let times = fallbackTimes(request.headers)
    var readings: [HeaderReading] = []
    func add(_ value: String, _ source: Source, _ scheme: SignatureScheme?) {
      readings.append(
        HeaderReading(
          value, source: source, scheme: scheme, fallbackTimes: times, arrival: subject.receivedAt))
    }
    if let provider {
      let values = request.headers.all(provider.signatureHeader)
      for (index, value) in values.prefix(8).enumerated() {
        add(value.text, .own(line: index + 1, of: values.count), provider.scheme)
      }
    }
    for other in subject.providers.all where other != provider {
      if let value = request.headers.first(other.signatureHeader) {
        add(value.text, .other(other), other.scheme)
      }
    }
    for header in near {
      if let value = request.headers.first(header.name) { add(value.text, .near(header), provider?.scheme) }
    }
    return readings.filter { !$0.targets.isEmpty }
  }

  private static func fallbackTimes(_ headers: Headers) -> [SignedTime] {
    headers.lazy.filter { $0.name.suffix(9).speaksOf("timestamp") && $0.value.count <= 64 }
      .prefix(2).map {
        SignedTime(text: Array($0.value), origin: .header(Printable.short($0.name.text, limit: 40)))
      }
  }
}
