internal import Sender
internal import Webhooks

/// The bodies that the documentation shows of an event, as far as hooktop has samples of it.
enum DocumentedBodies {
  /// Returns nothing for an event that its provider does not document.
  static func of(_ envelope: Envelope) -> [[UInt8]] {
    guard let provider = envelope.provider, let event = envelope.event else { return [] }
    // What stands in them is of no matter, only their keys and types are.
    var random = SplitMix64(seed: 1)
    return SampleCatalogue.kinds(of: provider).filter {
      $0.isDocumented && event.elementsEqual($0.event.utf8)
    }
    .map { $0.sample(now: Timestamp(microseconds: 0), using: &random).body }
  }
}
