internal import JSON
internal import OperatingSystem
internal import Webhooks

/// The monitor that agents are told of: one that runs, or this program's own.
enum MonitorLink: Sendable {
  case running(socket: String)
  case own(ControlServer)

  /// The longest answer that is taken, in bytes.
  private static let answerLimit = 8 << 20
  /// The longest that any answer may take, in seconds: as long as a delivery may be waited for, and a diagnosis made.
  private static let patience = Int32(ControlDesk.longestWait) + 60

  /// A connection to it; nil if it is gone, or has too many.
  func connect() -> Int32? {
    switch self {
    case .running(let socket): try? UnixSocket.connect(to: socket)
    case .own(let server): server.connect()
    }
  }

  /// Sends a request on a connection; false where it is not taken.
  /// - Parameter arguments: JSON.
  static func send(_ tool: ControlTool, _ arguments: [UInt8]?, on connection: Int32) -> Bool {
    var request = JSONWriter()
    request.object { json in
      json.field("tool", "\(tool.name)")
      if let arguments { json.field("arguments", raw: arguments) }
    }
    request.endLine()
    return UnixSocket.send(request.bytes, to: connection, within: 10)
  }

  /// Waits for the answer to a request: JSON, or why there is none.
  static func answer(on connection: Int32) -> Result<[UInt8], ToolFailure> {
    guard let line = line(from: connection), let answer = JSONObject(line) else {
      return .failure(ToolFailure("the monitor has ended, or does not answer: start hooktop and try again"))
    }
    if let error = answer["error"]?.string { return .failure(ToolFailure(error)) }
    guard let result = answer["result"] else {
      return .failure(ToolFailure("the monitor is of another version"))
    }
    return .success(result.raw)
  }

  private static func line(from connection: Int32) -> [UInt8]? {
    var line: [UInt8] = []
    while let piece = UnixSocket.receive(from: connection, within: patience) {
      if let end = piece.newline() { return line + piece[..<end] }
      line += piece
      guard line.count <= answerLimit else { return nil }
    }
    return nil
  }
}
