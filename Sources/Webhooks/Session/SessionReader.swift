/// Reads a session file chunk by chunk: a record or an error for each line, whatever the file holds.
public struct SessionReader: Sendable {
  /// What one line gave.
  public struct Entry: Sendable {
    /// The line's number in the file, from 1.
    public let line: Int
    public let result: Result<SessionRecord, SessionError>
  }

  /// The longest line that is read by default, in bytes: a body of 256 MiB, the largest that can be taken, in base64,
  /// and its request.
  public static let defaultLimit = 352 << 20

  private var lines: SessionLines

  private let providers: Providers
  private let verifier: Verifier?
  private let passesOverProse: Bool

  /// - Parameters:
  ///   - providers: those that a delivery may be of; another name is an error of that line only.
  ///   - limit: the most bytes of a line; a longer one is an error of that line only.
  ///   - passesOverProse: whether lines that do not begin as an object does give nothing, in place of an error.
  ///   - verifier: judges each delivery at its own arrival; nil leaves it the recorded verdict.
  public init(
    providers: Providers, limit: Int = SessionReader.defaultLimit, passesOverProse: Bool = false,
    verifier: Verifier? = nil
  ) {
    self.passesOverProse = passesOverProse
    self.providers = providers
    self.verifier = verifier
    lines = SessionLines(limit: limit)
  }

  /// Returns what the lines give that end in `chunk`, which follows the chunks before it.
  public mutating func read(_ chunk: [UInt8]) -> [Entry] {
    cut(chunk).map(entry)
  }

  /// Returns what the rest of the file gives after the last newline, or nil if the file ends with one.
  public mutating func finish() -> Entry? {
    cutRest().map(entry)
  }

  /// Returns the lines that end in `chunk`, which follows the chunks before it, as they stand: `entry` says what they
  /// give, on any thread.
  package mutating func cut(_ chunk: [UInt8]) -> [SessionLines.Line] {
    let cut = lines.lines(in: chunk)
    return passesOverProse ? cut.filter(isWanted) : cut
  }

  /// Returns the rest of the file after the last newline, or nil if the file ends with one.
  package mutating func cutRest() -> SessionLines.Line? {
    lines.finish().flatMap { isWanted($0) ? $0 : nil }
  }

  private func isWanted(_ line: SessionLines.Line) -> Bool { !passesOverProse || !line.content.isProse }

  /// Returns what a line gives that was cut off here. The request of a delivery stays in `file`, and is at hand until it
  /// is packed.
  package func entry(_ line: SessionLines.Line, in file: any LineStore) -> Entry {
    let entry = entry(line)
    guard case .success(.delivery(let delivery)) = entry.result, let bytes = line.content.bytes else {
      return entry
    }
    let filed = FiledRequest(delivery.request, line: bytes, at: line.offset, of: file)
    return Entry(line: entry.line, result: .success(.delivery(delivery.filed(as: filed))))
  }

  /// Returns what a line gives that was cut off here.
  package func entry(_ line: SessionLines.Line) -> Entry {
    Entry(line: line.number, result: result(line))
  }

  private func result(_ line: SessionLines.Line) -> Result<SessionRecord, SessionError> {
    do throws(SessionError) {
      switch line.content {
      case .whole(let bytes):
        return .success(try record(bytes, number: line.number))
      case .unended(let bytes): return .success(try lastRecord(bytes, number: line.number))
      case .tooLong: throw .tooLong(limit: lines.limit)
      }
    } catch {
      return .failure(error)
    }
  }

  private func record(_ line: [UInt8], number: Int) throws(SessionError) -> SessionRecord {
    try SessionRecord(line: line, number: number, providers: providers, verifier: verifier)
  }

  /// A last line without a newline is cut off unless its JSON is whole.
  private func lastRecord(_ bytes: [UInt8], number: Int) throws(SessionError) -> SessionRecord {
    do throws(SessionError) {
      return try record(bytes, number: number)
    } catch {
      switch error {
      case .notJSON, .notUTF8: throw .cutOff
      default: throw error
      }
    }
  }
}
