internal import Glibc

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

  private static func function<Signature>(
    _ library: String, _ name: String, as type: Signature.Type
  ) -> Signature? {
    guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(handle, name) else {
      return nil
    }
    return unsafeBitCast(symbol, to: type)
  }

  /// What a brotli stream holds; nil where it is none, holds more than `limit` bytes, or the library is missing.
  static func brotli(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    guard let decompress = brotliFunction, !bytes.isEmpty else { return nil }
    let room = min(limit, bytes.count * 1024 + 1024)
    var isWhole = false
    let output = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      count = room
      isWhole = decompress(bytes.count, bytes, &count, buffer.baseAddress) == 1
      if !isWhole { count = 0 }
    }
    return isWhole ? output : nil
  }

  private static let zstdMagic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  /// What zstd frames hold; nil where they are none, hold more than `limit` bytes, or the library is missing.
  static func zstd(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    guard bytes.starts(with: zstdMagic), let decompress = zstdFunction else { return nil }
    // Errors are sizes that no buffer has.
    if let output = output(of: bytes, limit, decompress) { return output }
    // Something may follow the frame, such as a newline.
    return output(of: Array(bytes.dropLast(1)), limit, decompress)
  }

  private static func output(of bytes: [UInt8], _ limit: Int, _ decompress: Zstd) -> [UInt8]? {
    var isWhole = false
    let output = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      let size = decompress(buffer.baseAddress, limit, bytes, bytes.count)
      isWhole = (0...limit).contains(size)
      count = isWhole ? size : 0
    }
    return isWhole ? output : nil
  }
}
