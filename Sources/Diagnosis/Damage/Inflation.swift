/// Undoes deflate compression (RFC 1951), in a gzip (RFC 1952) or zlib (RFC 1950) wrapping.
///
/// It does not verify the checksum: the output is only a candidate, and whether the signature matches says more.
struct Inflation {
  /// The most bytes that come out of a body unless told otherwise: a small one must not fill the memory.
  static let limit = 256 << 10

  /// Why nothing came out.
  enum Fault: Error {
    /// It is not such a stream, or a damaged one.
    case broken
    /// More came out than the limit.
    case tooLarge
    /// Nobody waits for it any more.
    case cancelled
  }

  typealias IsCancelled = @Sendable () -> Bool

  /// How many bytes come out, or blocks begin, before it is asked again whether anybody waits for them.
  private static let bytesBetweenLooks = 64 << 10
  private static let blocksBetweenLooks = 64

  private let source: [UInt8]
  private let limit: Int
  private let isCancelled: IsCancelled
  private var at: Int
  private var bits: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private var blocks = 0
  /// How many bytes may come out before it is looked at the limit, and whether anybody waits.
  private var room: Int
  private var fault = Fault.broken

  /// Returns the contents of all members of a gzip file, or nil if `bytes` is not one or holds more than `limit` bytes.
  static func gunzipped(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    try? unzipped(bytes, limit: limit) { false }
  }

  /// The contents of a gzip file, all members of it.
  ///
  /// What follows the last member, such as zeros, is passed over.
  static func unzipped(
    _ bytes: [UInt8], limit: Int, isCancelled: @escaping IsCancelled
  ) throws(Fault) -> [UInt8] {
    guard let start = contents(ofMemberAt: 0, in: bytes) else { throw .broken }
    var inflation = Inflation(bytes, from: start, limit: limit, isCancelled)
    guard inflation.runMembers() else { throw inflation.fault }
    return inflation.output
  }

  /// Returns the first decompressed bytes of a gzip file, and whether that is the whole content; nil if the file is
  /// damaged before `limit`.
  static func beginning(ofGzip bytes: [UInt8], atMost limit: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    guard let start = contents(ofMemberAt: 0, in: bytes) else { return nil }
    var inflation = Inflation(bytes, from: start, limit: limit) { false }
    let isWhole = inflation.runMembers()
    return isWhole || inflation.fault == .tooLarge ? (inflation.output, isWhole) : nil
  }

  /// The same of the deflate stream that begins at `start`.
  static func beginning(
    of bytes: [UInt8], from start: Int, atMost limit: Int
  ) -> (bytes: [UInt8], isWhole: Bool)? {
    var inflation = Inflation(bytes, from: start, limit: limit) { false }
    let isWhole = inflation.run()
    return isWhole || inflation.fault == .tooLarge ? (inflation.output, isWhole) : nil
  }

  /// Appends what all members of a gzip file hold; false if one is broken, or they hold too much.
  private mutating func runMembers() -> Bool {
    while run() {
      // A checksum and a size of four bytes each end a member.
      guard let next = Self.contents(ofMemberAt: at + 8, in: source) else { return true }
      restart(at: next)
    }
    return false
  }

  /// Returns where the compressed bytes of the gzip member at `start` begin, or nil if there is no member.
  private static func contents(ofMemberAt start: Int, in bytes: [UInt8]) -> Int? {
    guard bytes.count - start > 18, bytes[start...].starts(with: [0x1F, 0x8B, 8]) else { return nil }
    let flags = bytes[start + 3]
    var at = start + 10
    if flags & 4 != 0 { at += 2 + Int(bytes[at]) + Int(bytes[at + 1]) << 8 }
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      guard at < bytes.count, let end = bytes[at...].firstIndex(of: 0) else { return nil }
      at = end + 1
    }
    if flags & 2 != 0 { at += 2 }
    return at
  }

  /// Whether `bytes` begin as a zlib stream does.
  static func isZlib(_ bytes: [UInt8]) -> Bool {
    bytes.count > 6 && bytes[0] & 0x0F == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
      && bytes[1] & 0x20 == 0
  }

  /// The contents of a zlib stream.
  static func zlibInflated(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    isZlib(bytes) ? try? raw(bytes, from: 2, limit: limit) { false } : nil
  }

  /// The contents of a deflate stream without any wrapping.
  static func inflated(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    let output = try? raw(bytes, from: 0, limit: limit) { false }
    return output?.isEmpty == false ? output : nil
  }

  /// The contents of the deflate stream that begins at `start`.
  static func raw(
    _ bytes: [UInt8], from start: Int, limit: Int, isCancelled: @escaping IsCancelled
  ) throws(Fault) -> [UInt8] {
    var inflation = Inflation(bytes, from: start, limit: limit, isCancelled)
    guard inflation.run() else { throw inflation.fault }
    return inflation.output
  }

  private init(_ source: [UInt8], from start: Int, limit: Int, _ isCancelled: @escaping IsCancelled) {
    self.source = source
    self.limit = limit
    self.isCancelled = isCancelled
    room = min(limit, Self.bytesBetweenLooks)
    at = start
  }

  /// Whether so many bytes more may come out; where not, `fault` says why.
  private mutating func hasRoom(for count: Int) -> Bool {
    if output.count + count <= room { return true }
    guard output.count + count <= limit else {
      fault = .tooLarge
      return false
    }
    room = min(limit, output.count + count + Self.bytesBetweenLooks)
    return isAwaited()
  }

  private mutating func isAwaited() -> Bool {
    guard isCancelled() else { return true }
    fault = .cancelled
    return false
  }

  private mutating func restart(at start: Int) {
    at = start
    bits = 0
    bitCount = 0
  }

  /// Appends what one compressed stream holds; false if it is broken or too much.
  private mutating func run() -> Bool {
    while true {
      blocks += 1
      if blocks.isMultiple(of: Self.blocksBetweenLooks), !isAwaited() { return false }
      guard let isLast = take(1), let kind = take(2) else { return false }
      let isRead: Bool =
        switch kind {
        case 0: copyStored()
        case 1: decode(DeflateTables.fixedLengths, DeflateTables.fixedDistances)
        case 2: decodeDynamic()
        default: false
        }
      guard isRead else { return false }
      if isLast == 1 { return true }
    }
  }

  private mutating func take(_ count: Int) -> Int? {
    while bitCount < count {
      guard at < source.count else { return nil }
      bits |= UInt32(source[at]) << UInt32(bitCount)
      bitCount += 8
      at += 1
    }
    let value = bits & (1 << UInt32(count) - 1)
    bits >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func copyStored() -> Bool {
    bits = 0
    bitCount = 0
    guard at + 4 <= source.count else { return false }
    let count = Int(source[at]) | Int(source[at + 1]) << 8
    at += 4
    guard at + count <= source.count, hasRoom(for: count) else { return false }
    output += source[at..<at + count]
    at += count
    return true
  }

  private mutating func decodeDynamic() -> Bool {
    guard let lengths = take(5), let distances = take(5), let codes = take(4) else { return false }
    var codeLengths = [Int](repeating: 0, count: 19)
    for place in DeflateTables.codeOrder.prefix(codes + 4) {
      guard let length = take(3) else { return false }
      codeLengths[place] = length
    }
    guard let all = readLengths(lengths + 257 + distances + 1, with: HuffmanCode(codeLengths)) else {
      return false
    }
    return decode(HuffmanCode(all.prefix(lengths + 257)), HuffmanCode(all.suffix(distances + 1)))
  }

  private mutating func readLengths(_ count: Int, with code: HuffmanCode) -> [Int]? {
    var lengths: [Int] = []
    while lengths.count < count {
      guard let symbol = next(code) else { return nil }
      switch symbol {
      case 0...15: lengths.append(symbol)
      case 16:
        guard let last = lengths.last, let more = take(2) else { return nil }
        lengths += repeatElement(last, count: 3 + more)
      default:
        guard let more = take(symbol == 17 ? 3 : 7) else { return nil }
        lengths += repeatElement(0, count: (symbol == 17 ? 3 : 11) + more)
      }
    }
    return lengths.count == count ? lengths : nil
  }

  private mutating func decode(_ lengths: HuffmanCode, _ distances: HuffmanCode) -> Bool {
    while let symbol = next(lengths) {
      switch symbol {
      case 256: return true
      case 0..<256:
        guard hasRoom(for: 1) else { return false }
        output.append(UInt8(symbol))
      case 257..<286:
        guard copyBack(symbol - 257, distances) else { return false }
      default: return false
      }
    }
    return false
  }

  private mutating func copyBack(_ symbol: Int, _ distances: HuffmanCode) -> Bool {
    guard let more = take(DeflateTables.lengthBits[symbol]), let place = next(distances),
      place < 30, let further = take(DeflateTables.distanceBits[place])
    else { return false }
    let count = DeflateTables.lengths[symbol] + more
    let distance = DeflateTables.distances[place] + further
    guard distance <= output.count, hasRoom(for: count) else { return false }
    for _ in 0..<count { output.append(output[output.count - distance]) }
    return true
  }

  private mutating func next(_ code: HuffmanCode) -> Int? {
    var walk = HuffmanCode.Walk()
    while let bit = take(1) {
      if let symbol = code.symbol(after: bit, &walk) { return symbol }
      guard walk.length < 15 else { return nil }
    }
    return nil
  }
}
