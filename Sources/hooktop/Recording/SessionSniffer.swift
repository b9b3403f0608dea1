internal import JSON
internal import Webhooks

/// What a file is compressed with, by the bytes that it begins with.
enum Compression: String, CaseIterable {
  case gzip, zstd, bzip2, xz

  init?(_ start: [UInt8]) {
    guard let found = Self.allCases.first(where: { start.starts(with: $0.mark) }) else { return nil }
    self = found
  }

  private var mark: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B, 0x08]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .bzip2: Array("BZh".utf8)
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    }
  }

  /// The program that prints what is in it.
  var printer: String {
    switch self {
    case .gzip: "zcat"
    case .zstd: "zstdcat"
    case .bzip2: "bzcat"
    case .xz: "xzcat"
    }
  }
}

/// Tells a recorded session from a body.
struct SessionSniffer {
  let providers: Providers

  /// Whether the first line of `bytes` is a line of a session.
  func isSession(_ bytes: [UInt8]) -> Bool {
    (try? SessionRecord(line: Self.firstLine(of: bytes), providers: providers)) != nil
  }

  /// Whether the first line is one of a session, or at least begins like one.
  func looksLikeSession(_ bytes: [UInt8]) -> Bool {
    let line = Self.firstLine(of: bytes)
    return SessionRecord.starts.contains(where: line.starts) || isSession(bytes)
  }

  /// How many bytes of a file `mayBeSession` has to see for a line as it is written here.
  static let startLength = SessionRecord.starts.map(\.count).max() ?? 0

  /// Whether a file that begins with `bytes`, all of them where they are few, can be a session that was written
  /// here, or the beginning of one; or one whose first line another program has printed anew.
  static func mayBeSession(_ bytes: [UInt8]) -> Bool {
    SessionRecord.starts.contains { $0.starts(with: bytes.prefix($0.count)) }
      || SessionRecord.isLikely(firstLine(of: bytes))
  }

  private static func firstLine(of bytes: [UInt8]) -> [UInt8] {
    let line = bytes[..<(bytes.newline() ?? bytes.count)]
    return Array(line.starts(with: SessionLines.byteOrderMark) ? line.dropFirst(3) : line)
  }
}
