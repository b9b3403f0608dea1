/// The texts that deliveries repeat: names of header fields, and values that their senders always give.
///
/// Read from the wire, each is a string with storage of its own in every delivery that is kept; a constant has
/// none, and is not even counted when it is copied.
public enum KnownText {
  /// `text`, or the constant that is the same.
  public static func shared(_ text: String) -> String {
    let length = text.utf8.count
    // Up to 15 bytes a string needs no storage.
    guard length > 15, length < byLength.count else { return text }
    for known in byLength[length] where known == text { return known }
    return text
  }

  /// The texts by their length in bytes.
  private static let byLength: [[String]] = {
    let providers = Provider.all.flatMap {
      [$0.eventHeader, $0.deliveryHeader, $0.signatureHeader] + $0.events
    }
    let common = [
      "Transfer-Encoding", "X-Forwarded-Host", "X-Forwarded-Proto", "parlay-webhook/1",
      "application/json", "application/json; charset=utf-8",
    ]
    let all = providers + common
    return (0...(all.map(\.utf8.count).max() ?? 0)).map { length in all.filter { $0.utf8.count == length } }
  }()
}
