public import JSON

/// What a request says of itself beside its payload: provider, event, ids and livemode, unverified.
///
/// The body, which is signed, goes before the headers, which are not.
public struct Envelope: Sendable, Equatable {
  public var provider: Provider?
  public var event: ByteString?
  /// The id that stays the same when the event is delivered again.
  public var eventID: ByteString?
  public var deliveryID: ByteString?
  public var livemode: Livemode = .notApplicable

  public init(
    provider: Provider? = nil, event: ByteString? = nil, eventID: ByteString? = nil,
    deliveryID: ByteString? = nil,
    livemode: Livemode = .notApplicable
  ) {
    self.provider = provider
    self.event = event
    self.eventID = eventID
    self.deliveryID = deliveryID
    self.livemode = livemode
  }

  /// What tells that two deliveries carry the same event.
  public var dedupeKey: ByteString? { eventID }

  /// What all attempts of one delivery have in common.
  public var chainKey: ByteString? {
    provider?.deliveryIDNamesChain == true ? deliveryID ?? eventID : eventID
  }
}
