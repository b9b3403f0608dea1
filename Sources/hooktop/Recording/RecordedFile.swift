internal import JSON
internal import Monitor
internal import Receiver
internal import Webhooks

/// The file of a recorded session, known to be one, read from front to back.
struct RecordedFile: Sendable {
  /// The most lines before the first one that is understood.
  private static let foreignLineLimit = 1000
  /// How much is read at once until it is known to be a session, in bytes: of what is none, not much more than that.
  private static let firstPieceSize = 1 << 14
  /// How much is read at once after that: so much that all processors have something to do.
  private static let pieceSize = 1 << 20
  /// How many lines one processor reads in one go.
  private static let share = 32

  /// The last part of its path.
  let name: String
  private let path: String
  private let stream: FileStream
  private let providers: Providers
  /// How long the file was when it was opened, in bytes: a monitor that records to it may go on, even with what is
  /// sent from here, and then there would be no end. Nil for what has no length.
  private let end: Int?
  private var reader: SessionReader
  private var numbers = AscendingNumbers()
  /// How many bytes have been read.
  private var position = 0
  private var hasEnded = false
  private var isKnown = false
  /// Whether it ended before the length that it had, which is told once all before it is.
  private var isShort = false
  /// What was read of the file to see what it is, until it is read as a session.
  private var beginning: [UInt8]?
  /// What the file is compressed with, by its first bytes.
  private var compression: Compression?
  /// What was read to see whether it is a session, until it is asked for.
  private var start: [RecordedLine]?
  /// Whether it is no session, but requests that another program has saved, so that nothing in it was judged.
  private(set) var isSaved = false

  /// Opens the file at `path`, `-` for standard input, and reads it up to the first line that it understands.
  /// - Throws: `FileError`, or `RecordedFileError` where no such line is near the start.
  init(_ path: String, providers: Providers) throws {
    self.providers = providers
    reader = SessionReader(providers: providers)
    let label = path == "-" ? "standard input" : path
    (self.path, name) = (label, label.fileName)
    stream = try FileStream(path, pieceSize: Self.firstPieceSize)
    // What the system makes as it is read, such as /proc, has a length of 0.
    end = stream.size.flatMap { $0 > 0 ? $0 : nil }
    var lines: [RecordedLine] = []
    let first = try stream.next() ?? []
    if SavedForm.mayBe(first), let saved = try Self.saved(path, first, stream, providers) {
      (start, hasEnded, isSaved) = (saved, true, true)
      return
    }
    beginning = first
    // As far as the longest line may be, so that a film or an endless device is told as soon as can be.
    while !lines.contains(where: \.isRecord), lines.count < Self.foreignLineLimit,
      position <= SessionReader.defaultLimit, let more = try read()
    {
      lines += more
    }
    guard lines.prefix(Self.foreignLineLimit).contains(where: \.isRecord) else {
      if let compression { throw RecordedFileError.compressed(path: path, compression) }
      throw Self.error(label, lines)
    }
    (start, isKnown) = (lines, true)
  }

  /// The requests of a file that another program has saved, as deliveries that nobody has judged; nil if it is none.
  private static func saved(
    _ path: String, _ start: [UInt8], _ stream: FileStream, _ providers: Providers
  ) throws -> [RecordedLine]? {
    let content = try stream.readToEnd(atMost: HTTPServer.Limits().bodiesInFlight, after: start)
    guard let requests = try SavedFile(path, content)?.requests() else { return nil }
    let verifier = Verifier(keyring: Keyring())
    return requests.enumerated().map { index, saved in
      let envelope = Envelope(reading: saved.request, providers: providers)
      return .record(
        .delivery(
          Delivery(
            sequence: UInt64(index + 1), receivedAt: saved.time, request: saved.request,
            envelope: envelope,
            verdict: verifier.verify(saved.request, provider: envelope.provider, at: saved.time),
            isDuplicate: false, attempt: 1, answer: Answer(status: nil, milliseconds: 0),
            origin: .recorded(line: index + 1))))
    }
  }

  /// Judges with these secrets what has come without a verdict, and finds out whose it is.
  /// - Parameter moment: when it arrived; nil: as far as the file says.
  mutating func verify(with verifier: Verifier, at moment: Timestamp?) {
    guard isSaved else { return }
    start = start?.map { line in
      guard let delivery = line.delivery else { return line }
      let (request, time) = (delivery.request, moment ?? delivery.receivedAt)
      // As a delivery that arrives: where senders have a header in common, the secrets say whose it is.
      let (envelope, verdict) = verifier.judge(request, among: providers, at: time)
      return .record(
        .delivery(
          Delivery(
            sequence: delivery.sequence, receivedAt: time, request: request, envelope: envelope,
            verdict: verdict, isDuplicate: false, attempt: 1, answer: delivery.answer,
            origin: delivery.origin)))
    }
  }

  private static func error(_ path: String, _ lines: [RecordedLine]) -> RecordedFileError {
    if case .skipped(let line)? = lines.first { .noSession(path: path, line) } else { .empty(path: path) }
  }

  /// How much of the file has been read, in hundredths; nil if its length is not known.
  var percent: Int? {
    (end ?? stream.size).map { size in position < size ? position * 100 / size : 100 }
  }

  /// What the next lines give, each delivery with a number of its own; nil at the end.
  mutating func next() throws(FileError) -> [RecordedLine]? {
    guard let lines = start else { return try read() }
    start = nil
    return lines
  }

  private mutating func read() throws(FileError) -> [RecordedLine]? {
    guard !hasEnded else { return try ended() }
    let rest = end.map { $0 - position } ?? .max
    if rest > 0, var piece = try nextPiece() {
      piece.removeLast(max(0, piece.count - rest))
      if position == 0 { compression = Compression(piece) }
      position += piece.count
      return lines(reader.cut(piece))
    }
    (hasEnded, isShort) = (true, rest > 0 && end != nil)
    guard let last = reader.cutRest() else { return try ended() }
    return lines([last])
  }

  private mutating func ended() throws(FileError) -> [RecordedLine]? {
    guard isShort else { return nil }
    isShort = false
    throw .shortened(path: path)
  }

  private mutating func nextPiece() throws(FileError) -> [UInt8]? {
    guard let piece = beginning, !piece.isEmpty else {
      return try stream.next(isKnown ? Self.pieceSize : Self.firstPieceSize)
    }
    beginning = nil
    return piece
  }

  private mutating func lines(_ cut: [SessionLines.Line]) -> [RecordedLine] {
    let (reader, file) = (reader, file)
    return AllCores.map(cut, inSharesOf: Self.share) { line in
      file.map { reader.entry(line, in: $0) } ?? reader.entry(line)
    }.map { line($0) }
  }

  /// The file where what is read of it can be read again; nil for what comes but once.
  private var file: FileStream? { end == nil ? nil : stream }

  private mutating func line(_ entry: SessionReader.Entry) -> RecordedLine {
    switch entry.result {
    case .success(.delivery(let delivery)): .record(.delivery(numbers.numbered(delivery)))
    case .success(.exchange(let exchange, let sequence)):
      .record(.exchange(exchange, of: numbers.number(ofRecorded: sequence)))
    default: RecordedLine(entry)
    }
  }
}

/// What a line of a recorded session gives.
enum RecordedLine: Sendable {
  case record(SessionRecord)
  case skipped(Loading.SkippedLine)

  init(_ entry: SessionReader.Entry) {
    switch entry.result {
    case .success(let record): self = .record(record)
    case .failure(let error): self = .skipped(Loading.SkippedLine(number: entry.line, error: error))
    }
  }

  var delivery: Delivery? {
    if case .record(.delivery(let delivery)) = self { delivery } else { nil }
  }

  var isRecord: Bool {
    if case .record = self { true } else { false }
  }
}

/// Why a file can't be opened as a recorded session.
enum RecordedFileError: Error, CustomStringConvertible {
  case empty(path: String)
  /// No line can be read; this is what is wrong with the first.
  case noSession(path: String, Loading.SkippedLine)
  case compressed(path: String, Compression)
  /// Nothing is piped in, and the keys are needed.
  case inputIsTerminal

  var description: String {
    switch self {
    case .inputIsTerminal:
      "standard input is the terminal: pipe a stream in, as in ssh -n HOST hooktop tail --json | hooktop open -"
    case .empty(let path):
      "no deliveries in \(path): record a session with hooktop --record FILE, and open that"
    case .noSession(let path, let line):
      "\(path) is not a recorded session; line \(line.number): \(line.error)"
    case .compressed("-", let compression):
      "standard input is compressed with \(compression.rawValue): put \(compression.printer) in front"
    case .compressed(let path, let compression):
      "\(path) is compressed with \(compression.rawValue): \(compression.printer) \(path) > session.ndjson, and give that"
    }
  }
}
