internal import JSON
internal import Webhooks

/// The order of keys in which a provider's documentation shows its bodies.
enum DocumentedOrder {
  /// The documented orders for an event of `provider`, the likeliest first.
  static func templates(provider: Provider?, event: ByteString?) -> [JSONKeyTemplate] {
    let bodies = provider?.documentedBodies ?? []
    let own = bodies.filter { body in event.flatMap { body.event?.utf8.elementsEqual($0) } ?? false }
    return (own.isEmpty ? bodies.filter { $0.event == nil } : own)
      .compactMap { JSONKeyTemplate(Array($0.body.utf8)) }
  }
}
