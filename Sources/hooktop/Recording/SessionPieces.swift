internal import Synchronization
internal import Webhooks

/// A session that is read piece by piece and cut into lines: the next piece of a file while others work on the last.
final class SessionPieces: Sendable {
  struct Piece: Sendable {
    let lines: [SessionLines.Line]
    /// How much of the session has been read with them, in hundredths, where that is known.
    let percent: Int?
  }

  private struct State: Sendable {
    var lines: SessionLines
    /// What was read of it before, until it is cut.
    var start: [UInt8]?
    /// In bytes.
    var position = 0
    var hasEnded = false
    /// What was read ahead.
    var next: Result<Piece?, FileError>?
  }

  private let stream: FileStream
  private let state: Mutex<State>

  /// - Parameter start: what was read of it before.
  init(_ start: [UInt8], _ stream: FileStream) {
    self.stream = stream
    state = Mutex(State(lines: SessionLines(limit: SessionReader.defaultLimit), start: start))
  }

  /// Returns the next lines, or nil at the end.
  func next() throws(FileError) -> Piece? {
    let next = state.withLock { state in
      defer { state.next = nil }
      return state.next ?? Self.read(stream, &state)
    }
    return try next.get()
  }

  /// Reads the next lines of a file. Of a pipe nothing is read ahead: it may be long until more comes.
  func readAhead() {
    guard stream.size != nil else { return }
    state.withLock { $0.next = Self.read(stream, &$0) }
  }

  private static func read(_ stream: FileStream, _ state: inout State) -> Result<Piece?, FileError> {
    guard !state.hasEnded else { return .success(nil) }
    do throws(FileError) {
      let bytes = if let start = state.start { start } else { try stream.next() }
      state.start = nil
      guard let bytes else {
        state.hasEnded = true
        return .success(state.lines.finish().map { Piece(lines: [$0], percent: 100) })
      }
      state.position += bytes.count
      let position = state.position
      let percent = stream.size.map { $0 > position ? position * 100 / $0 : 100 }
      return .success(Piece(lines: state.lines.lines(in: bytes), percent: percent))
    } catch {
      state.hasEnded = true
      return .failure(error)
    }
  }
}
