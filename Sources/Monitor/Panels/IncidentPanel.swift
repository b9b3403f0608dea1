internal import JSON
internal import Screen
internal import Webhooks

/// One incident in full: what went wrong in words, who it was, what was answered, and the first bytes that came.
struct IncidentPanel: Popup {
  static let title = "Incident"
  private static let columns = 100

  let incident: Incident
  /// Whether all bytes are shown in hexadecimal, and not as text.
  private var isHex: Bool
  var viewport = Viewport()

  init(_ incident: Incident) {
    self.incident = incident
    isHex = incident.received.map { !$0.isText && !$0.hasHead } ?? false
  }

  static let actions: [Action] = [
    action(
      "bytes view", [.character("b")], .list, "Switch the first bytes: text, hex.", hint: "text/hex",
      unavailable: { panel, _ in panel.incident.received == nil ? "No bytes are kept of this incident" : nil }
    ) { panel, model in
      panel.isHex.toggle()
      panel.settle(in: model)
      return []
    },
    action("next incident", [.character("J"), .character("]")], .list, "Show the next, older incident.") {
      $0.step(1, in: &$1)
    },
    action(
      "previous incident", [.character("K"), .character("[")], .list, "Show the previous, newer incident."
    ) {
      $0.step(-1, in: &$1)
    },
  ]

  /// Selects another incident in the list below, and shows that.
  private mutating func step(_ rows: Int, in model: inout Model) {
    guard var list = model.panels.last(IncidentsPanel.self) else { return }
    let before = list.panel.viewport.cursor.line
    list.panel.move(.rows(rows), in: model)
    guard list.panel.viewport.cursor.line != before, let next = list.panel.selected(in: model) else {
      model.notice = Notice("No \(rows > 0 ? "older" : "newer") incident is listed")
      return
    }
    model.panels.set(list.panel, at: list.id)
    self = IncidentPanel(next)
  }

  func content(_ model: Model) -> PopupContent {
    let columns = PopupFrame.textColumns(Self.columns, on: model.size)
    let rows = facts(model, columns) + [[]] + bytes(columns)
    let time = model.setting.zone.text(incident.receivedAt, today: model.now)
    var content = PopupContent("Incident  \(incident.reason.rawValue)  \(time)", columns: columns, rows: rows)
    // The box keeps its size when the view of the bytes is another one.
    if incident.received != nil { content.leastRows = PopupFrame.textRows(on: model.size) }
    return content
  }

  private func facts(_ model: Model, _ columns: Int) -> [[TextRun]] {
    let wrapping = Wrapping(columns: columns, charset: model.setting.charset, proseIndent: 9)
    func fact(_ name: String, _ runs: [TextRun]) -> [[TextRun]] {
      wrapping.rows(of: [TextRun(name + String(repeating: " ", count: 9 - name.utf8.count), .dim)] + runs)
    }
    let answer = incident.status.map { "\($0)" } ?? "none: the connection was closed without one"
    return fact("what", [TextRun(incident.reason.sentence, Style(.failure))])
      + fact("detail", [TextRun(incident.detail)])
      + fact("from", [TextRun(incident.peer.isEmpty ? "unknown" : incident.peer)])
      + fact("time", [TextRun(model.setting.zone.full(incident.receivedAt))])
      + fact("answer", [TextRun(answer)])
  }

  /// The bytes below a line that says how many of them there are.
  private func bytes(_ columns: Int) -> [[TextRun]] {
    guard let received = incident.received else {
      return [
        [TextRun("No bytes are kept: none arrived, or the start of the request is not known.", .dim)]
      ]
    }
    let heading = [TextRun(received.heading, Style(.heading))]
    guard !isHex else {
      let width = columns < PayloadDocument.hexColumns(bytes: 16) ? 8 : 16
      return [heading] + Self.lines(PayloadDocument(received.bytes, mode: .hex, hexWidth: width))
    }
    let head = received.hasHead ? received.headCount ?? received.bytes.count : 0
    let body = Array(received.bytes[head...])
    let rest = body.isEmpty ? [] : Self.lines(PayloadDocument(body, mode: .pretty))
    return [heading] + Self.headLines(received.bytes[..<head]) + rest
  }

  private static func lines(_ document: PayloadDocument) -> [[TextRun]] {
    let content = PaneContent.payload(document)
    return (0..<content.lineCount).map { content.runs(line: $0, search: nil) }
  }

  /// The lines of a head as they were sent, without the CR LF at their ends; a line that ends otherwise says so.
  private static func headLines(_ head: ArraySlice<UInt8>) -> [[TextRun]] {
    var lines = head.split(separator: 0x0A, omittingEmptySubsequences: false)
    let last = lines.popLast().map { $0.isEmpty ? [] : [[TextRun($0)]] } ?? []
    return lines.map { line in
      line.last == 0x0D
        ? [TextRun(line.dropLast())] : [TextRun(line), TextRun("  LF alone", Style(.warning))]
    } + last
  }
}

extension Incident.Received {
  /// Whether all of it can be read, but for what is not ASCII.
  fileprivate var isText: Bool { bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (0x09...0x0D).contains($0) } }

  /// Whether it begins as a request does, though its head may not be whole.
  fileprivate var hasHead: Bool {
    let line = bytes.prefix { $0 != 0x0D && $0 != 0x0A }
    return PayloadSearch(" HTTP/").isFound(in: line)
  }

  /// `The first 4,096 of 12,000 bytes received`.
  fileprivate var heading: String {
    let all = Wording.count(count, "byte")
    return bytes.count < count
      ? "The first \(Wording.grouped(bytes.count)) of \(all) received:" : "\(all) received:"
  }
}

extension Incident.Reason {
  /// What happened, in one sentence.
  fileprivate var sentence: String {
    switch self {
    case .badRequest: "The request is not well-formed HTTP."
    case .tooLarge: "The body is larger than --max-body allows."
    case .headersTooLarge: "The header is larger than the limit."
    case .timeout: "The sender took too long."
    case .aborted: "The sender ended the connection before the request was complete."
    case .wrongMethod: "Webhooks are sent with POST, and this request has another method."
    case .notHTTP: "The bytes received are in another protocol."
    case .expectationFailed: "The request expects something that is not supported."
    case .upgradeRefused: "The request asks to switch protocols, which is not supported."
    case .notStored: "Something could not be stored."
    case .tooManyConnections: "No more connections can be accepted."
    }
  }
}
