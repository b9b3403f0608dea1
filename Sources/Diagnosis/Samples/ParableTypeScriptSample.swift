internal import JSON

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
