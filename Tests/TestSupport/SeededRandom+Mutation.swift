extension SeededRandom {
  /// Input for a reader: mostly one of `seeds` changed in a few places, now and then as it is, or noise.
  /// - Parameters:
  ///   - pieces: what means something to the reader, and is put in and cut off with preference.
  ///   - longest: in bytes.
  public mutating func input(like seeds: [[UInt8]], pieces: [[UInt8]], longest: Int = 4096) -> [UInt8] {
    switch number(below: 24) {
    case 0: return bytes(count: number(below: 64))
    case 1: return (0..<number(below: 24)).flatMap { _ in pick(pieces) }
    case 2: return pick(seeds)
    default:
      let changed = mutated(pick(seeds), seeds: seeds, pieces: pieces)
      return changed.count <= longest ? changed : Array(changed.prefix(longest))
    }
  }

  /// `bytes` with one to six changes, few more often than many.
  public mutating func mutated(_ bytes: [UInt8], seeds: [[UInt8]], pieces: [[UInt8]]) -> [UInt8] {
    var bytes = bytes
    repeat {
      change(&bytes, seeds: seeds, pieces: pieces)
    } while !isOne(in: 2)
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], seeds: [[UInt8]], pieces: [[UInt8]]) {
    let place = number(below: bytes.count + 1)
    guard !bytes.isEmpty else { return bytes = pick(pieces) }
    switch number(below: 9) {
    case 0: bytes[number(below: bytes.count)] ^= 1 << UInt8(number(below: 8))
    case 1: bytes[number(below: bytes.count)] = UInt8(truncatingIfNeeded: next())
    case 2, 3: bytes.insert(contentsOf: pick(pieces), at: place)
    case 4: bytes.replaceSubrange(range(of: bytes), with: pick(pieces))
    case 5: bytes.removeSubrange(range(of: bytes))
    case 6: bytes.insert(contentsOf: bytes[range(of: bytes, longest: 80)], at: place)
    case 7: bytes.removeSubrange(place...)
    default: splice(&bytes, with: pick(seeds), at: place)
    }
  }

  /// Goes on from `place` with the end of another input.
  private mutating func splice(_ bytes: inout [UInt8], with other: [UInt8], at place: Int) {
    bytes.replaceSubrange(place..., with: other[number(below: other.count + 1)...])
  }

  /// `bytes` cut into pieces, in order: as one, byte by byte, or anyhow.
  public mutating func chunks(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    guard !bytes.isEmpty else { return [] }
    let longest = pick([bytes.count, 1, 4, 40, 400])
    var chunks: [ArraySlice<UInt8>] = []
    var start = 0
    while start < bytes.count {
      let end = longest == bytes.count ? longest : min(bytes.count, start + 1 + number(below: longest))
      chunks.append(bytes[start..<end])
      start = end
    }
    return chunks
  }
}
