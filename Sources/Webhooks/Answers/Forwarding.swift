/// What sends kept deliveries on to apps, for a receiver that does not know how that is done.
public protocol Forwarding: Sendable {
  /// Whether a delivery goes on to an app; only such a one may be given to `forward`.
  func takes(_ delivery: Delivery) -> Bool

  /// Sends a kept delivery on without waiting.
  /// - Parameter done: given what came of it, once, on any thread; it must not block for long.
  func forward(_ delivery: Delivery, _ done: @escaping @Sendable (Exchange) -> Void)
}
