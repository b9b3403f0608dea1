/// What one line of a session holds.
public enum SessionRecord: Sendable {
  case delivery(Delivery)
  case incident(Incident)

  /// The words that tell the lines apart, in the field `kind`.
  enum Kind: String, CaseIterable {
    case delivery, incident
  }
}
