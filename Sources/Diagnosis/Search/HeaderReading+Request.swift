internal import JSON
internal import Webhooks

extension HeaderReading {
  /// The readings of every header of the request that may hold the signature, the provider's own first.
  static func all(of subject: DiagnosisSubject, near: [NearHeader]) -> [HeaderReading] {
    let (headers, provider) = (subject.request.headers, subject.provider)
    var readings: [HeaderReading] = []
    func add(_ value: ByteString?, _ source: Source, _ scheme: SignatureScheme?) {
      guard let value, let scheme else { return }
      readings.append(HeaderReading(value, source: source, scheme: scheme, subject: subject))
    }
    let lines = subject.signatureLines
    for (index, line) in lines.prefix(8).enumerated() {
      add(line, .own(line: index + 1, of: lines.count), provider?.scheme)
    }
    for other in subject.providers.all where other != provider && !other.shares(provider, headers) {
      let value = other.scheme.lines(in: headers).first
      let shared = NearHeader(of: other, in: headers)
      // Under a name that anybody uses it may be signed as this sender does.
      if let shared, shared.kind == .shared { add(value, .near(shared), provider?.scheme) }
      add(value, .other(other), other.scheme)
    }
    for header in near {
      let value = headers.first { $0.name == header.name }?.value
      for scheme in subject.schemes(of: header) { add(value, .near(header), scheme) }
    }
    return readings.reduce(into: []) { kept, reading in
      let isNew = !reading.targets.isEmpty && !kept.contains { $0.leads(whereItDoes: reading) }
      if isNew { kept.append(reading) }
    }
  }

  /// Whether another reading of the same header can prove nothing that this one does not.
  private func leads(whereItDoes other: HeaderReading) -> Bool {
    source == other.source && scheme.kind == other.scheme.kind && scheme.text == other.scheme.text
      && scheme.digest == other.scheme.digest && id == other.id && times == other.times
      && guesses.count == other.guesses.count && targets.map(\.oddities) == other.targets.map(\.oddities)
  }

  /// The times that other headers and the body hold, in the usual units.
  static func timesElsewhere(_ subject: DiagnosisSubject, than known: [SignedTime]) -> [SignedTime] {
    let own = known.first.map { $0.inOtherWords() } ?? []
    let headers = subject.request.headers.prefix(256).filter { field in
      field.value.count <= 64 && ["timestamp", "time", "date", "-ts"].contains { field.name.speaksOf($0) }
    }
    let found =
      headers.prefix(4).flatMap { field in
        SignedTime.all(of: field.value.bytes, from: Printable.short(field.name.text, limit: 40))
      } + SignedTime.inBody(subject.request.body)
    return (own + found).reduce(into: []) { kept, time in
      let isKnown = (known + kept).contains { $0.text == time.text }
      if !isKnown, kept.count < SignedTime.limit * 2 { kept.append(time) }
    }
  }

  static func usualTimes(_ headers: Headers) -> [SignedTime] {
    headers.lazy.filter { $0.name.suffix(9).speaksOf("timestamp") && $0.value.count <= 64 }
      .prefix(2).map {
        SignedTime(text: Array($0.value), origin: .header(Printable.short($0.name.text, limit: 40)))
      }
  }
}

extension Provider {
  /// Whether the first of its headers that is there is one of `other`, which has read it then.
  fileprivate func shares(_ other: Provider?, _ headers: Headers) -> Bool {
    guard let other, let name = scheme.headers.first(where: headers.contains) else { return false }
    return other.scheme.headers.contains { ByteString($0).equalsIgnoringASCIICase(name) }
  }
}
