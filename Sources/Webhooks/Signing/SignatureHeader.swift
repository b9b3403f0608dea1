/// A provider's signature header taken apart: `t=<unix seconds>,v1=<hex hmac>[,v1=…]`.
///
/// Reading never fails: what is wrong stands in `fault`, beside the parts that could be read.
public struct SignatureHeader: Sendable {
  /// What is wrong with a header, and at which byte of its trimmed value.
  public struct Fault: Sendable, Equatable {
    public let reason: Verdict.Reason
    public let offset: Int
  }

  /// The text of `t` as it was signed; nil where there is not exactly one canonical `t`.
  public private(set) var timestampText: [UInt8]?
  /// `t` in unix seconds.
  public private(set) var timestamp: Int64?
  /// The `v1` entries that are 64 lower-case hexadecimal digits.
  public private(set) var candidates: [MAC] = []
  /// How many `v1` entries stand in the header, usable or not.
  public private(set) var v1Count = 0
  /// The first thing that makes the header malformed, whatever its signatures say.
  public private(set) var fault: Fault?
  /// The first `v1` that can't be used; it counts only where no other one matches.
  public private(set) var unusable: Fault?

  /// Takes apart a header's value; spaces and tabs at its ends do not belong to it.
  public init(_ value: some Collection<UInt8>) {
    let text = Self.trimmed(value)
    guard !text.isEmpty else {
      fault = Fault(reason: .headerEmpty, offset: 0)
      return
    }
    let parts = Self.parts(of: text)
    fault = parts.lazy.compactMap(\.fault).first
    readTimestamp(parts.filter { $0.key.elementsEqual("t".utf8) }, end: text.count)
    readSignatures(parts.filter { $0.key.elementsEqual("v1".utf8) }, end: text.count)
  }

  private mutating func readTimestamp(_ parts: [Part], end: Int) {
    guard let part = parts.first else {
      note(.noT, at: end)
      return
    }
    guard parts.count == 1 else {
      note(.tRepeated, at: parts[1].key.startIndex)
      return
    }
    guard let seconds = Self.canonicalDecimal(part.value) else {
      note(.tNotCanonicalDecimal, at: part.value.startIndex)
      return
    }
    timestampText = Array(part.value)
    timestamp = seconds
  }

  private mutating func readSignatures(_ parts: [Part], end: Int) {
    v1Count = parts.count
    if parts.isEmpty { note(.noV1, at: end) }
    for part in parts {
      if let mac = MAC(lowercaseHex: part.value) {
        candidates.append(mac)
      } else if unusable == nil {
        let isHex = part.value.count == 64 && part.value.allSatisfy { $0.hexDigit != nil }
        let bad = part.value.firstIndex { $0.lowercaseHexDigit == nil }
        // Where all are digits, the 65th is too much or the one after the last is missing.
        let end = part.value.prefix(64).endIndex
        unusable = Fault(reason: isHex ? .v1NotLowercaseHex : .v1Not64Hex, offset: bad ?? end)
      }
    }
  }

  private mutating func note(_ reason: Verdict.Reason, at offset: Int) {
    if fault == nil { fault = Fault(reason: reason, offset: offset) }
  }
}

extension SignatureHeader {
  /// One `key=value` between two commas.
  private struct Part {
    let key: ArraySlice<UInt8>
    let value: ArraySlice<UInt8>
    let fault: Fault?

    init(_ text: ArraySlice<UInt8>) {
      let equals = text.firstIndex(of: UInt8(ascii: "="))
      key = text[..<(equals ?? text.endIndex)]
      value = equals.map { text[($0 + 1)...] } ?? []
      let name = key.trimmingSpaces
      if equals == nil {
        fault = Fault(reason: .partWithoutEquals, offset: text.startIndex)
      } else if name.count < key.count, name.elementsEqual("t".utf8) || name.elementsEqual("v1".utf8) {
        let before = name.startIndex > key.startIndex
        fault = Fault(reason: .spaceAroundKey, offset: before ? key.startIndex : name.endIndex)
      } else {
        fault = nil
      }
    }
  }

  private static func parts(of text: [UInt8]) -> [Part] {
    text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(Part.init)
  }

  private static func trimmed(_ value: some Collection<UInt8>) -> [UInt8] {
    Array(Array(value)[...].trimmingSpaces)
  }

  /// The value of `[1-9][0-9]{0,14}`; nil for any other text.
  private static func canonicalDecimal(_ text: ArraySlice<UInt8>) -> Int64? {
    guard (1...15).contains(text.count), text.first != UInt8(ascii: "0") else { return nil }
    var value: Int64 = 0
    for byte in text {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    return value
  }
}

extension ArraySlice<UInt8> {
  /// The slice without the spaces and tabs at its ends.
  var trimmingSpaces: ArraySlice<UInt8> {
    var slice = self
    while let byte = slice.first, byte.isSpaceOrTab { slice = slice.dropFirst() }
    while let byte = slice.last, byte.isSpaceOrTab { slice = slice.dropLast() }
    return slice
  }
}
