internal import JSON
internal import Webhooks

/// What a sample verifier is called with.
struct SampleInput {
  /// The header as text, as the server hands it over.
  let header: String?
  let body: [UInt8]
  let key: MACKey
  let now: Timestamp

  /// What `Date.now() / 1000` gives: whole milliseconds.
  var scriptSeconds: Double { (Double(now.microseconds) / 1000).rounded(.down) / 1000 }

  /// How far `t` may be off before every sample calls it stale, in seconds.
  static let tolerance = 300.0

  /// The lower-case hexadecimal MAC of `t`, a dot and the body; it goes no further than a comparison.
  func expected(_ t: String, body: [UInt8]) -> [UInt8] {
    Array(Hex.text(key.digest([Array((t + ".").utf8), body])).utf8)
  }

  /// The body after it went through a JavaScript string: what is not UTF-8 becomes U+FFFD.
  var scriptBody: [UInt8] { RepairedUTF8.bytes(body) }

  /// Whether both are the same, in a time that does not tell where they differ.
  static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    ConstantTime.areEqual(left, right)
  }

  /// The parts of the header as `split(",")` and then `split("=")` give them: the text before the first
  /// equals sign, and the text up to the second one.
  static func scriptPairs(_ header: String) -> [(key: Substring.UnicodeScalarView, value: String?)] {
    header.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let pieces = part.split(separator: "=", maxSplits: 2, omittingEmptySubsequences: false)
      return (pieces[0], pieces.count > 1 ? String(pieces[1]) : nil)
    }
  }

  /// The value of the last pair called `name`; the outer nil says that there is none.
  static func last(
    _ name: String, of pairs: [(key: Substring.UnicodeScalarView, value: String?)]
  ) -> String? {
    pairs.last { $0.key.elementsEqual(name.unicodeScalars) }?.value
  }
}
