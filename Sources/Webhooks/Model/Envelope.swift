/// What a request says of itself beside its payload: provider, event, ids and livemode, unverified.
///
/// The body, which is signed, goes before the headers, which are not.
public struct Envelope: Sendable, Equatable {
  public var provider: Provider?
  public var event: String?
  /// The id that stays the same when the event is delivered again.
  public var eventID: String?
  public var deliveryID: String?
  public var livemode: Livemode = .notApplicable

  public init(
    provider: Provider? = nil, event: String? = nil, eventID: String? = nil, deliveryID: String? = nil,
    livemode: Livemode = .notApplicable
  ) {
    self.provider = provider
    self.event = event
    self.eventID = eventID
    self.deliveryID = deliveryID
    self.livemode = livemode
  }

  /// What tells that two deliveries carry the same event.
  public var dedupeKey: String? { eventID }

  /// What all attempts of one delivery have in common.
  public var chainKey: String? {
    provider?.deliveryIDNamesChain == true ? deliveryID ?? eventID : eventID
  }
}
