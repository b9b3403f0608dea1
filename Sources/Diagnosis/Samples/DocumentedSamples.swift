internal import JSON
internal import Webhooks

/// The model of the TypeScript verifier in Parlay's documentation.
///
/// The last `t` and `v1` win; `t` goes through `Number` and is printed again for the signed text; `v1` is
/// decoded by Node's lenient hex decoder, and a digest of the wrong size throws.
enum ParlayTypeScriptSample {
  static func result(_ input: SampleInput) -> SampleResult {
    guard let header = input.header else { return .fails(.typeError, why: "the header is not there") }
    let pairs = SampleInput.scriptPairs(header)
    let t = SampleInput.last("t", of: pairs).map(ScriptNumber.parsed) ?? .nan
    guard !t.isNaN, t != 0 else { return .rejects(why: "Number() makes no time of t") }
    guard let v1 = SampleInput.last("v1", of: pairs), !v1.isEmpty else {
      return .rejects(why: "the last v1 is empty or not there")
    }
    guard abs(input.scriptSeconds - t) <= SampleInput.tolerance else {
      return .rejects(why: "t is more than 300 s off")
    }
    let received = NodeHex.decoded(v1)
    guard received.count == 32 else {
      return .fails(.rangeError, why: "v1 decodes to \(received.count) bytes and timingSafeEqual wants 32")
    }
    let expected = NodeHex.decoded(
      String(decoding: input.expected(ScriptNumber.printed(t), body: input.scriptBody), as: UTF8.self))
    return SampleInput.areEqual(expected, received)
      ? .accepts : .rejects(why: "the last v1 is not the MAC of t as a number, a dot and the body as text")
  }
}

/// The model of the Python verifier in Parlay's documentation.
///
/// The last `t` and `v1` win; `t` goes through `int` and is printed again for the signed text, over the raw
/// bytes of the body; what does not fit raises instead of being rejected.
enum ParlayPythonSample {
  static func result(_ input: SampleInput) -> SampleResult {
    guard let header = input.header else { return .fails(.attributeError, why: "the header is not there") }
    let parts = header.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false)
    var t: String?
    var v1 = ""
    for part in parts {
      guard let equals = part.firstIndex(of: "=") else {
        return .fails(.valueError, why: "dict() wants an equals sign in every part of the header")
      }
      let value = String(part[part.index(after: equals)...])
      if part[..<equals].elementsEqual("t".unicodeScalars) { t = value }
      if part[..<equals].elementsEqual("v1".unicodeScalars) { v1 = value }
    }
    let number = t.map(PythonInteger.init) ?? PythonInteger.zero
    guard let number else { return .fails(.valueError, why: "int() can't read t") }
    guard !number.isZero, !v1.isEmpty else {
      return .rejects(why: "t is 0 or not there, or v1 is empty or not there")
    }
    guard let seconds = number.seconds else {
      return .fails(.overflowError, why: "t is too large to be taken from the time")
    }
    guard abs(input.now.seconds - seconds) <= SampleInput.tolerance else {
      return .rejects(why: "t is more than 300 s off")
    }
    return compare(v1, input.expected(number.printed, body: input.body))
  }

  private static func compare(_ v1: String, _ expected: [UInt8]) -> SampleResult {
    guard v1.utf8.allSatisfy({ $0 < 0x80 }) else {
      return .fails(.typeError, why: "compare_digest takes ASCII text only")
    }
    return SampleInput.areEqual(expected, Array(v1.utf8))
      ? .accepts : .rejects(why: "the last v1 is not the MAC of t as a number, a dot and the raw body")
  }
}

/// The model of the TypeScript verifier in Parable's documentation.
///
/// A `t` that is not a number passes the check of its age, since no comparison with NaN is true; the signed
/// text holds `t` as it was sent; `v1` is compared as text.
enum ParableTypeScriptSample {
  static func result(_ input: SampleInput) -> SampleResult {
    guard let header = input.header else { return .fails(.typeError, why: "the header is not there") }
    let pairs = SampleInput.scriptPairs(header)
    let t = SampleInput.last("t", of: pairs)
    let seconds = t.map(ScriptNumber.parsed) ?? .nan
    if abs(input.scriptSeconds - seconds) > SampleInput.tolerance {
      return .rejects(why: "t is more than 300 s off")
    }
    guard let v1 = SampleInput.last("v1", of: pairs) else {
      return .fails(.typeError, why: "it reads the length of a v1 that is not there")
    }
    guard v1.utf16.count == 64 else { return .rejects(why: "the last v1 is not 64 characters long") }
    let received = Array(v1.utf8)
    guard received.count == 64 else {
      return .fails(
        .rangeError, why: "v1 has 64 characters but \(received.count) bytes, and timingSafeEqual wants 64")
    }
    let expected = input.expected(t ?? "undefined", body: input.scriptBody)
    return SampleInput.areEqual(expected, received)
      ? .accepts : .rejects(why: "the last v1 is not the MAC of t as sent, a dot and the body as text")
  }
}

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

  /// The lower-case hexadecimal MAC of `t`, a dot and the body; it goes no further than a comparison, and is empty
  /// where libcrypto could not make one.
  func expected(_ t: String, body: [UInt8]) -> [UInt8] {
    Array(Hex.text(key.digest([Array((t + ".").utf8), body]) ?? []).utf8)
  }

  /// The body after it went through a JavaScript string: what is not UTF-8 becomes U+FFFD.
  var scriptBody: [UInt8] { UTF8.repaired(body) ?? body }

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
