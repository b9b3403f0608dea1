internal import JSON

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
    let time = readParts(of: text)
    readTimestamp(time, in: text)
    if v1Count == 0 { note(.noV1, at: text.count) }
  }

  /// Reads the parts between the commas in one pass; gives those that are called `t`.
  private mutating func readParts(of text: [UInt8]) -> TimeParts {
    var time = TimeParts()
    var start = 0
    while start <= text.count {
      var end = start
      while end < text.count, text[end] != UInt8(ascii: ",") { end += 1 }
      let part = Part(start..<end, in: text)
      if let found = part.fault, fault == nil { fault = found }
      switch part.kind {
      case .time: time.add(part)
      case .signature: readSignature(text[part.value])
      case .other: break
      }
      start = end + 1
    }
    return time
  }

  private mutating func readTimestamp(_ time: TimeParts, in text: [UInt8]) {
    guard let first = time.first else { return note(.noT, at: text.count) }
    guard time.second == nil else { return note(.tRepeated, at: time.second ?? 0) }
    guard let seconds = Self.canonicalDecimal(text[first]) else {
      return note(.tNotCanonicalDecimal, at: first.lowerBound)
    }
    timestampText = Array(text[first])
    timestamp = seconds
  }

  private mutating func readSignature(_ value: ArraySlice<UInt8>) {
    v1Count += 1
    if let mac = MAC(lowercaseHex: value) {
      candidates.append(mac)
    } else if unusable == nil {
      let isHex = value.count == 64 && value.allSatisfy { $0.hexDigit != nil }
      let bad = value.firstIndex { $0.lowercaseHexDigit == nil }
      // Where all are digits, the 65th is too much or the one after the last is missing.
      let end = value.prefix(64).endIndex
      unusable = Fault(reason: isHex ? .v1NotLowercaseHex : .v1Not64Hex, offset: bad ?? end)
    }
  }

  private mutating func note(_ reason: Verdict.Reason, at offset: Int) {
    if fault == nil { fault = Fault(reason: reason, offset: offset) }
  }
}

extension SignatureHeader {
  /// Where the values of the parts called `t` stand, as far as it matters.
  private struct TimeParts {
    var first: Range<Int>?
    /// Where the second one's name begins.
    var second: Int?

    mutating func add(_ part: Part) {
      if first == nil {
        first = part.value
      } else if second == nil {
        second = part.start
      }
    }
  }

  /// One `key=value` between two commas, as places in the text: nothing is copied, for it is read at each delivery.
  private struct Part {
    enum Kind {
      case time, signature, other

      init(_ name: ArraySlice<UInt8>) {
        self =
          if name.elementsEqual("t".utf8) {
            .time
          } else if name.elementsEqual("v1".utf8) {
            .signature
          } else {
            .other
          }
      }
    }

    let start: Int
    let kind: Kind
    let value: Range<Int>
    let fault: Fault?

    init(_ place: Range<Int>, in text: [UInt8]) {
      let equals = text[place].firstIndex(of: UInt8(ascii: "="))
      let key = text[place.lowerBound..<(equals ?? place.upperBound)]
      start = place.lowerBound
      kind = Kind(key)
      value = equals.map { $0 + 1..<place.upperBound } ?? 0..<0
      fault = equals == nil ? Fault(reason: .partWithoutEquals, offset: start) : Self.spaceFault(in: key)
    }

    private static func spaceFault(in key: ArraySlice<UInt8>) -> Fault? {
      guard let first = key.first, let last = key.last, first.isSpaceOrTab || last.isSpaceOrTab else {
        return nil
      }
      let name = key.trimmingSpaces
      guard Kind(name) != .other else { return nil }
      return Fault(
        reason: .spaceAroundKey, offset: name.startIndex > key.startIndex ? key.startIndex : name.endIndex)
    }
  }

  private static func trimmed(_ value: some Collection<UInt8>) -> [UInt8] {
    let all = Array(value)
    let text = all[...].trimmingSpaces
    return text.count == all.count ? all : Array(text)
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
