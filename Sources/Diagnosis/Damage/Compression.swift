internal import Glibc

/// Wraps bytes as deflate compression does, without making them smaller: RFC 1951's stored blocks.
enum Deflation {
  /// The bytes as a gzip file (RFC 1952).
  static func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF] + stored(bytes) + littleEndian(checksum(bytes))
      + littleEndian(UInt32(truncatingIfNeeded: bytes.count))
  }

  /// The bytes as a zlib stream (RFC 1950).
  static func zlibDeflated(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return [0x78, 0x01] + stored(bytes) + littleEndian(high << 16 | low).reversed()
  }

  /// The bytes as a deflate stream without a wrapping.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var rest = bytes[...]
    repeat {
      let block = rest.prefix(0xFFFF)
      rest = rest.dropFirst(block.count)
      output.append(rest.isEmpty ? 1 : 0)
      let size = UInt32(block.count)
      output += littleEndian(size | ~size << 16)
      output += block
    } while !rest.isEmpty
    return output
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum: UInt32 = .max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~sum
  }

  static func littleEndian(_ value: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

/// Brotli and zstd, by the run-time libraries of the system where it has them; building takes neither.
enum SystemDecompressor {
  private typealias Brotli =
    @convention(c) (
      Int, UnsafePointer<UInt8>?, UnsafeMutablePointer<Int>?, UnsafeMutablePointer<UInt8>?
    ) -> Int32
  private typealias Zstd =
    @convention(c) (
      UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int
    ) -> Int

  private static let brotliFunction = function(
    "libbrotlidec.so.1", "BrotliDecoderDecompress", as: Brotli.self)
  private static let zstdFunction = function("libzstd.so.1", "ZSTD_decompress", as: Zstd.self)

  /// A function of a library of the system; nil if it is not installed.
  static func function<Signature>(
    _ library: String, _ name: String, as type: Signature.Type
  ) -> Signature? {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, name) else {
      return nil
    }
    return unsafeBitCast(symbol, to: type)
  }

  /// Why nothing came out.
  enum Fault: Error {
    case broken, tooLarge, noLibrary
  }

  /// Returns what a brotli stream holds, or nil if it is not one, holds more than `limit` bytes, or the library is missing.
  static func brotli(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    try? unbrotli(bytes, limit: min(limit, bytes.count * 1024 + 1024))
  }

  /// What a brotli stream holds.
  static func unbrotli(_ bytes: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
    guard let decompress = brotliFunction else { throw .noLibrary }
    guard !bytes.isEmpty else { throw .broken }
    var (isWhole, size) = (false, 0)
    let output = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      size = limit
      isWhole = decompress(bytes.count, bytes, &size, buffer.baseAddress) == 1
      count = isWhole ? size : 0
    }
    // The library gives one error for all; where it has filled the room, there was more.
    guard isWhole else { throw size >= limit ? .tooLarge : .broken }
    return output
  }

  static let zstdMagic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// Returns what zstd frames hold, or nil if they are not zstd, hold more than `limit` bytes, or the library is missing.
  static func zstd(_ bytes: [UInt8], limit: Int) -> [UInt8]? { try? unzstd(bytes, limit: limit) }

  /// What zstd frames hold.
  static func unzstd(_ bytes: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
    guard bytes.starts(with: zstdMagic) else { throw .broken }
    guard let decompress = zstdFunction else { throw .noLibrary }
    do throws(Fault) {
      return try output(of: bytes, limit, decompress)
    } catch {
      guard case .broken = error else { throw error }
      // Something may follow the frame, such as a newline.
      return try output(of: Array(bytes.dropLast(1)), limit, decompress)
    }
  }

  /// The error `ZSTD_error_dstSize_tooSmall`, which has kept its number since zstd 1.0.
  private static let tooSmall = -70

  private static func output(of bytes: [UInt8], _ limit: Int, _ decompress: Zstd) throws(Fault) -> [UInt8] {
    // Errors are sizes that no buffer has.
    var size = 0
    let output = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      size = decompress(buffer.baseAddress, limit, bytes, bytes.count)
      count = (0...limit).contains(size) ? size : 0
    }
    guard (0...limit).contains(size) else { throw size == tooSmall ? .tooLarge : .broken }
    return output
  }
}
