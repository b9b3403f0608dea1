import Webhooks

/// The signature header read a second time, by the rules alone and as simply as they can be written down.
struct ReferenceHeader {
  private(set) var fault: Verdict.Reason?
  private(set) var time: [UInt8]?
  /// The usable `v1`, as their digits.
  private(set) var signatures: [[UInt8]] = []
  private(set) var signatureCount = 0
  private(set) var unusable: Verdict.Reason?

  init(_ value: [UInt8]) {
    let text = Self.trimmed(value[...])
    let parts = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Self.halves)
    readSignatures(parts)
    let times = parts.filter { $0.key == Array("t".utf8) }.map { $0.value ?? [] }
    if times.count == 1, Self.isCanonical(times[0]) { time = times[0] }
    fault =
      if text.isEmpty {
        .headerEmpty
      } else if let part = parts.compactMap(Self.structuralFault).first {
        part
      } else if times.isEmpty {
        .noT
      } else if times.count > 1 {
        .tRepeated
      } else if time == nil {
        .tNotCanonicalDecimal
      } else {
        signatureCount == 0 ? .noV1 : nil
      }
  }

  private mutating func readSignatures(_ parts: [(key: [UInt8], value: [UInt8]?)]) {
    for part in parts where part.key == Array("v1".utf8) {
      let value = part.value ?? []
      signatureCount += 1
      let lower = Set("0123456789abcdef".utf8)
      let any = lower.union("ABCDEF".utf8)
      if value.count == 64, value.allSatisfy(lower.contains) {
        signatures.append(value)
      } else if unusable == nil {
        unusable = value.count == 64 && value.allSatisfy(any.contains) ? .v1NotLowercaseHex : .v1Not64Hex
      }
    }
  }

  private static func halves(_ part: ArraySlice<UInt8>) -> (key: [UInt8], value: [UInt8]?) {
    let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
    return (Array(halves[0]), halves.count == 2 ? Array(halves[1]) : nil)
  }

  private static func structuralFault(_ part: (key: [UInt8], value: [UInt8]?)) -> Verdict.Reason? {
    if part.value == nil { return .partWithoutEquals }
    let name = trimmed(part.key[...])
    let isOurs = name.elementsEqual("t".utf8) || name.elementsEqual("v1".utf8)
    return isOurs && name.count < part.key.count ? .spaceAroundKey : nil
  }

  private static func isCanonical(_ text: [UInt8]) -> Bool {
    (1...15).contains(text.count) && text[0] != UInt8(ascii: "0")
      && text.allSatisfy(Set("0123456789".utf8).contains)
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    guard let first = text.firstIndex(where: { !isBlank($0) }) else { return [] }
    return text[first...(text.lastIndex { !isBlank($0) } ?? first)]
  }
}
