/// What may be asked of a sample beyond its event type.
public struct SampleOptions: Sendable, Equatable {
  /// Live or test data, for a provider that tells them apart.
  public var livemode: Bool
  /// The least size of the body in bytes; only transcripts grow to it.
  public var minimumSize: Int
  /// A remark for whoever reads the payload, put into `data.note`.
  public var note: String?

  public init(livemode: Bool = false, minimumSize: Int = 0, note: String? = nil) {
    self.livemode = livemode
    self.minimumSize = minimumSize
    self.note = note
  }
}
