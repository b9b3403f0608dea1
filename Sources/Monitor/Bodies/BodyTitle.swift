internal import Diagnosis
internal import JSON
internal import Screen
internal import Webhooks

extension Inspection {
  /// What the body pane shows: `JSON · pretty · 412 B`, `gzip, 412 B → 1.8 KiB`, why there is no pretty view, and what the
  /// header says where that is something else.
  func bodyTitle(_ charset: Charset) -> [TextRun] {
    guard let document else {
      let size = Wording.bytes(delivery.bodySize)
      return showsBeginning ? [TextRun("  reading \(size)", .dim)] : []
    }
    let dot = " \(Glyphs.forCharset(charset).separator) "
    let words = viewWords(of: document) + [size(of: document, charset)]
    var runs = [TextRun("  " + words.joined(separator: dot))]
    let fault = reading?.packing?.fault.map(\.sentence) ?? document.fault.map(\.sentence)
    if let fault { runs += [TextRun(dot), TextRun(fault, Style(.warning))] }
    if bodyMode == .pretty, let announced = reading?.announced {
      runs += [TextRun("\(dot)header says \(announced.name)", .dim)]
    }
    return runs
  }

  /// `JSON`, `pretty`; the kind alone where it has no view of its own, or where the compression needs the room.
  private func viewWords(of document: PayloadDocument) -> [String] {
    guard bodyMode == .pretty, document.fault == nil, let reading else { return [document.mode.rawValue] }
    let isPlain = document.mode == .raw || document.mode == .pretty && reading.isUnpacked
    return isPlain ? [reading.kind.name] : [reading.kind.name, document.mode.rawValue]
  }

  private func size(of document: PayloadDocument, _ charset: Charset) -> String {
    let sent = Wording.bytes(delivery.bodySize)
    guard let reading, let packing = reading.packing else { return sent }
    let packed = "\(packing.compression.rawValue), \(sent)"
    guard reading.isUnpacked, bodyMode != .hex else { return packed }
    return "\(packed) \(charset == .utf8 ? "→" : "->") \(Wording.bytes(reading.content.bytes.count))"
  }
}
