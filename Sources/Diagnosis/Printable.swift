/// Received text made fit for a sentence: short, and nothing in it that drives a terminal or misleads.
enum Printable {
  /// `text` with all but printable ASCII as `?`, cut off after `limit` characters.
  static func short(_ text: String, limit: Int = 60) -> String {
    let shown = text.unicodeScalars.prefix(limit + 1).map { 0x20...0x7E ~= $0.value ? Character($0) : "?" }
    return shown.count > limit ? String(shown.prefix(limit)) + "..." : String(shown)
  }
}
