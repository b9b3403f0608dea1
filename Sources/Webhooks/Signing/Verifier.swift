internal import JSON

/// Decides whether to believe a request: pure, over the bytes of the wire, with the time as a parameter.
public struct Verifier: Sendable {
  public var keyring: Keyring
  /// How far `t` may lie from the arrival of the last body byte, in seconds, either way.
  public var tolerance: Double

  public init(keyring: Keyring, tolerance: Double = 300) {
    self.keyring = keyring
    self.tolerance = tolerance
  }

  /// Returns the verdict on a request of `provider` (nil: of none that is known) whose last byte came at `arrival`.
  /// - Parameter endpoint: where it was sent to.
  public func verify(
    _ request: Request, provider: Provider?, endpoint: Endpoint? = nil, at arrival: Timestamp
  ) -> Verdict {
    guard let provider else { return Verdict(keyring.isEmpty ? .noSecret : .noHeader) }
    let scope = keyring.scope(of: endpoint, provider)
    let isChecked = keyring.knows(provider, on: endpoint)
    return provider.withScheme { scheme in
      verify(
        scheme.read(request), under: scheme, body: request.body, secrets: keyring.secrets, at: arrival,
        isChecked: isChecked
      ) { keyring.tries($0, for: provider, in: scope, at: arrival) }
    }
  }

  /// Reads what a request says of itself, and returns that with the verdict on it.
  ///
  /// Where several senders have a header in common, the one that there is a secret of is meant, and of several such
  /// the one whose secret signed it.
  /// - Parameter endpoint: where it was sent to; its sender is meant where the headers may be that one's.
  public func judge(
    _ request: Request, among providers: Providers, on endpoint: Endpoint? = nil, at arrival: Timestamp
  ) -> (envelope: Envelope, verdict: Verdict) {
    func judged(as provider: Provider?) -> (Envelope, Verdict) {
      let verdict = verify(request, provider: provider, endpoint: endpoint, at: arrival)
      return (Envelope(reading: request, of: provider), verdict)
    }
    if let own = endpoint?.sender(of: request.headers) { return judged(as: own) }
    guard let found = providers.first(of: request.headers) else { return judged(as: endpoint?.provider) }
    guard found.isShared else { return judged(as: found.provider) }
    let known = providers.rivals(of: request.headers).filter { keyring.knows($0, on: endpoint) }
    let signer =
      known.count < 2
      ? nil
      : known.first { verify(request, provider: $0, endpoint: endpoint, at: arrival).macMatches == true }
    return judged(as: signer ?? known.first ?? found.provider)
  }

  /// Returns the verdict on what was read under `scheme`, and a body, tried with each of `secrets`; unchecked where
  /// there is none.
  public func verify(
    _ reading: SignatureReading, under scheme: SignatureScheme, body: [UInt8], secrets: [SigningSecret],
    at arrival: Timestamp
  ) -> Verdict {
    verify(
      reading, under: scheme, body: body, secrets: secrets, at: arrival, isChecked: !secrets.isEmpty
    ) { _ in true }
  }

  /// - Parameter isTried: says of a place in `secrets` whether that one is tried.
  private func verify(
    _ reading: SignatureReading, under scheme: SignatureScheme, body: [UInt8], secrets: [SigningSecret],
    at arrival: Timestamp, isChecked: Bool, isTried: (Int) -> Bool
  ) -> Verdict {
    var verdict = Verdict(.noSecret)
    verdict.signatureCount = reading.signatureCount
    verdict.usableSignatureCount = reading.usableCount
    note(reading, under: scheme, at: arrival, in: &verdict)
    let count = secrets.indices.reduce(0) { $0 + (isTried($1) ? 1 : 0) }
    if count > 0, isComplete(reading, scheme) {
      let text = scheme.text(reading, body: body)
      let match = secrets.indices.first { isTried($0) && secrets[$0].signs(text, as: reading) }
      verdict.macMatches = match != nil
      verdict.secret = match.map { secrets[$0].labelBytes }
      verdict.fingerprint = match.map { secrets[$0].fingerprintNumber } ?? 0
      verdict.secretsTried = count
    }
    verdict.reason = isChecked ? Self.reason(verdict, reading, scheme) : .noSecret
    let fault = reading.fault ?? reading.unusable
    verdict.faultOffset =
      reading.isPresent && (verdict.status == .malformed || !isChecked) ? fault?.offset : nil
    return verdict
  }

  /// Whether there is all that the signature is made over, and something to compare it with.
  private func isComplete(_ reading: SignatureReading, _ scheme: SignatureScheme) -> Bool {
    reading.usableCount > 0 && (!scheme.text.usesTime || reading.timeText != nil)
      && (!scheme.text.usesID || reading.id != nil)
  }

  /// Notes the time that was signed, its age, and whether that lies inside the window.
  private func note(
    _ reading: SignatureReading, under scheme: SignatureScheme, at arrival: Timestamp,
    in verdict: inout Verdict
  ) {
    guard let t = reading.time else { return }
    let unit = scheme.timeUnit.perSecond
    let age = Self.age(of: t, per: 1_000_000 / unit, at: arrival)
    verdict.timestamp = t / unit
    verdict.ageSeconds = age
    let window = scheme.window ?? tolerance
    verdict.tolerance = window
    verdict.inWindow = scheme.takes(age: age, within: window)
  }

  private static func reason(
    _ verdict: Verdict, _ reading: SignatureReading, _ scheme: SignatureScheme
  ) -> Verdict.Reason {
    if let fault = reading.fault { return Verdict.Reason(fault.kind, in: scheme) }
    guard verdict.macMatches == true else {
      if let unusable = reading.unusable { return Verdict.Reason(unusable.kind, in: scheme) }
      return scheme.kind == .token ? .tokenDiffers : .noV1Matches
    }
    guard verdict.inWindow == false else { return .ok }
    return (verdict.ageSeconds ?? 0) < 0 ? .inFuture : .tooOld
  }

  /// Seconds from `t`, in units of so many microseconds, to `arrival`; to the microsecond while both fit in 64 bits.
  private static func age(of t: Int64, per unit: Int64, at arrival: Timestamp) -> Double {
    let (scaled, overflow) = t.multipliedReportingOverflow(by: unit)
    let (difference, far) = arrival.microseconds.subtractingReportingOverflow(scaled)
    return overflow || far ? arrival.seconds - Double(t) * Double(unit) / 1e6 : Double(difference) / 1e6
  }
}
