internal import Glibc

/// A piece of received text: compared, hashed and sorted as the bytes it is, and made a `String` only to be drawn.
///
/// Swift compares strings by canonical equivalence: other bytes would count as equal, and combining marks in a row
/// would cost the square of their number. A byte string shares the storage of what it was cut out of, and keeps all
/// of that alive: what outlives its request takes a `copied` one.
public struct ByteString: Sendable {
  @usableFromInline let storage: [UInt8]
  // Offsets of 32 bits keep it at 16 bytes: every kept delivery holds several.
  @usableFromInline let start: UInt32
  @usableFromInline let end: UInt32

  /// The bytes of `storage` in `range`, which must lie within its first 4 GiB.
  @inlinable
  public init(_ storage: [UInt8], in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= storage.count)
    self.storage = storage
    start = UInt32(range.lowerBound)
    end = UInt32(range.upperBound)
  }

  @inlinable
  public init(_ bytes: [UInt8]) { self.init(bytes, in: 0..<bytes.count) }

  @inlinable
  public init(_ bytes: some Sequence<UInt8>) { self.init(Array(bytes)) }

  /// The UTF-8 of `text`.
  @inlinable
  public init(_ text: some StringProtocol) { self.init(Array(text.utf8)) }

  /// The same bytes in storage of their own.
  public var copied: ByteString { count == storage.count ? self : ByteString(Array(bytes)) }

  /// The bytes, in the storage that they are a part of.
  @inlinable
  public var bytes: ArraySlice<UInt8> { storage[Int(start)..<Int(end)] }

  /// The text to be drawn, what is not UTF-8 repaired with U+FFFD.
  public var text: String {
    withBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// Calls `body` with the bytes where they stand in memory.
  @inlinable
  public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    try storage.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[Int(start)..<Int(end)]))
    }
  }

  /// Returns the first `length` bytes, or all of them.
  public func cut(to length: Int) -> ByteString {
    ByteString(storage, in: Int(start)..<Swift.min(Int(end), Int(start) + length))
  }

  /// The text without the spaces and tabs at its ends.
  public var trimmingSpaces: ByteString {
    let rest = bytes.trimmingSpaces
    return ByteString(storage, in: rest.startIndex..<rest.endIndex)
  }

  /// Returns whether both are the same but for the case of ASCII letters, as HTTP compares field names.
  public func equalsIgnoringASCIICase(_ other: String) -> Bool {
    let other = other.utf8.span
    guard count == other.count else { return false }
    return withBytes { bytes in
      for index in bytes.indices where bytes[index] != other[index] {
        guard bytes[index].asciiLowercased == other[index].asciiLowercased else { return false }
      }
      return true
    }
  }
}

extension ByteString: RandomAccessCollection {
  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { Int(end - start) }
  @inlinable public subscript(position: Int) -> UInt8 {
    precondition(position >= 0 && position < endIndex)
    return storage[Int(start) + position]
  }

  @inlinable
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result? {
    try withBytes(body)
  }
}

extension ByteString: Hashable, Comparable {
  public static func == (left: ByteString, right: ByteString) -> Bool {
    guard left.count == right.count else { return false }
    return left.withBytes { own in
      right.withBytes { other in
        guard let mine = own.baseAddress, let theirs = other.baseAddress else { return true }
        return memcmp(mine, theirs, own.count) == 0
      }
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  public static func < (left: ByteString, right: ByteString) -> Bool {
    left.withBytes { own in
      right.withBytes { other in
        let shared = Swift.min(own.count, other.count)
        guard shared > 0, let mine = own.baseAddress, let theirs = other.baseAddress else {
          return own.count < other.count
        }
        let order = memcmp(mine, theirs, shared)
        return order == 0 ? own.count < other.count : order < 0
      }
    }
  }
}

extension ByteString {
  /// The same with ASCII letters in lower case, as header names are compared.
  public var asciiLowercased: ByteString { ByteString(map(\.asciiLowercased)) }
}

extension ByteString: ExpressibleByStringLiteral, CustomStringConvertible {
  public init(stringLiteral text: String) { self.init(Array(text.utf8)) }

  public var description: String { text }
}
