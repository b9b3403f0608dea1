internal import Glibc

/// Compresses a body again as its sender may have done it, where the compressed bytes were signed.
///
/// The system's zlib makes them, which most senders use as well; where it is not installed, none can be tried.
enum Recompression {
  /// How a program writes the head of a gzip file.
  private struct Head {
    /// That of zlib: 6 where the program says nothing.
    let level: Int32
    /// What the head says of the level, and of the system it was made on.
    let (extra, system): (UInt8, UInt8)
    /// Whether it says when it was made.
    var isTimed = false
  }

  /// Those of Node, PHP and Python's zlib; Java; Java before 16; .NET; Python's gzip; Ruby; and with other levels.
  private static let heads = [
    Head(level: 6, extra: 0, system: 3), Head(level: 6, extra: 0, system: 255),
    Head(level: 6, extra: 0, system: 0), Head(level: 6, extra: 0, system: 10),
    Head(level: 9, extra: 2, system: 255, isTimed: true), Head(level: 6, extra: 0, system: 3, isTimed: true),
    Head(level: 9, extra: 2, system: 3), Head(level: 9, extra: 2, system: 255),
    Head(level: 1, extra: 4, system: 3), Head(level: 1, extra: 4, system: 255),
  ]

  static var isAvailable: Bool { compress != nil }

  /// Hands each compressed form of `body` to `visit`, until that says to stop; gives whether it did.
  /// - Parameter second: the unix time in seconds at which it was signed, about which it was compressed.
  static func visit(_ body: [UInt8], second: Int64?, _ visit: (BodyWrapping, [UInt8]) -> Bool) -> Bool {
    var streams: [Int32: [UInt8]] = [:]
    for level: Int32 in [6, 9, 1] { streams[level] = zlib(body, level: level) }
    let checksum = Deflation.checksum(body)
    let seconds = second.map { [$0, $0 - 1, $0 + 1] } ?? []
    for head in heads {
      guard let stream = streams[head.level] else { return false }
      for second in head.isTimed ? seconds : [0] {
        let time = Deflation.littleEndian(UInt32(truncatingIfNeeded: second))
        let file =
          [0x1F, 0x8B, 8, 0] + time + [head.extra, head.system] + raw(stream)
          + Deflation.littleEndian(checksum) + Deflation.littleEndian(UInt32(truncatingIfNeeded: body.count))
        if visit(.gzipRemoved, file) { return true }
      }
    }
    return [6, 9, 1].contains { level in
      streams[level].map { visit(.deflateRemoved, $0) || visit(.deflateRemoved, Array(raw($0))) } ?? false
    }
  }

  /// A zlib stream without its head and its checksum.
  private static func raw(_ stream: [UInt8]) -> ArraySlice<UInt8> { stream.dropFirst(2).dropLast(4) }

  private typealias Compress =
    @convention(c) (
      UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt>?, UnsafePointer<UInt8>?, UInt, Int32
    ) -> Int32

  private static let compress = SystemDecompressor.function("libz.so.1", "compress2", as: Compress.self)

  /// The body as a zlib stream; nil if the library is missing.
  private static func zlib(_ body: [UInt8], level: Int32) -> [UInt8]? {
    guard let compress else { return nil }
    // What can't be made smaller is stored in blocks, which adds some bytes to each 16 KiB.
    let room = body.count + body.count / 1000 + 64
    var isDone = false
    let stream = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      var size = UInt(room)
      isDone = compress(buffer.baseAddress, &size, body, UInt(body.count), level) == 0
      count = isDone ? Int(size) : 0
    }
    return isDone ? stream : nil
  }
}
