public import Webhooks

/// One row of the sample catalogue: an event type, and how its payload is made up.
public struct SampleKind: Sendable {
  public let provider: Provider
  public let event: String
  /// Writes the envelope and the data of one event.
  let compose: @Sendable (inout SampleDraft) -> SampleJSON

  /// Whether the provider documents the event type; the others show that unknown ones are taken.
  public var isDocumented: Bool { provider.events.contains(event) }

  /// One event of this kind, with the ids and times that `random` and `now` give.
  public func sample(
    _ options: SampleOptions = SampleOptions(), now: Timestamp, using random: inout SplitMix64
  ) -> Sample {
    var draft = SampleDraft(kind: self, options: options, now: now, random: random)
    let body = compose(&draft)
    random = draft.random
    return Sample(
      provider: provider, event: event, eventID: draft.eventID, deliveryID: draft.deliveryID,
      body: Array(body.text.utf8))
  }
}
