internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Webhooks

/// What the lines of sessions are read from, each source on a thread of its own.
protocol LineSource: Sendable {
  /// How much has been read, in hundredths; nil if there is no telling.
  var percent: Int? { get }

  /// Waits for the next lines, and gives what is in them; nil at the end.
  mutating func next() throws(FileError) -> [RecordedLine]?

  /// Whether it holds requests that another program has saved, which nobody has judged.
  var isSaved: Bool { get }

  /// Judges with these secrets what comes without a verdict, and finds out whose it is.
  /// - Parameter moment: when it arrived; nil: as far as the source says.
  mutating func verify(with verifier: Verifier, at moment: Timestamp?)
}

extension RecordedFile: LineSource {}

/// A stream of NDJSON that is shown as it comes: standard input, or a file that may grow.
///
/// Lines that do not begin as an object does are passed over: `redis-cli` and the like say more than what was sent.
struct LiveSource: LineSource {
  private enum Origin: Sendable {
    case stream(FileStream)
    case followed(FollowedFile)
  }

  /// How many endpoints share their objects: a stream can name any number of them.
  private static let mostEndpoints = 1000

  private let providers: Providers
  private var origin: Origin
  private var reader: SessionReader
  private var numbers: AscendingNumbers?
  private var hasEnded = false
  /// What the user calls the stream, which its deliveries are told from those of others by; nil if nothing.
  private let name: String?
  /// One object for each name, since every delivery holds one.
  private var endpoints: [String: Endpoint] = [:]

  /// - Parameters:
  ///   - keepsNumbers: whether deliveries have their recorded numbers; else the caller gives them others.
  /// - Throws: `FileError`, where there is no such file.
  init(
    _ argument: SourceArgument, follows: Bool, keepsNumbers: Bool, providers: Providers
  ) throws(FileError) {
    let isFollowed = follows && argument.path != "-"
    origin =
      isFollowed
      ? .followed(try FollowedFile(argument.path))
      : .stream(try FileStream(argument.path, pieceSize: 1 << 14))
    self.providers = providers
    name = argument.name
    reader = SessionReader(providers: providers, passesOverProse: true)
    numbers = keepsNumbers ? AscendingNumbers() : nil
  }

  var percent: Int? { nil }

  /// Sessions only are streamed, whose verdicts stay as they were.
  var isSaved: Bool { false }
  func verify(with verifier: Verifier, at moment: Timestamp?) {}

  mutating func next() throws(FileError) -> [RecordedLine]? {
    guard !hasEnded else { return nil }
    switch origin {
    case .stream(let stream):
      if let piece = try stream.next() { return lines(reader.read(piece)) }
      hasEnded = true
      return lines(reader.finish().map { [$0] } ?? [])
    case .followed(var file):
      let piece = try file.next()
      origin = .followed(file)
      if case .bytes(let bytes) = piece { return lines(reader.read(bytes)) }
      let rest = lines(reader.finish().map { [$0] } ?? [])
      reader = SessionReader(providers: providers, passesOverProse: true)
      return rest
    }
  }

  private mutating func lines(_ entries: [SessionReader.Entry]) -> [RecordedLine] {
    var lines: [RecordedLine] = []
    for entry in entries {
      let line = placed(RecordedLine(entry))
      lines.append(numbers?.numbered(line) ?? line)
    }
    return lines
  }

  /// A line whose delivery stands in the list with the stream's name: `staging`, or `staging/orders` for one that was
  /// sent to an endpoint of that receiver's.
  private mutating func placed(_ line: RecordedLine) -> RecordedLine {
    guard let name, let delivery = line.delivery else { return line }
    let place = delivery.endpoint.map { "\(name)/\($0.name)" } ?? name
    let endpoint = endpoints[place] ?? Endpoint(place)
    if endpoints.count < Self.mostEndpoints { endpoints[place] = endpoint }
    return .record(.delivery(delivery.at(endpoint)))
  }
}

extension AscendingNumbers {
  /// A line with the number that its delivery has here.
  mutating func numbered(_ line: RecordedLine) -> RecordedLine {
    switch line {
    case .record(.delivery(let delivery)): .record(.delivery(numbered(delivery)))
    case .record(.exchange(let exchange, let sequence)):
      .record(.exchange(exchange, of: number(ofRecorded: sequence)))
    case .record, .skipped: line
    }
  }
}

/// Numbers the deliveries of several streams in the order that they come in.
struct StreamNumbers {
  /// How many numbers of each stream are remembered: an exchange comes soon after its delivery.
  private static let memory = 4096

  private struct Stream {
    var numbers: [UInt64: UInt64] = [:]
    var order: [UInt64] = []
  }

  private var last: UInt64 = 0
  private var streams: [Stream]

  init(streams count: Int) {
    streams = Array(repeating: Stream(), count: count)
  }

  /// A line with the number that its delivery has here; nil for an exchange about none that is known.
  mutating func numbered(_ line: RecordedLine, from stream: Int) -> RecordedLine? {
    switch line {
    case .record(.delivery(let delivery)):
      last += 1
      remember(delivery.sequence, as: last, in: &streams[stream])
      return .record(.delivery(delivery.with(sequence: last)))
    case .record(.exchange(let exchange, let sequence)):
      return streams[stream].numbers[sequence].map { .record(.exchange(exchange, of: $0)) }
    case .record, .skipped: return line
    }
  }

  private func remember(_ number: UInt64, as own: UInt64, in stream: inout Stream) {
    if stream.numbers.updateValue(own, forKey: number) == nil { stream.order.append(number) }
    guard stream.order.count > 2 * Self.memory else { return }
    for old in stream.order.prefix(Self.memory) { stream.numbers[old] = nil }
    stream.order.removeFirst(Self.memory)
  }
}
