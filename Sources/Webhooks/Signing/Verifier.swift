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

  /// The verdict on a request of `provider` (nil: of none that is known) whose last byte came at `arrival`.
  public func verify(_ request: Request, provider: Provider?, at arrival: Timestamp) -> Verdict {
    guard let provider else { return Verdict(keyring.isEmpty ? .noSecret : .noHeader) }
    let name = provider.signatureHeader
    let isChecked = keyring.knows(provider)
    guard let value = request.headers.first(name) else { return Verdict(isChecked ? .noHeader : .noSecret) }
    guard request.headers.count(of: name) == 1 else {
      return Verdict(isChecked ? .headerRepeated : .noSecret)
    }
    let header = SignatureHeader(value)
    let secrets = keyring.secrets(for: provider)
    return verify(header: header, body: request.body, secrets: secrets, at: arrival, isChecked: isChecked)
  }

  /// The verdict on a header and a body, tried with each of `secrets`; unchecked where there is none.
  public func verify(
    header: SignatureHeader, body: [UInt8], secrets: [SigningSecret], at arrival: Timestamp
  ) -> Verdict {
    verify(header: header, body: body, secrets: secrets, at: arrival, isChecked: !secrets.isEmpty)
  }

  private func verify(
    header: SignatureHeader, body: [UInt8], secrets: [SigningSecret], at arrival: Timestamp, isChecked: Bool
  ) -> Verdict {
    var verdict = Verdict(.noSecret)
    verdict.v1Count = header.v1Count
    verdict.usableV1Count = header.candidates.count
    verdict.timestamp = header.timestamp
    if let t = header.timestamp {
      let age = Self.age(of: t, at: arrival)
      verdict.ageSeconds = age
      verdict.inWindow = abs(age) <= tolerance
    }
    if let text = header.timestampText, !secrets.isEmpty, !header.candidates.isEmpty {
      let match = Self.match(header.candidates, timestamp: text, body: body, secrets: secrets)
      verdict.macMatches = match != nil
      verdict.secret = (match?.label).map { ByteString($0) }
      verdict.secretsTried = secrets.count
    }
    verdict.reason = isChecked ? Self.reason(verdict, header) : .noSecret
    let fault = header.fault ?? header.unusable
    verdict.faultOffset = verdict.status == .malformed || !isChecked ? fault?.offset : nil
    return verdict
  }

  private static func match(
    _ candidates: [MAC], timestamp: [UInt8], body: [UInt8], secrets: [SigningSecret]
  ) -> SigningSecret? {
    secrets.first { secret in
      guard let expected = secret.key.authenticate(timestamp: timestamp, body: body) else { return false }
      return candidates.contains { $0.matches(expected) }
    }
  }

  private static func reason(_ verdict: Verdict, _ header: SignatureHeader) -> Verdict.Reason {
    if let fault = header.fault { return fault.reason }
    guard verdict.macMatches == true else { return header.unusable?.reason ?? .noV1Matches }
    guard verdict.inWindow == false else { return .ok }
    return (verdict.ageSeconds ?? 0) < 0 ? .inFuture : .tooOld
  }

  /// Seconds from `t` to `arrival`, to the microsecond while both fit in 64 bits.
  private static func age(of t: Int64, at arrival: Timestamp) -> Double {
    let (scaled, overflow) = t.multipliedReportingOverflow(by: 1_000_000)
    let (difference, far) = arrival.microseconds.subtractingReportingOverflow(scaled)
    return overflow || far ? arrival.seconds - Double(t) : Double(difference) / 1e6
  }
}
