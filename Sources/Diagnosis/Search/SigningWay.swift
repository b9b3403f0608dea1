internal import Webhooks

/// One way in which a sender may have signed: a header as it is read, a form of the signed text, a time and a URL.
///
/// Made once, and shared by the thousands of bodies that it is tried with.
final class SigningWay: Sendable {
  /// A header as it is read and a form of the signed text, shared by all times that are tried.
  final class Frame: Sendable {
    let reading: HeaderReading
    let form: SignedForm
    // Kept apart from the reading, which takes long to copy.
    let kind: SignatureScheme.Kind
    let targets: [SignatureTarget]
    /// The digest of the HMAC; nil if it is no plain HMAC, or any of the targets is not a whole MAC.
    fileprivate let digest: SignedForm.Digest?
    /// The targets that are whole MACs.
    fileprivate let macs: [MAC]

    init(_ reading: HeaderReading, _ form: SignedForm) {
      (self.reading, self.form) = (reading, form)
      (kind, targets) = (reading.scheme.kind, reading.targets)
      macs = targets.compactMap(\.mac)
      digest = kind == .hmac && form.method == .hmac && macs.count == targets.count ? form.digest : nil
    }
  }

  let frame: Frame
  /// nil for a form without a time.
  let time: SignedTime?
  let url: SignedURL
  /// The signed text with an empty body.
  private let around: SignedText

  init(_ frame: Frame, time: SignedTime?, url: SignedURL) {
    (self.frame, self.time, self.url) = (frame, time, url)
    let (reading, form) = (frame.reading, frame.form)
    around = form.text.filled(
      time: time?.text ?? [], id: reading.id, body: [], url: form.text.usesURL ? url.bytes : [],
      method: reading.method)
  }

  var form: SignedForm { frame.form }
  var kind: SignatureScheme.Kind { frame.kind }
  var targets: [SignatureTarget] { frame.targets }

  func text(_ body: [UInt8]) -> SignedText {
    SignedText(before: around.before, body: body, after: around.after)
  }

  /// The received signature that `key` made of this text with `body`; nil if it made none of them.
  func target(of body: [UInt8], by key: KeyCandidate) -> SignatureTarget? {
    guard let digest = frame.digest else { return target(of: text(body), by: key) }
    // The usual case, tried thousands of times: the MACs are compared without copying the targets.
    guard let code = key.key(digest: digest)?.authenticate(body, in: around) else { return nil }
    return frame.macs.firstIndex { $0.matches(code) }.map { targets[$0] }
  }

  private func target(of text: SignedText, by key: KeyCandidate) -> SignatureTarget? {
    switch kind {
    case .hmac:
      guard let code = form.code(of: text, with: key) else { return nil }
      return targets.first { $0.matches(code) }
    case .token: return targets.first { $0.isToken(key.text) }
    case .ed25519, .ecdsaP256:
      guard let publicKey = key.publicKey else { return nil }
      let message = Array(text.parts.joined())
      return targets.first { $0.isSignature(of: message, by: publicKey) }
    }
  }
}

/// The ways of signing that a search tries with each key and body.
struct SigningWays {
  /// Which ways are tried.
  struct Choice: Hashable {
    var forms = Forms.own
    var times = Times.likely
    var urls = URLs.taken
  }

  /// Which forms of the signed text are tried.
  enum Forms {
    /// The form of the sender's scheme.
    case own
    case others
    /// Forms that few senders use, and mistakes.
    case rare
  }

  /// Which of a header's times are tried.
  enum Times {
    case likely, sent, unlikely, guessed, shifted, elsewhere, milliseconds

    fileprivate func of(_ reading: HeaderReading) -> ArraySlice<SignedTime> {
      switch self {
      case .likely: reading.times.prefix(reading.likelyTimes)
      case .sent: reading.times[...]
      case .unlikely: reading.times.dropFirst(reading.likelyTimes)
      case .guessed: reading.guesses[...]
      case .shifted: reading.shifted[...]
      case .elsewhere: reading.elsewhere[...]
      case .milliseconds: (reading.times.first?.milliseconds() ?? [])[...]
      }
    }

    /// Whether texts without a time are tried as well: once is enough for them.
    fileprivate var isFirst: Bool { self == .likely || self == .sent }
  }

  /// Which URLs are tried where one is signed.
  enum URLs {
    case taken, others

    fileprivate func of(_ reading: HeaderReading) -> [SignedURL] {
      switch self {
      case .taken: [reading.url]
      case .others: reading.otherURLs
      }
    }
  }

  let readings: [HeaderReading]
  /// The digests that the MACs of each reading may have been made with.
  private let digests: [[SignedForm.Digest]]
  /// Each digest of any reading once, in its usual order.
  var allDigests: [SignedForm.Digest] {
    SignedForm.Digest.allCases.filter { digest in digests.contains { $0.contains(digest) } }
  }

  private let schemes: [SignatureScheme]
  private var made: [Choice: [SigningWay]] = [:]

  /// - Parameter schemes: those of all senders.
  init(_ readings: [HeaderReading], schemes: [SignatureScheme]) {
    self.readings = readings
    self.schemes = schemes
    digests = readings.map { reading in
      let digest = reading.scheme.digest
      return reading.scheme.kind == .hmac
        ? digest.andOthers(ofSizes: Set(reading.targets.map(\.digestSize))) : [digest]
    }
  }

  /// Returns the ways of one choice, which are made when they are first asked for.
  mutating func of(_ choice: Choice) -> [SigningWay] {
    if let ways = made[choice] { return ways }
    let ways = zip(readings, digests).flatMap { reading, digests in
      forms(choice.forms, reading, digests).flatMap { Self.ways(SigningWay.Frame(reading, $0), choice) }
    }
    made[choice] = ways
    return ways
  }

  private func forms(
    _ forms: Forms, _ reading: HeaderReading, _ digests: [SignedForm.Digest]
  ) -> [SignedForm] {
    switch forms {
    case .own: [SignedForm(of: reading.scheme)]
    case .others: SignedForm.others(than: reading.scheme, schemes: schemes, digests: digests)
    case .rare:
      SignedForm.rare(than: reading.scheme, digests: digests)
        .filter { !$0.text.usesID || !reading.id.isEmpty }
    }
  }

  private static func ways(_ frame: SigningWay.Frame, _ choice: Choice) -> [SigningWay] {
    choice.urls.of(frame.reading).flatMap { url in
      guard frame.form.text.usesTime else {
        return choice.times.isFirst ? [SigningWay(frame, time: nil, url: url)] : []
      }
      return choice.times.of(frame.reading).map { SigningWay(frame, time: $0, url: url) }
    }
  }
}
