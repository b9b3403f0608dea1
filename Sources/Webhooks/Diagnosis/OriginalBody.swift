/// The body to compare a received one with: the one that was signed, or else that of an earlier delivery.
public struct OriginalBody: Sendable, Equatable {
  /// How it is known.
  public enum Source: Sendable, Equatable {
    /// A candidate reproduces the received MAC.
    case proven
    /// An earlier delivery with the same id verifies; that this one began the same is likely only.
    case earlierDelivery(UInt64)
  }

  public let source: Source
  public let body: [UInt8]
  /// Where the received body first differs from this one.
  public let difference: ByteDifference

  private init?(_ source: Source, _ body: [UInt8], received: [UInt8]) {
    guard let difference = ByteDifference(received: received, original: body) else { return nil }
    self.source = source
    self.body = body
    self.difference = difference
  }

  /// The best there is for a request; nil where the body came as it was signed, or nothing is known.
  static func of(_ received: [UInt8], proof: Proof?, neighbours: Neighbours) -> OriginalBody? {
    if let proof { return OriginalBody(.proven, proof.signedText.body, received: received) }
    return neighbours.sameID.reversed().lazy.compactMap {
      OriginalBody(.earlierDelivery($0.sequence), $0.request.body, received: received)
    }.first
  }
}
