internal import Webhooks

/// The file of a recorded session, known to be one, read from front to back.
struct RecordedFile: Sendable {
  /// The most lines before the first one that is understood.
  private static let foreignLineLimit = 1000
  /// Small, since each line of a piece gives a value that is larger than a short line.
  private static let pieceSize = 1 << 14

  /// The last part of its path.
  let name: String
  private let stream: FileStream
  private var reader = SessionReader()
  private var numbers = AscendingNumbers()
  /// How many bytes have been read.
  private var position = 0
  private var hasEnded = false
  /// What was read to see whether it is a session, until it is asked for.
  private var start: [RecordedLine]?

  /// Opens the file at `path`, `-` for standard input, and reads it up to the first line that it understands.
  /// - Throws: `FileError`, or `RecordedFileError` where no such line is near the start.
  init(_ path: String) throws {
    let label = path == "-" ? "standard input" : path
    name = label.fileName
    stream = try FileStream(path, pieceSize: Self.pieceSize)
    var lines: [RecordedLine] = []
    // As far as the longest line may be, so that a film or an endless device is told as soon as can be.
    while !lines.contains(where: \.isRecord), lines.count < Self.foreignLineLimit,
      position <= SessionReader.defaultLimit, let more = try read()
    {
      lines += more
    }
    guard lines.prefix(Self.foreignLineLimit).contains(where: \.isRecord) else {
      throw Self.error(label, lines)
    }
    start = lines
  }

  private static func error(_ path: String, _ lines: [RecordedLine]) -> RecordedFileError {
    if case .skipped(let line)? = lines.first { .noSession(path: path, line) } else { .empty(path: path) }
  }

  /// How much of the file has been read, in hundredths; nil where its length is not known.
  var percent: Int? {
    stream.size.map { size in position < size ? position * 100 / size : 100 }
  }

  /// What the next lines give, deliveries with ascending numbers; nil at the end.
  mutating func next() throws(FileError) -> [RecordedLine]? {
    guard let lines = start else { return try read() }
    start = nil
    return lines
  }

  private mutating func read() throws(FileError) -> [RecordedLine]? {
    guard !hasEnded else { return nil }
    if let piece = try stream.next() {
      position += piece.count
      return reader.read(piece).map { line($0) }
    }
    hasEnded = true
    return reader.finish().map { [line($0)] }
  }

  private mutating func line(_ entry: SessionReader.Entry) -> RecordedLine {
    guard case .success(.delivery(let delivery)) = entry.result else { return RecordedLine(entry) }
    return .record(.delivery(numbers.numbered(delivery)))
  }
}
