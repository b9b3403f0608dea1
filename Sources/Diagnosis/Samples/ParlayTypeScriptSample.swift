internal import JSON

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
