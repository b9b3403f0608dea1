internal import JSON
internal import Webhooks

/// What is wrong with `t` or with a clock.
extension Cause {
  static let ofTime: [Cause] = [
    Cause(
      "unreadable-timestamp", "t is not unix seconds",
      remedy: "Send and sign t in whole unix seconds: digits only, no zero in front.",
      breakages: [
        .reason(.noT, "The signature header doesn't say when it was made.") {
          try $0.leaveOutTime()
        },
        .cause(.inFuture, "The time is in milliseconds, in the header and in the signed text.") {
          try $0.signInMilliseconds()
        },
      ], find: unreadable),
    Cause(
      "time-shifted", "t shifted",
      remedy: "Make t once, in unix seconds and UTC, and use the same text for the signature and the header.",
      breakages: [
        .cause(.noV1Matches, "The signed time is seven hours ahead, as when a local time is used as UTC.") {
          try $0.signShifted(by: 7 * 3600)
        }
      ]
    ) { evidence in
      guard case .shifted(let seconds)? = evidence.proof?.time?.origin else { return [] }
      return [.timeShifted(seconds, under: evidence.scheme)]
    },
    Cause(
      "outside-window", "outside the window",
      remedy: "Set both clocks by NTP; if it was queued or replayed, have it sent again.", isAboutTime: true,
      breakages: [
        .reason(.tooOld, "The signature is right, but an hour old.") { try $0.sign(secondsOff: -3600) },
        .reason(.inFuture, "The signature is right, but an hour ahead of the clock.") {
          try $0.sign(secondsOff: 3600)
        },
      ]
    ) { evidence in
      guard let age = evidence.staleAge else { return [] }
      let isSigned = evidence.isProven && evidence.proof?.form.text.usesTime != false
      return [
        .outsideWindow(
          under: evidence.scheme, age: age, tolerance: evidence.subject.window, isSigned: isSigned,
          isAlone: evidence.verdict.status == .stale, isFixed: evidence.scheme?.window != nil)
      ]
    },
    eventTime,
    Cause(
      "clock-replay-or-queue", "clock, replay or queue",
      remedy: "Compare both clocks; treat what can't be explained as a replay.", isAboutTime: true,
      breakages: [
        .staged(
          .tooOld, "The same signed request comes twice, an hour after it was made.", prelude: .itself
        ) {
          try $0.sign(secondsOff: -3600)
        }
      ]
    ) { evidence in
      guard evidence.isProven, let age = evidence.staleAge else { return [] }
      // Without a recent delivery next to it, nothing suggests a replay.
      if evidence.isSignedAtEvent, !evidence.hasFreshNeighbours { return [] }
      return [.clock(ClockStory(evidence, age: age), under: evidence.scheme)]
    },
  ]

  /// The time of the event stands in the header, not that of the signing.
  private static let eventTime = Cause(
    "event-time", "t is the event's time",
    remedy: "Have the sender set t when it signs, for each attempt anew.", isAboutTime: true,
    breakages: [
      .cause(.tooOld, "The time is the event's own, an hour before it was signed.") {
        try $0.signAtEvent(secondsAgo: 3600)
      }
    ]
  ) { evidence in
    guard evidence.isProven, evidence.staleAge != nil, evidence.isSignedAtEvent else { return [] }
    let others = evidence.neighbours.signedAtEvent
    let also = others > 0 ? ", as in \(others) other deliver\(others == 1 ? "y" : "ies")" : ""
    return [
      Claim(
        .likely, title: "\(evidence.scheme.timeWords) is the event's time",
        "\(evidence.scheme.timeWords) equals the event's own time to the second\(also): it is probably the event's time, not the signing's",
        remedy: "Have the sender set \(evidence.scheme.timeWords) when it signs, for each attempt anew."
      )
    ]
  }

  @Sendable private static func unreadable(_ evidence: Evidence) -> [Claim] {
    if evidence.isOfAnotherScheme { return [] }
    if let source = evidence.proof?.source, case .own = source {} else if evidence.proof != nil { return [] }
    if case .shifted? = evidence.proof?.time?.origin { return [] }
    if let words = evidence.proof?.time?.origin.words(under: evidence.scheme) {
      let isMissing = evidence.verdict.reason == .noT
      return [.timestamp(words, .proven, under: evidence.scheme, isMissing: isMissing)]
    }
    let scale = evidence.facts.clock.t.flatMap(TimestampOddity.init(scale:))
    if evidence.lacksTime { return [.missingTime(under: evidence.scheme)] }
    guard scale != nil || evidence.verdict.reason == .tNotCanonicalDecimal else { return [] }
    guard evidence.isProven, evidence.proof?.form.text.usesTime != false else {
      let isCanonical = evidence.verdict.timestamp != nil
      return [
        .timestamp(
          (isCanonical ? scale ?? .unreadable : .unreadable).words(under: evidence.scheme), .seen,
          under: evidence.scheme)
      ]
    }
    let isDate = evidence.proof?.time?.isDate ?? false
    return [
      .timestamp(
        (scale ?? (isDate ? .date : .otherSpelling)).words(under: evidence.scheme), .proven,
        under: evidence.scheme)
    ]
  }
}

extension Claim {
  static func timestamp(
    _ words: String, _ level: Cause.Level, under scheme: SignatureScheme?, isMissing: Bool = false
  ) -> Claim {
    guard let scheme else { return Claim(level, words) }
    let (t, unit) = (scheme.timeWords, scheme.timeUnit.words)
    let remedy =
      scheme.timeUnit == .date
      ? "Send and sign \(t) as \(unit)."
      : "Send and sign \(t) in whole \(unit): digits only, no zero in front."
    return Claim(level, title: isMissing ? "no \(t)" : "\(t) is not \(unit)", words, remedy: remedy)
  }

  static func missingTime(under scheme: SignatureScheme?) -> Claim {
    .timestamp(
      "\(Verdict.Reason.noT.summary(under: scheme)), and too many times are possible to try them all", .seen,
      under: scheme, isMissing: true)
  }

  /// Seconds: the age is below zero for a `t` in the future.
  /// - Parameters:
  ///   - isAlone: says that nothing else keeps the delivery from being valid.
  ///   - isFixed: whether the scheme says how wide the window is.
  static func outsideWindow(
    under scheme: SignatureScheme?, age: Double, tolerance: Double, isSigned: Bool, isAlone: Bool,
    isFixed: Bool = false
  ) -> Claim {
    let direction = age < 0 ? "ahead of" : "before"
    let base =
      "\(scheme.timeWords) is \(Durations.words(abs(age))) \(direction) the arrival; the tolerance is \(Durations.words(tolerance))"
    let needed = ShortDecimal.text(abs(age).rounded(.up), decimals: 0) ?? "0"
    let words =
      switch (isSigned, isAlone) {
      case (false, _):
        "\(base); no secret confirms \(scheme?.time == .signature ? "this \(scheme.timeWords)" : "this time")"
      case (true, false): "Also, \(base)"
      case (true, true):
        abs(age) < 1e8 && !isFixed ? "\(base). It passes with --tolerance \(needed)" : base
      }
    return Claim(
      isSigned ? .proven : .seen, words,
      remedy: age < 0
        ? "Set the sender's clock, or check that \(scheme.timeWords) is in \(scheme.unitWords)." : nil)
  }

  static func timeShifted(_ seconds: Int, under scheme: SignatureScheme?) -> Claim {
    let zone = abs(seconds) < 60 ? "" : ": local time was probably treated as UTC"
    let unit = scheme?.timeUnit.words ?? "the due unit"
    return Claim(
      .proven, title: "\(scheme.timeWords) shifted",
      (SignedTime.Origin.shifted(seconds: seconds).words(under: scheme) ?? "") + zone,
      remedy:
        "Make \(scheme.timeWords) once, in \(unit) and UTC, and use the same text for the signature and the header."
    )
  }

  static func clock(_ story: ClockStory, under scheme: SignatureScheme?) -> Claim {
    Claim(.likely, story.words(under: scheme), remedy: story.remedy)
  }
}

extension Neighbours {
  /// How many verified deliveries were signed at the second of their event.
  fileprivate var signedAtEvent: Int { verified.count { $0.isSignedAtEvent == true } }

  /// Whether a valid delivery was signed at another second than its event's.
  fileprivate var hasOtherTimes: Bool {
    verified.contains { $0.verdict.status == .valid && $0.isSignedAtEvent == false }
  }
}

extension Delivery {
  /// Whether `t` is the event's own second; nil if the body gives no time for the event.
  fileprivate var isSignedAtEvent: Bool? {
    guard let t = verdict.timestamp, let path = envelope.provider?.createdAtPath,
      let created = JSONFieldQuery([path]).fields(in: request.body)[0].flatMap({ Timestamp($0) })
    else { return nil }
    return Int64(created.seconds.rounded(.down)) == t
  }
}

extension Evidence {
  /// Whether the scheme signs a time, none was received, and its unit leaves too many candidates to try.
  fileprivate var lacksTime: Bool {
    guard verdict.reason == .noT, !isProven, let scheme else { return false }
    return scheme.text.usesTime && scheme.timeUnit != .seconds
  }

  /// Whether `t` is the second of the event, and no other delivery speaks against that being on purpose.
  fileprivate var isSignedAtEvent: Bool {
    guard let t = facts.clock.t, let created = facts.clock.createdAt, (verdict.ageSeconds ?? 0) > 0 else {
      return false
    }
    return neighbours.sameSignature == nil && !neighbours.hasOtherTimes && created.seconds.rounded(.down) == t
  }

  fileprivate var hasFreshNeighbours: Bool {
    neighbours.verified.contains { abs($0.verdict.ageSeconds ?? .infinity) <= subject.window }
  }

  /// The age in seconds where it lies outside of the window, and the `t` that was sent is the one signed.
  fileprivate var staleAge: Double? {
    // Beside a mismatch that nothing explains, the time is not what the delivery failed by.
    guard verdict.status == .stale || isProven else { return nil }
    if let time = proof?.time, time.origin != .asSent { return nil }
    // What is written in another unit says nothing about a clock.
    if scheme?.timeUnit == .seconds, facts.clock.t.flatMap(TimestampOddity.init(scale:)) != nil { return nil }
    return verdict.ageSeconds.flatMap { abs($0) > subject.window ? $0 : nil }
  }
}

extension SignedTime {
  /// Whether it is a date rather than a number.
  fileprivate var isDate: Bool {
    let text = String(decoding: text, as: UTF8.self)
    return ScriptNumber.parsed(text).isNaN && Timestamp(text) != nil
  }
}
