internal import JSON
internal import Screen
public import Webhooks

/// Something of a delivery that the user wants on the clipboard.
public struct CopyOrder: Sendable {
  public enum Content: Sendable {
    case bytes([UInt8])
    /// The command of a request; its body goes to a file where it can't stand in it.
    case curl(CurlCommand)
  }

  /// What it is, in a sentence: `the body of #12`.
  public let what: String
  /// What a file that takes it is called.
  public let fileName: String
  public let content: Content
}

/// Where what was copied is now.
public enum CopyResult: Sendable {
  /// The terminal was given so many bytes; `body` is the file that a command takes its body from.
  case given(bytes: Int, body: String?)
  /// The terminal can't take it, so it is in this file.
  case written(path: String, bytes: Int)
  case failed(String)
}

/// What can be copied of a delivery, in the order of the menu.
enum CopyItem: String, CaseIterable, Sendable {
  case body, value, path, headers, id, curl, diagnosis

  var key: Key { .character(rawValue.first ?? "b") }

  /// What it is called in the menu.
  var title: String {
    switch self {
    case .body: "body, as sent"
    case .value: "value at the body's cursor"
    case .path: "path of that value, for jq"
    case .headers: "headers"
    case .id: "id of the event"
    case .curl: "curl command that sends it again"
    case .diagnosis: "diagnosis, as Markdown"
    }
  }

  /// The verb phrase of the help.
  var sentence: String {
    switch self {
    case .body: "Copy the body as it was sent."
    case .value: "Copy the value at the body's cursor."
    case .path: "Copy that value's path, as jq takes it."
    case .headers: "Copy the headers."
    case .id: "Copy the event's id."
    case .curl: "Copy a curl command that sends it again."
    case .diagnosis: "Copy verdict and diagnosis as Markdown."
    }
  }
}

/// What is to be copied of a body is looked for in the background, since the body may be large.
private struct CopyWork: Sendable {
  let delivery: Delivery
  let keyring: Keyring
  /// The body as it is shown, and the cursor's offset in it; nil if the offset is not known.
  let place: (body: [UInt8], offset: Int)?
  let url: String
  let isSelfSigned: Bool
  let report: MarkdownReport

  private func order(_ what: String, _ fileName: String, _ bytes: [UInt8]) -> CopyOrder {
    CopyOrder(
      what: "\(what) of #\(delivery.sequence)", fileName: "\(delivery.sequence)-\(fileName)",
      content: .bytes(keyring.hidingSecrets(in: bytes)))
  }

  /// The order; nil if there is nothing of that kind.
  func order(_ item: CopyItem, _ isCancelled: () -> Bool) -> CopyOrder? {
    let request = keyring.hidingSecrets(in: delivery.request, of: delivery.envelope.provider)
    switch item {
    case .body: return order("the body", "body", request.body)
    case .value: return found(isCancelled).map { order("the value", "value", $0.content(of: $1)) }
    case .path: return found(isCancelled).map { order("the path", "path", Array($0.0.path)) }
    case .headers:
      let lines = request.headers.map { Array($0.name) + Array(": ".utf8) + Array($0.value) }
      return order("the headers", "headers", Array(lines.joined(separator: [UInt8(ascii: "\n")])))
    case .id:
      return (delivery.envelope.eventID ?? delivery.envelope.deliveryID).map {
        order("the id", "id", Array($0))
      }
    case .curl:
      let command = CurlCommand(request, to: url, isSelfSigned: isSelfSigned)
      return CopyOrder(
        what: "a curl command for #\(delivery.sequence)", fileName: "\(delivery.sequence)-curl.sh",
        content: .curl(command))
    case .diagnosis: return order("the diagnosis", "diagnosis.md", report.text)
    }
  }

  private func found(_ isCancelled: () -> Bool) -> (JSONLocation, [UInt8])? {
    guard let place, let location = JSONLocation(in: place.body, at: place.offset, isCancelled: isCancelled)
    else { return nil }
    return (location, place.body)
  }
}

extension Model {
  /// Why there is no value that could be copied; nil if there is one.
  func reasonForNoValue(of delivery: Delivery) -> String? {
    guard let inspection, inspection.delivery === delivery else {
      return "The body pane shows another delivery by now: press Esc, then y"
    }
    guard inspection.document != nil else { return inspection.reasonForNoDocument }
    return inspection.reading?.kind.name == BodyKind.json.name ? nil : "Only the body of JSON has values"
  }

  /// The delivery that the panes show.
  var shownDelivery: Delivery? { inspection?.delivery ?? list.selection }

  /// Has something of a delivery copied.
  func copy(_ item: CopyItem, of delivery: Delivery) -> [Effect] {
    let work = CopyWork(
      delivery: delivery, keyring: keyring, place: placeOfValue(of: delivery), url: setting.source.address,
      isSelfSigned: setting.fingerprint != nil,
      report: MarkdownReport(report(on: delivery), charset: setting.charset))
    return [
      .run(
        Job(.copy, priority: .asked, bytes: delivery.cost) { clock in
          .prepared(work.order(item) { clock() == .max }, item.title)
        })
    ]
  }

  /// The body's text, and the byte of it that the cursor is at.
  func placeOfValue(of delivery: Delivery) -> (body: [UInt8], offset: Int)? {
    guard reasonForNoValue(of: delivery) == nil, let inspection, let reading = inspection.reading,
      let document = inspection.document, let part = inspection.parts[.body]
    else { return nil }
    if document.mode == .pretty {
      return (reading.content.bytes, document.byteOffset(ofLine: part.viewport.cursor.line))
    }
    guard let place = placeInBody() else { return nil }
    return (reading.content.bytes, reading.moved(place.cursor, from: place.mode, to: .raw))
  }

  /// Gives what was looked for to the terminal.
  mutating func take(prepared order: CopyOrder?, _ title: String) -> [Effect] {
    guard let order else {
      notice = Notice("Nothing was copied: there is no \(title)", .warning)
      return []
    }
    return [.order(.copy(order))]
  }

  /// Tells where what was copied is.
  mutating func take(_ result: CopyResult, of order: CopyOrder) {
    switch result {
    case .given(let bytes, let body):
      let beside = body.map { "; it takes the body from \($0)" } ?? ""
      notice = Notice("Copied \(order.what), \(Wording.bytes(bytes))\(beside)", .success)
    case .written(let path, let bytes):
      notice = Notice("The clipboard can't take \(order.what), \(Wording.bytes(bytes)): it is in \(path)")
    case .failed(let reason): notice = Notice("Nothing was copied: \(reason)", .warning)
    }
  }
}

extension Source {
  /// Where requests are sent to again, without a path: the receiver, or for want of one its usual address.
  var address: String {
    if case .receiver(let address, _) = self { address } else { "http://127.0.0.1:4747" }
  }
}
