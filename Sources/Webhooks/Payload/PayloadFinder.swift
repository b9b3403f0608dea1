import Glibc

/// Finds one byte after the other in a body, letters in both cases, each stretch read once per case.
struct PayloadFinder {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let lower: UInt8
  private let upper: UInt8
  /// The next place of each case that is known; the count of bytes where there is no more.
  private var nextLower: Int
  private var nextUpper: Int

  /// A finder for `byte`, in lower case, in `bytes`, which must outlive it.
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ byte: UInt8) {
    self.bytes = bytes
    lower = byte
    let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
    upper = isLetter ? byte & ~0x20 : byte
    nextLower = -1
    nextUpper = isLetter ? -1 : bytes.count
  }

  /// The first place at `from` or later; `from` never goes back.
  @inline(__always)
  mutating func next(from: Int) -> Int? {
    if nextLower < from { nextLower = find(lower, from: from) }
    if nextUpper < from { nextUpper = find(upper, from: from) }
    let next = min(nextLower, nextUpper)
    return next < bytes.count ? next : nil
  }

  @inline(__always)
  private func find(_ byte: UInt8, from: Int) -> Int {
    guard from < bytes.count, let base = UnsafeRawPointer(bytes.baseAddress) else { return bytes.count }
    guard let found = memchr(base + from, Int32(byte), bytes.count - from) else { return bytes.count }
    return base.distance(to: UnsafeRawPointer(found))
  }
}
