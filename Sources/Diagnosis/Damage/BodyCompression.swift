public import JSON

/// A compression that bodies are sent in, undone within a bound of memory.
public enum BodyCompression: String, CaseIterable, Sendable {
  case gzip, zstd, deflate, brotli

  /// Why a body can't be shown unpacked.
  public enum Fault: Error, Equatable, Sendable {
    /// It is not such a stream, or a damaged or truncated one.
    case broken
    /// It holds more bytes than are unpacked.
    case tooLarge(limit: Int)
    /// The system has no library for it.
    case noLibrary
    /// Nobody waits for it any more.
    case cancelled
  }

  /// The compression that `body` may be in: by its first bytes, or by the value of Content-Encoding where a stream has no
  /// mark of its own. It is a guess, unless `isCertain`, until the body has been unpacked.
  public init?(of body: [UInt8], encoding: ByteString?) {
    let found = Self.allCases.first { $0.isMarked(body) || $0.isPossible(body, encoding) }
    guard let found else { return nil }
    self = found
  }

  /// Whether the first bytes say so without a doubt.
  public func isCertain(of body: [UInt8]) -> Bool {
    switch self {
    case .gzip, .zstd: isMarked(body)
    case .deflate, .brotli: false
    }
  }

  private func isMarked(_ body: [UInt8]) -> Bool {
    switch self {
    case .gzip: body.starts(with: [0x1F, 0x8B, 8])
    case .zstd: body.starts(with: SystemDecompressor.zstdMagic)
    case .deflate: Inflation.isZlib(body)
    case .brotli: false
    }
  }

  private func isPossible(_ body: [UInt8], _ encoding: ByteString?) -> Bool {
    guard let encoding, !body.isEmpty else { return false }
    let name = encoding.trimmingSpaces
    switch self {
    case .gzip, .zstd: return false
    case .deflate: return name.equalsIgnoringASCIICase("deflate")
    case .brotli: return name.equalsIgnoringASCIICase("br")
    }
  }

  /// The bytes that were compressed.
  /// - Parameters:
  ///   - limit: the most bytes that may come out.
  ///   - isCancelled: asked after every 64 KiB of gzip or deflate output; brotli and zstd take milliseconds.
  public func unpacked(
    _ body: [UInt8], limit: Int, isCancelled: @escaping @Sendable () -> Bool
  ) throws(Fault) -> [UInt8] {
    do {
      switch self {
      case .gzip: return try Inflation.unzipped(body, limit: limit, isCancelled: isCancelled)
      case .deflate:
        let start = Inflation.isZlib(body) ? 2 : 0
        return try Inflation.raw(body, from: start, limit: limit, isCancelled: isCancelled)
      case .zstd: return try SystemDecompressor.unzstd(body, limit: limit)
      case .brotli: return try SystemDecompressor.unbrotli(body, limit: limit)
      }
    } catch let fault as Inflation.Fault {
      throw Fault(fault, limit)
    } catch let fault as SystemDecompressor.Fault {
      throw Fault(fault, limit)
    } catch {
      throw .broken
    }
  }
}

extension BodyCompression {
  /// Returns the first decompressed bytes, at most `limit`, and whether that is the whole content; nil if the stream is
  /// damaged before that point, or the system lacks the library.
  public func beginning(of body: [UInt8], atMost limit: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    switch self {
    case .gzip: Inflation.beginning(ofGzip: body, atMost: limit)
    case .deflate: Inflation.beginning(of: body, from: Inflation.isZlib(body) ? 2 : 0, atMost: limit)
    case .zstd: SystemDecompressor.beginning(ofZstd: body, atMost: limit)
    case .brotli: SystemDecompressor.beginning(ofBrotli: body, atMost: limit)
    }
  }
}

extension BodyCompression.Fault {
  fileprivate init(_ fault: Inflation.Fault, _ limit: Int) {
    switch fault {
    case .broken: self = .broken
    case .tooLarge: self = .tooLarge(limit: limit)
    case .cancelled: self = .cancelled
    }
  }

  fileprivate init(_ fault: SystemDecompressor.Fault, _ limit: Int) {
    switch fault {
    case .broken: self = .broken
    case .tooLarge: self = .tooLarge(limit: limit)
    case .noLibrary: self = .noLibrary
    }
  }

  /// What is wrong, for the title of a pane.
  public var sentence: String {
    switch self {
    case .broken: "damaged or cut off"
    case .tooLarge(let limit): "more than \(limit >> 20) MiB unpacked"
    case .noLibrary: "the system has no library for it"
    case .cancelled: "not unpacked to the end"
    }
  }
}
