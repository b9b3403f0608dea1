internal import Screen
internal import Webhooks

/// Draws the byte view: what differs first, then the signed text in hexadecimal and as text.
func drawBytes(_ view: ByteView, _ canvas: inout Canvas, _ model: Model) {
  let parts = view.text.before.isEmpty ? "the body alone, without a readable t" : "t. and body"
  let title = "Signed bytes of #\(view.sequence): \(parts), \(Wording.grouped(view.text.count))"
  let rect = drawPopup(title, columns: 80, lines: model.popupHeight, &canvas)
  let notes = view.notes(canvas.charset)
  let (head, rows) = rect.splitTop(notes.count)
  drawPopupLines(notes, from: 0, &canvas, head)
  for row in 0..<rows.rows {
    let line = view.viewport.top.line + row
    guard line < view.rowCount else { return }
    let place = Point(column: rows.column, row: rows.row + row)
    canvas.draw(rowRuns(view, line, canvas.charset), at: place, width: rows.columns)
  }
}

extension ByteView {
  /// Where the text differs from what it is compared with: what stands above the bytes.
  func notes(_ charset: Charset) -> [[TextRun]] {
    guard let reference else {
      return [
        [TextRun("Nothing to compare with: no proof, and no valid delivery of the same event.", .dim)], [],
      ]
    }
    let other =
      switch reference {
      case .provenOriginal(let secret): "what was signed with \(secret)"
      case .earlierDelivery(let sequence): "the valid delivery #\(sequence) of the same event"
      }
    guard let difference else {
      return [[TextRun("The same bytes as \(other).", Style(.success))], []]
    }
    return [
      [TextRun("First difference from \(other), at byte \(Wording.grouped(difference.offset)):")],
      excerpt("came  ", difference.receivedExcerpt, difference, .failure, charset),
      excerpt("signed", difference.originalExcerpt, difference, .success, charset),
      [],
    ]
  }
}

/// The bytes on one side, the first different one set off.
private func excerpt(
  _ label: String, _ bytes: [UInt8], _ difference: ByteDifference, _ role: Role, _ charset: Charset
) -> [TextRun] {
  let cut = min(difference.offset - difference.excerptStart, bytes.count)
  let text = bytes.map { picture($0, charset) }
  let before = [TextRun("\(label) ", .dim), TextRun(text[..<cut].joined())]
  guard cut < text.count else { return before + [TextRun(" (the end)", .dim)] }
  return before + [
    TextRun(text[cut], Style(role, bold: true, underline: true)),
    TextRun(text.dropFirst(cut + 1).joined()),
  ]
}

/// `000010  7b 22 69 …  {"i`: sixteen bytes, the first different one and what follows it set off.
private func rowRuns(_ view: ByteView, _ line: Int, _ charset: Charset) -> [TextRun] {
  let start = line * ByteView.bytesPerRow
  let bytes = view.text.bytes(in: start..<start + ByteView.bytesPerRow)
  let address = String(start, radix: 16)
  var runs = [TextRun(String(repeating: "0", count: max(0, 6 - address.count)) + address + "  ", .dim)]
  for (index, byte) in bytes.enumerated() {
    let digits = String(byte, radix: 16)
    runs.append(TextRun((digits.count == 1 ? "0" : "") + digits, style(view, start + index)))
    runs.append(TextRun(index == 7 ? "  " : " "))
  }
  let missing = ByteView.bytesPerRow - bytes.count
  runs.append(TextRun(String(repeating: " ", count: missing * 3 + (missing > 8 ? 1 : 0) + 1)))
  return runs + bytes.enumerated().map { TextRun(picture($1, charset), style(view, start + $0)) }
}

private func style(_ view: ByteView, _ index: Int) -> Style {
  if index == view.difference?.offset { return Style(.failure, bold: true, underline: true) }
  return index < view.text.before.count ? Style(.info) : .normal
}

/// One column for a byte: itself, or a picture where it can't be seen.
private func picture(_ byte: UInt8, _ charset: Charset) -> String {
  if (0x21...0x7E).contains(byte) { return String(Unicode.Scalar(byte)) }
  guard charset == .utf8 else { return byte == 0x20 ? " " : "." }
  switch byte {
  case 0x20: return "\u{2423}"
  case 0x00...0x1F: return Unicode.Scalar(0x2400 + UInt32(byte)).map { String($0) } ?? "."
  case 0x7F: return "\u{2421}"
  default: return "\u{00B7}"
  }
}
