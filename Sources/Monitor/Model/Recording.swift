internal import Screen
internal import Webhooks

/// What came of an order to record, or to stop recording.
public enum RecordingChange: Sendable {
  case began(path: String)
  case ended
  case failed(String)
}

extension Model {
  /// Why nothing can be recorded here; nil if it can.
  var reasonForNoRecording: String? {
    setting.source.isSession ? "This is a recorded session already; x exports it" : nil
  }

  /// Stops recording, or asks for the file to record to.
  mutating func toggleRecording() -> [Effect] {
    guard recording == nil else { return [.order(.record(nil))] }
    panels.push(
      Prompt("Record to", text: recordPath) { prompt, model in
        let path = prompt.editor.text
        guard !path.isEmpty else { return [] }
        model.panels.pop()
        // Also where it can't be recorded to, so that it can be corrected.
        model.recordPath = path
        return [.order(.record(path))]
      })
    return []
  }

  mutating func take(_ change: RecordingChange) {
    switch change {
    case .began(let path):
      (recording, recordPath) = (path, path)
      notice = Notice("Recording to \(path) from now on; W stops", .success)
    case .ended:
      notice = Notice("Stopped recording to \(recording ?? recordPath)")
      recording = nil
    case .failed(let reason): notice = Notice("Not recording: \(reason)", .warning)
    }
  }

  /// Asks whether the list is to be cleared.
  var reasonForNoClearing: String? {
    if setting.source.isSession { return "A recorded session is read-only: q leaves it" }
    return list.kept.isEmpty ? "There is nothing to clear" : nil
  }
}
