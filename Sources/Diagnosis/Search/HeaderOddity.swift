/// Something about a signature header that a strict reader does not take and a lenient one may.
public enum HeaderOddity: Sendable, Equatable {
  case uppercase
  case space
  case quotes
  case base64
  case cutShort(digits: Int)
  case trailingText
  /// The name of an algorithm, or a stray sign, in front of the digest.
  case prefix(String)
  /// The digest stands under another key than `v1`; the key is shortened and printable.
  case otherKey(String)
  case severalV1(Int)
  case v0
  case partWithoutEquals
  case separator
  /// `t` is not plain unix seconds.
  case oddTime
  case severalTimes

  /// The oddity in a few words.
  var words: String {
    switch self {
    case .uppercase: "the digits are in upper case"
    case .space: "there is white space around a part"
    case .quotes: "there are quotes around it"
    case .base64: "v1 is in base64 instead of hexadecimal"
    case .cutShort(let digits): "v1 is cut off after \(digits) of 64 digits"
    case .trailingText: "text follows the 64 digits of v1"
    case .prefix(let prefix): "\(prefix) stands in front of the digest"
    case .otherKey(let key):
      key.isEmpty ? "the digest has no v1= in front" : "the digest is called \(key), not v1"
    case .severalV1(let count): "it holds \(count) v1"
    case .v0: "it holds a v0 beside v1"
    case .partWithoutEquals: "one of its parts has no equals sign"
    case .separator: "its parts are not separated by commas"
    case .oddTime: "t is not plain unix seconds"
    case .severalTimes: "it holds more than one t"
    }
  }
}
