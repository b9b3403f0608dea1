public import Webhooks

/// One event as its provider would send it: the ids and the body, not yet signed.
public struct Sample: Sendable, Equatable {
  public let provider: Provider
  public let event: String
  /// The id that stays the same when the event is delivered again.
  public let eventID: String
  /// The id that goes into the delivery header.
  public var deliveryID: String
  /// The exact JSON text, compact, in the documented order of keys.
  public let body: [UInt8]

  /// The same event as a later attempt: a new delivery id where the provider gives every attempt its own.
  public func nextAttempt(using random: inout some RandomNumberGenerator) -> Sample {
    var attempt = self
    if !provider.deliveryIDNamesChain { attempt.deliveryID = random.uuid() }
    return attempt
  }
}
