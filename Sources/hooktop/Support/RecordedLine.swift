internal import Monitor
internal import Webhooks

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
