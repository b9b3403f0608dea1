// The first bytes of a stream, by the functions with which the libraries decompress piece by piece.
extension SystemDecompressor {
  private typealias Handle = UnsafeMutableRawPointer

  private enum Brotli {
    typealias Create = @convention(c) (Handle?, Handle?, Handle?) -> Handle?
    typealias Step =
      @convention(c) (
        Handle, UnsafeMutablePointer<Int>, UnsafeMutablePointer<UnsafePointer<UInt8>?>,
        UnsafeMutablePointer<Int>, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>,
        UnsafeMutablePointer<Int>?
      ) -> Int32
    typealias Destroy = @convention(c) (Handle) -> Void

    static let library = "libbrotlidec.so.1"
    static let create = function(library, "BrotliDecoderCreateInstance", as: Create.self)
    static let step = function(library, "BrotliDecoderDecompressStream", as: Step.self)
    static let destroy = function(library, "BrotliDecoderDestroyInstance", as: Destroy.self)
    /// The results of a step.
    static let success: Int32 = 1
    static let needsRoom: Int32 = 3
  }

  private enum Zstd {
    typealias Create = @convention(c) () -> Handle?
    typealias Step = @convention(c) (Handle, Handle, Handle) -> Int
    typealias Destroy = @convention(c) (Handle) -> Int

    static let library = "libzstd.so.1"
    static let create = function(library, "ZSTD_createDStream", as: Create.self)
    static let step = function(library, "ZSTD_decompressStream", as: Step.self)
    static let destroy = function(library, "ZSTD_freeDStream", as: Destroy.self)

    /// `ZSTD_inBuffer` and `ZSTD_outBuffer`: where the bytes are, how many, and how many of them are done.
    struct Buffer {
      let start: UnsafeRawPointer?
      let size: Int
      var done = 0
    }
  }

  /// Returns the first decompressed bytes of a brotli stream, and whether that is the whole content; nil if the stream is
  /// damaged before `limit`, or the library is missing.
  static func beginning(
    ofBrotli bytes: [UInt8], atMost limit: Int
  ) -> (bytes: [UInt8], isWhole: Bool)? {
    guard let create = Brotli.create, let step = Brotli.step, let destroy = Brotli.destroy,
      let decoder = create(nil, nil, nil)
    else { return nil }
    defer { destroy(decoder) }
    var result: Int32 = 0
    let output = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      bytes.withUnsafeBufferPointer { input in
        var (left, next, room, place) = (input.count, input.baseAddress, limit, buffer.baseAddress)
        result = step(decoder, &left, &next, &room, &place, nil)
        count = limit - room
      }
    }
    return [Brotli.success, Brotli.needsRoom].contains(result) ? (output, result == Brotli.success) : nil
  }

  /// Returns the same for zstd frames.
  static func beginning(ofZstd bytes: [UInt8], atMost limit: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    guard let create = Zstd.create, let step = Zstd.step, let destroy = Zstd.destroy, let decoder = create()
    else { return nil }
    defer { _ = destroy(decoder) }
    var isWhole: Bool?
    let output = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      bytes.withUnsafeBytes { bytes in
        var input = Zstd.Buffer(start: bytes.baseAddress, size: bytes.count)
        var output = Zstd.Buffer(start: UnsafeRawPointer(buffer.baseAddress), size: limit)
        isWhole = run(&input, &output) { step(decoder, $0, $1) }
        count = output.done
      }
    }
    return isWhole.map { (output, $0) }
  }

  /// Decompresses until the output is full or the input ends. Returns whether that is the whole content; nil if the input
  /// is damaged.
  private static func run(
    _ input: inout Zstd.Buffer, _ output: inout Zstd.Buffer, _ step: (Handle, Handle) -> Int
  ) -> Bool? {
    var hasFrame = false
    while true {
      let before = (input.done, output.done)
      // What is left of a frame, or less than 0: an error.
      let left = step(&output, &input)
      if left == 0 { hasFrame = true }
      if left == 0, input.done == input.size { return true }
      // Something may follow the last frame, such as a newline.
      if left < 0 { return hasFrame ? true : nil }
      if output.done == output.size { return false }
      if before == (input.done, output.done) || input.done == input.size { return nil }
    }
  }
}
