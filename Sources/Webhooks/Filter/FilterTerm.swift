internal import JSON

/// One question that a filter asks of a delivery.
enum FilterTerm: Sendable, Equatable {
  case type(Glob)
  /// Naming no event type.
  case untyped
  case live(Livemode)
  case status(Verdict.Status)
  case failed
  /// Signed later than now, by more than the tolerance.
  case future
  /// Of this provider; nil: of none that is known.
  case provider(Provider?)
  /// The event's or the delivery's id.
  case id(Glob)
  /// A header of this lower-case name; where `value` is given, with such a value.
  case header(name: String, value: Glob?)
  /// The request's target.
  case path(Glob)
  /// The name of the endpoint that it was sent to; nil: to none.
  case endpoint(Glob?)
  /// The delivery's number.
  case sequence(FilterThreshold)
  /// The moment of arrival. Kept apart, since it is large, and every term that is asked is copied.
  indirect case time(FilterTime)
  /// Seconds from the signature's timestamp to the arrival.
  case age(FilterThreshold)
  /// Bytes of the body.
  case size(FilterThreshold)
  case answer(StatusRange)
  /// The last exchange with an app.
  case app(AppQuestion)
  /// Seconds that the last exchange with an app took.
  case took(FilterThreshold)
  /// The app answers otherwise than the verdict says.
  case disagree
  case attempt(FilterThreshold)
  case duplicate
  /// The user has marked it.
  case marked
  /// Where it comes from.
  case source(DeliverySource)
  /// A cause that was found.
  case cause(Glob)
  case text(TextNeedle)

  /// Whether a text has to be searched for to decide.
  var searchesText: Bool { if case .text = self { true } else { false } }
  /// Whether the request has to be read to decide, beyond what a list shows of it.
  var readsRequest: Bool { if case .header = self { true } else { searchesText } }
  /// Whether what happened to the delivery decides.
  var asksForOutcomes: Bool {
    switch self {
    case .cause, .answer, .app, .took, .disagree, .marked: true
    default: false
    }
  }

  /// Whether an exchange with an app decides.
  var asksForExchanges: Bool {
    switch self {
    case .app, .took, .disagree: true
    default: false
    }
  }

  func matches(_ delivery: Delivery, _ outcomes: Outcomes) -> Bool {
    switch self {
    case .type(let glob): glob.matches(delivery.envelope.event)
    case .untyped: delivery.envelope.event == nil
    case .live(let mode): delivery.envelope.livemode == mode
    case .status(let status): delivery.verdict.status == status
    case .failed: delivery.verdict.status.isFailure
    case .future: delivery.verdict.reason == .inFuture
    case .provider(let provider): delivery.envelope.provider == provider
    case .id(let glob): Self.hasID(delivery.envelope, glob)
    case .header(let name, let value): Self.hasHeader(delivery.request.headers, name, value)
    case .path(let glob): glob.matches(delivery.target)
    case .endpoint(let glob):
      glob.map { $0.matches(delivery.endpoint?.nameBytes) } ?? (delivery.endpoint == nil)
    case .sequence(let threshold): threshold.admits(Double(delivery.sequence))
    case .time(let question): question.admits(delivery.receivedAt)
    case .age(let threshold): delivery.verdict.ageSeconds.map(threshold.admits) ?? false
    case .size(let threshold): threshold.admits(Double(delivery.bodySize))
    case .answer(let range): range.contains(outcomes.answer(to: delivery)?.status)
    case .app(let question): question.admits(delivery, outcomes[delivery.sequence])
    case .took(let threshold):
      outcomes[delivery.sequence].lastExchange.map { threshold.admits($0.milliseconds.total / 1000) }
        ?? false
    case .disagree:
      outcomes[delivery.sequence].lastExchange?.disagreement(with: delivery.verdict) != nil
    case .attempt(let threshold): threshold.admits(Double(delivery.attempt))
    case .duplicate: delivery.isDuplicate
    case .marked: outcomes.marked.contains(delivery.sequence)
    case .source(let source): delivery.source == source
    case .cause(let glob): Self.hasCause(outcomes[delivery.sequence], glob)
    case .text(let needle): needle.occurs(in: delivery.request)
    }
  }

  private static func hasID(_ envelope: Envelope, _ glob: Glob) -> Bool {
    // The dedupe key is one of the two.
    glob.matches(envelope.eventID) || glob.matches(envelope.deliveryID)
  }

  private static func hasCause(_ outcomes: [Outcome], _ glob: Glob) -> Bool {
    outcomes.contains { outcome in
      if case .diagnosed(let findings) = outcome {
        findings.contains { glob.matches($0.cause) }
      } else {
        false
      }
    }
  }

  private static func hasHeader(_ headers: Headers, _ name: String, _ value: Glob?) -> Bool {
    headers.contains { field in
      field.name.equalsIgnoringASCIICase(name) && (value?.matches(field.value) ?? true)
    }
  }
}

extension FilterTerm: CustomStringConvertible {
  var description: String {
    switch self {
    case .type(let glob): Self.keyed(.type, glob.quoted == "-" ? "\"-\"" : glob.quoted)
    case .untyped: Self.keyed(.type, "-")
    case .live(.live): Self.keyed(.live, "true")
    case .live(.test): Self.keyed(.live, "false")
    case .live(.notApplicable): Self.keyed(.live, "n/a")
    case .status(let status): Self.keyed(.sig, status.rawValue)
    case .failed: Self.keyed(.sig, "failed")
    case .future: Self.keyed(.sig, "future")
    case .provider(let provider): Self.keyed(.provider, provider?.name ?? "-")
    case .id(let glob): Self.keyed(.id, glob.quoted)
    case .header(let name, let value):
      Self.keyed(.header, FilterWord.quoted(name) + (value.map { "=\($0.quoted)" } ?? ""))
    case .path(let glob): Self.keyed(.path, glob.quoted)
    case .endpoint(let glob):
      Self.keyed(.endpoint, glob.map { $0.quoted == "-" ? "\"-\"" : $0.quoted } ?? "-")
    case .sequence(let threshold): Self.keyed(.seq, threshold.description)
    case .time(let question): Self.keyed(.time, question.description)
    case .age(let threshold): Self.keyed(.age, threshold.description)
    case .size(let threshold): Self.keyed(.size, threshold.description)
    case .answer(let range): Self.keyed(.answer, range.description)
    case .app(let question): Self.keyed(.app, question.description)
    case .took(let threshold): Self.keyed(.took, threshold.description)
    case .disagree: FilterKey.disagree
    case .attempt(let threshold): Self.keyed(.attempt, threshold.description)
    case .duplicate: FilterKey.duplicate
    case .marked: FilterKey.marked
    case .source(let source): Self.keyed(.src, source.rawValue)
    case .cause(let glob): Self.keyed(.cause, glob.quoted)
    case .text(let needle): "~\(FilterWord.quoted(needle.text))"
    }
  }

  private static func keyed(_ key: FilterKey, _ value: String) -> String { "\(key.rawValue):\(value)" }
}

/// The keys of filter terms, `key:value`, and what may stand after each.
public enum FilterKey: String, Sendable, CaseIterable {
  case type, live, sig, provider, id, header, path, endpoint, time, age, size, answer, app, took, attempt,
    seq, src,
    cause

  /// The term that takes duplicates; a word without a value.
  public static let duplicate = "dup"
  /// The term that takes deliveries on which an app and the verdict disagree; a word without a value.
  public static let disagree = "disagree"
  /// The term that takes what the user has marked; a word without a value.
  public static let marked = "marked"

  /// What may stand after the key, in words that follow "expected".
  public var expectation: String {
    switch self {
    case .type: "an event type such as analysis.* (* and ? are wildcards), or - for none"
    case .live: "true, false or n/a"
    case .sig: "failed, ok, \(Verdict.Status.allCases.map(\.rawValue).joined(separator: ", ")) or future"
    case .provider: "a provider's name, or - for none"
    case .id: "an event or delivery id such as evt_*"
    case .header: "a header's name, alone or with =value"
    case .path: "a request target such as /hooks/* (* and ? are wildcards)"
    case .endpoint: "an endpoint's name (* and ? are wildcards), or - for none"
    case .time: "a time of arrival such as >18:02, 18:02-18:05 or 2026-11-21"
    case .age: "a number of seconds such as >300, or <5m, or >=2h"
    case .size: "a number of bytes such as >412, or >10k, or <1MB"
    case .answer: "a status such as 401, or a class such as 4xx"
    case .app: "the app's status such as 2xx, or refused, timeout, none"
    case .took: "how long the app took, such as >1s or <=200ms"
    case .attempt: "a number such as >1"
    case .seq: "a delivery's number such as >100"
    case .src: "wire, replay or file"
    case .cause: "a cause such as body-reserialised (* and ? are wildcards)"
    }
  }

  /// Whether the key's values are few and fixed, so that `live:true|n/a` can only mean two values.
  var hasFixedValues: Bool {
    switch self {
    case .live, .sig, .provider, .answer, .app, .src: true
    case .type, .id, .header, .path, .endpoint, .time, .age, .size, .took, .attempt, .seq, .cause: false
    }
  }

  /// The term that the key makes with `value`, or nil if that is no value for it.
  /// - Parameter zone: that of the times in it.
  func term(_ value: FilterWord, _ providers: Providers, _ zone: Zone) -> FilterTerm? {
    switch self {
    case .type: value.text == "-" && !value.hasQuotes ? .untyped : .type(Glob(value.text))
    case .live: Self.livemode(value.text.asciiLowercased).map(FilterTerm.live)
    case .sig: Self.signature(value.text.asciiLowercased)
    case .provider:
      value.text == "-" ? .provider(nil) : providers[value.text.asciiLowercased].map(FilterTerm.provider)
    case .id: .id(Glob(value.text))
    case .header: Self.header(value)
    case .path: .path(Glob(value.text))
    case .endpoint: .endpoint(value.text == "-" && !value.hasQuotes ? nil : Glob(value.text))
    case .time: (try? FilterTime(value.text, in: zone)).map(FilterTerm.time)
    case .age: FilterThreshold(value.text, units: FilterThreshold.timeUnits).map(FilterTerm.age)
    case .size: FilterThreshold(value.text, units: FilterThreshold.sizeUnits).map(FilterTerm.size)
    case .answer: StatusRange(Array(value.text.utf8)).map(FilterTerm.answer)
    case .app: AppQuestion(value.text).map(FilterTerm.app)
    case .took:
      FilterThreshold(value.text, units: FilterThreshold.shortTimeUnits, parts: 1000).map(FilterTerm.took)
    case .attempt: FilterThreshold(value.text, units: [:]).map(FilterTerm.attempt)
    case .seq: FilterThreshold(value.text, units: [:]).map(FilterTerm.sequence)
    case .src: DeliverySource(rawValue: value.text.asciiLowercased).map(FilterTerm.source)
    case .cause: .cause(Glob(value.text))
    }
  }

  /// The words of the list's column, and the names of the verdicts.
  private static func signature(_ text: String) -> FilterTerm? {
    switch text {
    case "failed": .failed
    case "ok": .status(.valid)
    case "future": .future
    default: Verdict.Status(rawValue: text).map(FilterTerm.status)
    }
  }

  private static func livemode(_ text: String) -> Livemode? {
    switch text {
    case "true": .live
    case "false": .test
    case "n/a": .notApplicable
    default: nil
    }
  }

  private static func header(_ word: FilterWord) -> FilterTerm? {
    let (name, value) = word.split(at: "=")
    guard !name.isEmpty else { return nil }
    return .header(name: name.asciiLowercased, value: value.map { Glob($0.text) })
  }
}
