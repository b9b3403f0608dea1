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
  /// Whether it is asked in words that a request has.
  var quotesRequest: Bool {
    switch self {
    case .type, .id, .header, .path, .text: true
    default: false
    }
  }
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
    case .header(let name, let value): delivery.headers.contains(name) { value?.matches($0) ?? true }
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
