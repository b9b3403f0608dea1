internal import JSON

extension Verdict {
  /// The verdict of a recorded delivery as it was at arrival, with the facts that its header still shows.
  ///
  /// How many secrets were tried is not recorded. `inWindow` is nil where neither the reason nor the recorded tolerance
  /// tells.
  init(
    recorded reason: Reason, ageSeconds: Double?, tolerance: Double? = nil, secret: ByteString?,
    request: Request, provider: Provider?
  ) {
    self.init(reason)
    self.ageSeconds = ageSeconds
    self.secret = secret
    self.tolerance = tolerance
    inWindow = status == .valid ? true : status == .stale ? false : nil
    if inWindow == nil, let tolerance, let ageSeconds { inWindow = abs(ageSeconds) <= tolerance }
    macMatches = secret != nil || status == .valid || status == .stale ? true : nil
    if status == .mismatch { macMatches = false }
    guard let scheme = provider?.scheme, case let reading = scheme.read(request), reading.isPresent else {
      return
    }
    timestamp = reading.time.map { scheme.timeUnit == .milliseconds ? $0 / 1000 : $0 }
    v1Count = reading.signatureCount
    usableV1Count = reading.candidates.count
    if status == .malformed || status == .unchecked {
      faultOffset = (reading.fault ?? reading.unusable)?.offset
    }
  }
}
