internal import Webhooks

/// The model of the Python verifier in Parlay's documentation.
///
/// The last `t` and `v1` win; `t` goes through `int` and is printed again for the signed text, over the raw
/// bytes of the body; what does not fit raises instead of being turned away.
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
