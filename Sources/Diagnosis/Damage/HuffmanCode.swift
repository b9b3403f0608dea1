/// A canonical Huffman code, given by the length of each symbol's bits.
struct HuffmanCode: Sendable {
  /// How far a code has been read.
  struct Walk {
    fileprivate(set) var length = 0
    fileprivate var code = 0
    fileprivate var first = 0
    fileprivate var index = 0
  }

  /// How many codes have each length, up to 15 bits.
  private var counts = [Int](repeating: 0, count: 16)
  private var symbols: [Int] = []

  init(_ lengths: some Collection<Int>) {
    for length in lengths where length > 0 { counts[length] += 1 }
    symbols = lengths.enumerated().filter { $0.element > 0 }.sorted {
      ($0.element, $0.offset) < ($1.element, $1.offset)
    }.map(\.offset)
  }

  /// The symbol that the code ends in with `bit`; nil if it goes on.
  func symbol(after bit: Int, _ walk: inout Walk) -> Int? {
    walk.length += 1
    walk.code |= bit
    let count = counts[walk.length]
    if walk.code - walk.first < count {
      return walk.code >= walk.first ? symbols[walk.index + walk.code - walk.first] : nil
    }
    walk.index += count
    walk.first = (walk.first + count) << 1
    walk.code <<= 1
    return nil
  }
}

/// The constants of RFC 1951.
enum DeflateTables {
  static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  static let lengths = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227, 258,
  ]
  static let distanceBits = (0..<30).map { max(0, $0 / 2 - 1) }
  static let distances = (0..<30).reduce(into: [Int]()) { starts, place in
    starts.append(place == 0 ? 1 : (starts.last ?? 1) + 1 << max(0, (place - 1) / 2 - 1))
  }
  static let fixedLengths = HuffmanCode(
    (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  static let fixedDistances = HuffmanCode(repeatElement(5, count: 30))
}
