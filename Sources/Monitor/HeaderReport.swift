internal import Screen
internal import Webhooks

/// The lines of the headers pane: the request line, then each field as sent.
struct HeaderReport {
  let lines: [[TextRun]]

  init(_ request: Request) {
    var lines = [
      [
        TextRun(request.method, Style(.heading)), TextRun(" "), TextRun(request.target),
        TextRun(" HTTP/\(request.version)", .dim), TextRun("  from \(request.peer)", .dim),
      ]
    ]
    lines += request.headers.fields.map { field in
      [TextRun(field.name, Style(.jsonKey)), TextRun(": ", Style(.punctuation)), TextRun(field.value)]
    }
    if request.headers.fields.contains(where: { $0.value.unicodeScalars.contains("\u{FFFD}") }) {
      lines.append([
        TextRun("A value was not UTF-8: its damaged bytes are shown as \u{FFFD}", Style(.warning))
      ])
    }
    self.lines = lines
  }
}
