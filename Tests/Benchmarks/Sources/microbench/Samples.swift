import JSON
import Webhooks

/// Deliveries and bodies that are the same in every run.
enum Samples {
  static let arrival = Timestamp(microseconds: 1_767_225_600_000_000)

  static let keyring = Keyring([secret].compactMap(\.self))

  private static let secret = try? SigningSecret("whsec_benchmark", label: "parlay", provider: .parlay)

  private static let events = ["analysis.completed", "analysis.failed", "document.created", "webhook.test"]

  /// A signed Parlay delivery with `bodySize` bytes of body, or as few more as its fields take.
  static func request(_ number: Int, bodySize: Int = 412) -> Request {
    let event = events[number % events.count]
    let start =
      #"{"id":"evt_\#(padded(number))","event":"\#(event)","livemode":false,"#
      + #""created_at":"2026-01-01T00:00:00Z","data":{"analysis_id":"an_1","status":"completed","note":""#
    let note = String(repeating: "x", count: max(0, bodySize - start.utf8.count - 3))
    let body = Array((start + note + #""}}"#).utf8)
    let signature = secret?.fields(signing: body, at: Timestamp(microseconds: 1_767_225_600_000_000)).first
    let fields = [
      ("Host", "127.0.0.1:4747"), ("Content-Length", "\(body.count)"), ("Content-Type", "application/json"),
      ("User-Agent", "parlay-webhook/1"), ("X-Parlay-Event", event),
      ("X-Parlay-Delivery", "00000000-0000-4000-8000-0000\(padded(number))"),
      ("X-Parlay-Signature", signature?.value.text ?? ""),
    ]
    return Request(
      headers: Headers(fields.map { Headers.Field($0.0, $0.1) }), body: body, peer: "127.0.0.1:50000")
  }

  /// A signed delivery of any sender, with `bodySize` bytes of body or as few more as its fields take.
  static func request(of sender: Provider, bodySize: Int) throws -> (Request, SigningSecret) {
    let sample = sender.samples.first ?? ProviderSample("a", #"{"id":"evt_1","event":"a","delivery_id":"d"}"#)
    var body = sample.body(id: "1a2b3c4d", at: arrival, isLive: true)
    let end = body.last == UInt8(ascii: "]") ? 2 : 1
    let padding = String(repeating: "x", count: max(0, bodySize - body.count - 9))
    body.insert(contentsOf: #","pad":"\#(padding)""#.utf8, at: body.count - end)
    let key = sender.scheme.kind.isOneWay ? PrivateKey(for: sender.scheme.kind) : nil
    let secret = try SigningSecret(
      key?.publicText ?? (sender.secretPrefix ?? "") + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", label: sender.name,
      provider: sender)
    let url = Array("http://127.0.0.1:4747/".utf8)
    let own = [(sender.eventHeader, sample.event), (sender.deliveryHeader, "d-1")].filter { !$0.0.isEmpty }
    let fields = [
      ("Host", "127.0.0.1:4747"), ("Content-Length", "\(body.count)"), ("Content-Type", "application/json"),
      ("User-Agent", "\(sender.userAgentPrefix ?? "sender/")1"),
    ]
    let time = sender.scheme.timeText(at: arrival)
    // Both of those who sign with a private key sign the time before the body.
    let signed =
      key.map { sender.scheme.fields(with: $0.signature(of: time + body), time: time, id: []) }
      ?? secret.fields(signing: body, at: arrival, id: Array("d-1".utf8), url: url)
    let others = (fields + own).map { Headers.Field($0.0, $0.1) }
      .filter { field in !signed.contains { $0.name == field.name } }
    return (Request(headers: Headers(others + signed), body: body, peer: "127.0.0.1:50000"), secret)
  }

  static func arrival(_ number: Int, bodySize: Int = 412) -> Arrival {
    let request = request(number, bodySize: bodySize)
    let verifier = Verifier(keyring: keyring)
    return Arrival(
      receivedAt: arrival, request: request, envelope: Envelope(reading: request, providers: .builtIn),
      verdict: verifier.verify(request, provider: .parlay, at: arrival),
      answer: Answer(status: 200, milliseconds: 0.1))
  }

  /// What an app answers to each delivery.
  static let exchange = Exchange(
    at: arrival, url: "http://127.0.0.1:3000/hook", response: Exchange.Response(status: 200),
    milliseconds: Exchange.Times(connect: 0.1, firstByte: 1, total: 1.5))

  /// At most `bytes` of `[{"id":0,…},…]`: objects with strings, numbers, words and an array, as they are sent.
  static func records(bytes: Int) -> [UInt8] {
    var body = Array("[".utf8)
    var number = 0
    while true {
      let record = Array(
        (#"{"id":\#(number),"name":"record \#(number)","ok":true,"score":0.5,"tags":["a","b"],"note":null},"#)
          .utf8)
      guard body.count + record.count <= bytes else { break }
      body += record
      number += 1
    }
    if number > 0 { body.removeLast() }
    return body + Array("]".utf8)
  }

  /// At most `bytes` of `[[1],[1],…]`: as many nodes and lines as a body of that size can have.
  static func nodes(bytes: Int) -> [UInt8] {
    let count = max(1, (bytes - 1) / 4)
    return Array("[".utf8) + Array(repeatElement(Array("[1],".utf8), count: count).joined().dropLast())
      + Array("]".utf8)
  }

  private static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
  }
}

/// Keeps an arrival in a journal that records nothing, and so never refuses one.
@discardableResult
func kept(_ arrival: Arrival, in journal: Journal) -> Delivery {
  guard let delivery = try? journal.append(arrival) else { preconditionFailure("refused without a recorder") }
  return delivery
}
