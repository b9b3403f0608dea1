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
    return SampleInput.areEqual(input.codes.code(of: ScriptNumber.printed(t), asScript: true), received)
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
    var t: SampleInput.Text?
    var v1: SampleInput.Text = []
    for part in SampleInput.parts(header) {
      guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
        return .fails(.valueError, why: "dict() wants an equals sign in every part of the header")
      }
      let value = part[(equals + 1)...]
      if part[..<equals].elementsEqual("t".utf8) { t = value }
      if part[..<equals].elementsEqual("v1".utf8) { v1 = value }
    }
    let number = t.map { PythonInteger(String(decoding: $0, as: UTF8.self)) } ?? PythonInteger.zero
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
    return compare(v1, input.codes.hexCode(of: number.printed, asScript: false))
  }

  private static func compare(_ v1: SampleInput.Text, _ expected: [UInt8]) -> SampleResult {
    guard v1.allSatisfy({ $0 < 0x80 }) else {
      return .fails(.typeError, why: "compare_digest takes ASCII text only")
    }
    return SampleInput.areEqual(expected, Array(v1))
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
    let expected = input.codes.hexCode(of: t ?? "undefined", asScript: true)
    return SampleInput.areEqual(expected, received)
      ? .accepts : .rejects(why: "the last v1 is not the MAC of t as sent, a dot and the body as text")
  }
}

/// What a sample verifier is called with.
struct SampleInput {
  /// A part of a header, as UTF-8.
  typealias Text = ArraySlice<UInt8>

  /// The header as text, as the server hands it over.
  let header: String?
  let codes: SampleCodes
  let now: Timestamp

  init(header: String?, codes: SampleCodes, now: Timestamp) {
    (self.header, self.codes, self.now) = (header, codes, now)
  }

  init(header: String?, body: [UInt8], key: MACKey, now: Timestamp) {
    self.init(header: header, codes: SampleCodes(body: body, key: key), now: now)
  }

  /// What `Date.now() / 1000` gives: whole milliseconds.
  var scriptSeconds: Double { (Double(now.microseconds) / 1000).rounded(.down) / 1000 }

  /// How far `t` may be off before every sample calls it stale, in seconds.
  static let tolerance = 300.0

  /// Whether both are the same, in a time that does not tell where they differ.
  static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    ConstantTime.areEqual(left, right)
  }

  /// What is between the commas of a header. It is taken apart as bytes, since none of a longer character is a comma.
  static func parts(_ header: String) -> [Text] {
    Array(header.utf8).split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
  }

  /// The parts of the header as `split(",")` and then `split("=")` give them: the text before the first
  /// equals sign, and the text up to the second one.
  static func scriptPairs(_ header: String) -> [(key: Text, value: Text?)] {
    parts(header).map { part in
      let equals = UInt8(ascii: "=")
      guard let first = part.firstIndex(of: equals) else { return (part, nil) }
      let rest = part[(first + 1)...]
      return (part[..<first], rest[..<(rest.firstIndex(of: equals) ?? rest.endIndex)])
    }
  }

  /// Returns the value of the last pair with this name; nil if there is none, or it has no value.
  static func last(_ name: String, of pairs: [(key: Text, value: Text?)]) -> String? {
    pairs.last { $0.key.elementsEqual(name.utf8) }?.value.map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The codes that samples make of one body with one key: where several make the same, it is made once.
final class SampleCodes {
  private let body: [UInt8]
  private let key: MACKey
  /// The body after a round trip through a JavaScript string, which replaces invalid UTF-8 with U+FFFD; nil if that
  /// changes nothing.
  private let scriptBody: [UInt8]?
  private var known: [(time: [UInt8], isOfScript: Bool, code: [UInt8])] = []

  init(body: [UInt8], key: MACKey) {
    (self.body, self.key) = (body, key)
    scriptBody = body.isUTF8 ? nil : UTF8.repaired(body)
  }

  /// The code of `t`, a dot and the body; it goes no further than a comparison, and is empty where libcrypto could not
  /// make one.
  /// - Parameter asScript: whether the body has gone through a JavaScript string.
  func code(of t: String, asScript: Bool) -> [UInt8] {
    let (time, isOfScript) = (Array(t.utf8), asScript && scriptBody != nil)
    if let known = known.first(where: { $0.isOfScript == isOfScript && $0.time == time }) {
      return known.code
    }
    let code = key.digest([time + [UInt8(ascii: ".")], isOfScript ? scriptBody ?? body : body]) ?? []
    known.append((time, isOfScript, code))
    return code
  }

  /// The same in lower-case hexadecimal digits.
  func hexCode(of t: String, asScript: Bool) -> [UInt8] { Hex.digits(of: code(of: t, asScript: asScript)) }
}
