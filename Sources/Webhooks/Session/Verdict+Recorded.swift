internal import JSON

extension Verdict {
  /// The verdict of a recorded delivery as it was at arrival, with the facts that its header still shows.
  ///
  /// How many secrets were tried is not recorded; nor is the window, so that `inWindow` is nil where the
  /// reason does not tell.
  init(
    recorded reason: Reason, ageSeconds: Double?, secret: ByteString?, request: Request, provider: Provider?
  ) {
    self.init(reason)
    self.ageSeconds = ageSeconds
    self.secret = secret
    inWindow = status == .valid ? true : status == .stale ? false : nil
    macMatches = secret != nil || status == .valid || status == .stale ? true : nil
    if status == .mismatch { macMatches = false }
    guard let values = provider.map({ request.headers.all($0.signatureHeader) }), values.count == 1 else {
      return
    }
    restoreFacts(of: SignatureHeader(values[0]))
  }

  private mutating func restoreFacts(of header: SignatureHeader) {
    timestamp = header.timestamp
    v1Count = header.v1Count
    usableV1Count = header.candidates.count
    if status == .malformed || status == .unchecked {
      faultOffset = (header.fault ?? header.unusable)?.offset
    }
  }
}
