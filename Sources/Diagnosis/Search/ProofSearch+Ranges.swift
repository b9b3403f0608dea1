internal import Webhooks

// What of a header's reading a search takes at once, and what it has tried.
extension ProofSearch {
  /// Which of a header's times are tried.
  enum Times {
    case likely, sent, unlikely, guessed, shifted, elsewhere, milliseconds

    func of(_ reading: HeaderReading) -> ArraySlice<SignedTime> {
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
  }

  /// Which URLs are tried where one is signed.
  enum URLs {
    case taken, others

    func of(_ reading: HeaderReading) -> [SignedURL] {
      switch self {
      case .taken: [reading.url]
      case .others: reading.otherURLs
      }
    }
  }

  /// The bodies that one search has tried, as hashes: two that have the same one are the same, as good as surely.
  struct TriedBodies {
    /// A few megabytes; bodies beyond that are not remembered, and may be tried again.
    private static let limit = 200_000
    private var hashes: Set<Int> = []

    /// Whether `body` is new.
    mutating func insert(_ body: [UInt8]) -> Bool {
      guard hashes.count < Self.limit else { return true }
      var hasher = Hasher()
      body.withUnsafeBytes { hasher.combine(bytes: $0) }
      return hashes.insert(hasher.finalize()).inserted
    }
  }
}

/// One way in which a sender may have signed: what a header says, and a form of the signed text.
///
/// Shared, since it is tried with thousands of bodies.
final class SigningWay: Sendable {
  let reading: HeaderReading
  let form: SignedForm

  init(_ reading: HeaderReading, _ form: SignedForm) { (self.reading, self.form) = (reading, form) }

  /// Each reading with each of the forms that `forms` gives for it and the digests that its MACs may be of.
  static func all(
    _ readings: [HeaderReading], _ digests: [[SignedForm.Digest]],
    _ forms: (HeaderReading, [SignedForm.Digest]) -> [SignedForm]
  ) -> [SigningWay] {
    zip(readings, digests).flatMap { reading, digests in
      forms(reading, digests).map { SigningWay(reading, $0) }
    }
  }
}
