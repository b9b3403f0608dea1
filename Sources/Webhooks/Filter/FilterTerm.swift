internal import JSON

/// One question that a filter asks of a delivery.
enum FilterTerm: Sendable, Equatable {
  case type(Glob)
  case live(Livemode)
  case status(Verdict.Status)
  case failed
  /// Of this provider; nil: of none that is known.
  case provider(Provider?)
  /// The event's or the delivery's id.
  case id(Glob)
  /// A header of this lower-case name; where `value` is given, with such a value.
  case header(name: String, value: Glob?)
  /// Seconds from the signature's timestamp to the arrival.
  case age(FilterThreshold)
  /// Bytes of the body.
  case size(FilterThreshold)
  case answer(status: Int)
  /// An answer from `hundreds` × 100 on, up to the next hundred.
  case answerClass(hundreds: Int)
  case attempt(FilterThreshold)
  case duplicate
  case text(TextNeedle)

  func matches(_ delivery: Delivery) -> Bool {
    switch self {
    case .type(let glob): glob.matches(delivery.envelope.event)
    case .live(let mode): delivery.envelope.livemode == mode
    case .status(let status): delivery.verdict.status == status
    case .failed: delivery.verdict.status.isFailure
    case .provider(let provider): delivery.envelope.provider === provider
    case .id(let glob): Self.hasID(delivery.envelope, glob)
    case .header(let name, let value): Self.hasHeader(delivery.request.headers, name, value)
    case .age(let threshold): delivery.verdict.ageSeconds.map(threshold.admits) ?? false
    case .size(let threshold): threshold.admits(Double(delivery.request.body.count))
    case .answer(let status): delivery.answer.status == status
    case .answerClass(let hundreds): delivery.answer.status / 100 == hundreds
    case .attempt(let threshold): threshold.admits(Double(delivery.attempt))
    case .duplicate: delivery.isDuplicate
    case .text(let needle): needle.occurs(in: delivery.request)
    }
  }

  private static func hasID(_ envelope: Envelope, _ glob: Glob) -> Bool {
    // The dedupe key is one of the two.
    glob.matches(envelope.eventID) || glob.matches(envelope.deliveryID)
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
    case .type(let glob): Self.keyed(.type, glob.quoted)
    case .live(.live): Self.keyed(.live, "true")
    case .live(.test): Self.keyed(.live, "false")
    case .live(.notApplicable): Self.keyed(.live, "n/a")
    case .status(let status): Self.keyed(.sig, status.rawValue)
    case .failed: Self.keyed(.sig, "failed")
    case .provider(let provider): Self.keyed(.provider, provider?.name ?? "-")
    case .id(let glob): Self.keyed(.id, glob.quoted)
    case .header(let name, let value):
      Self.keyed(.header, FilterWord.quoted(name) + (value.map { "=\($0.quoted)" } ?? ""))
    case .age(let threshold): Self.keyed(.age, threshold.description)
    case .size(let threshold): Self.keyed(.size, threshold.description)
    case .answer(let status): Self.keyed(.answer, String(status))
    case .answerClass(let hundreds): Self.keyed(.answer, "\(hundreds)xx")
    case .attempt(let threshold): Self.keyed(.attempt, threshold.description)
    case .duplicate: FilterKey.duplicate
    case .text(let needle): "~\(FilterWord.quoted(needle.text))"
    }
  }

  private static func keyed(_ key: FilterKey, _ value: String) -> String { "\(key.rawValue):\(value)" }
}
