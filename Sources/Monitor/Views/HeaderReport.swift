internal import JSON
internal import Screen
internal import Webhooks

/// The lines of the headers pane: the request line, then each field as sent.
struct HeaderReport {
  let lines: [[TextRun]]

  init(_ request: Request) {
    var lines = [
      [
        TextRun(request.method, Style(.heading)), TextRun(" "), TextRun(request.target.bytes),
        TextRun(" HTTP/\(request.version)", .dim), TextRun("  from \(request.peer)", .dim),
      ]
    ]
    lines += request.headers.map { field in
      [
        TextRun(field.name.bytes, Style(.jsonKey)), TextRun(": ", Style(.punctuation)),
        TextRun(field.value.bytes),
      ]
    }
    if request.headers.contains(where: { $0.value.text.unicodeScalars.contains("\u{FFFD}") }) {
      lines.append([
        TextRun("A value was not UTF-8: its damaged bytes are shown as \u{FFFD}", Style(.warning))
      ])
    }
    self.lines = lines
  }
}
