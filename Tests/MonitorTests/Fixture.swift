import Diagnosis
import TestSupport
import JSON
import Screen
import Webhooks

@testable import Monitor

@testable import Monitor

/// Requests as the providers send them, with fixed ids and times.
enum Fixture {
  /// 2025-04-24 18:13:17 UTC.
  static let start = Timestamp(microseconds: 1_745_518_397_000_000)
  private static let secret = "whsec_monitor_test"

  static func keyring() throws -> Keyring {
    Keyring([
      try SigningSecret(secret, label: "parlay", provider: .parlay),
      try SigningSecret(secret, label: "parable", provider: .parable),
    ])
  }

  static func parlay(
    _ event: String = "analysis.completed", id: String = "evt_1", live: Bool = false,
    data: String = #"{"note":"test"}"#, header: String? = nil, at moment: Timestamp = start
  ) throws -> Request {
    let body =
      #"{"id":"\#(id)","event":"\#(event)","livemode":\#(live),"created_at":"2025-04-24T18:13:17.867123+00:00","data":\#(data)}"#
    return try request(
      .parlay, event, delivery: "d-\(id)", body: Array(body.utf8), header: header, at: moment)
  }

  static func parable(id: String = "cap_1", text: String = "hello") throws -> Request {
    let body =
      #"{"event":"capture.processed","delivery_id":"chain-\#(id)","emitted_at":"2025-04-24T18:13:17.000Z","data":{"id":"\#(id)","text":"\#(text)"}}"#
    return try request(.parable, "capture.processed", delivery: "chain-\(id)", body: Array(body.utf8))
  }

  static func request(
    _ provider: Provider, _ event: String, delivery: String, body: [UInt8], header: String? = nil,
    at moment: Timestamp = start
  ) throws -> Request {
    let signer = try SigningSecret(secret, label: provider.name, provider: provider)
    return Request(
      headers: Headers([
        .init("Host", "127.0.0.1:4747"), .init("Content-Type", "application/json"),
        .init(provider.eventHeader, event), .init(provider.deliveryHeader, delivery),
        .init(
          provider.signatureHeader,
          header ?? signer.signatureHeader(timestamp: moment.microseconds / 1_000_000, body: body)),
      ]), body: body, peer: "127.0.0.1:51234")
  }

  /// What an app said to a replay.
  static func replay(_ status: Int) -> Exchange {
    Exchange(
      at: start, purpose: .replay, url: "http://127.0.0.1:3000/hook", response: .init(status: status),
      milliseconds: .init(total: 12.34))
  }

  /// A check whose first probes an app has answered with these statuses.
  static func progress(_ statuses: [Int], number: Int = 1) throws -> CheckProgress {
    let (request, keyring) = (try parlay(), try keyring())
    var progress = CheckProgress(number: number)
    for (probe, status) in zip(Probe.all, statuses) {
      let draft = SignedDraft(
        headers: request.headers, body: request.body, provider: .parlay, secret: keyring.secrets[0],
        now: start,
        providers: .documented)
      if let sent = probe.applied(to: draft) { _ = progress.report.add(probe, sent, status: status) }
      progress.exchanges.append(replay(status))
    }
    return progress
  }

  /// One of each kind of verdict and of each provider.
  static func mixed() throws -> [Request] {
    [
      try parlay(), try parable(), try parlay("webhook.test", id: "evt_2", live: true),
      try parlay(
        "playbook.published", id: "evt_3", header: "t=1745518397,v1=" + String(repeating: "0", count: 64)),
      try parlay("analysis.failed", id: "evt_4", header: "t=1745518397, v1=00"),
      try parlay(id: "evt_1"),
      Request(headers: Headers([.init("Host", "a")]), body: Array("hello".utf8), peer: "127.0.0.1:4"),
    ]
  }
}

extension Request {
  /// Puts another value into the signature header.
  mutating func sign(_ value: String) {
    headers = Headers(
      headers.map { $0.name == "X-Parlay-Signature" ? Headers.Field($0.name, ByteString(value)) : $0 })
  }
}

extension Fixture {
  /// The columns of a list so wide, in UTC and without dates.
  static func columns(
    _ width: Int, newest: UInt64 = 7, hasApp: Bool = false, hasDates: Bool = false, providerWidth: Int = 8
  ) -> DeliveryColumns {
    DeliveryColumns(
      width: width,
      DeliveryColumn.Setting(
        time: .init(zone: .utc, name: "UTC", hasDates: hasDates), newest: newest, hasApp: hasApp, now: start,
        glyphs: .forCharset(.utf8), providerWidth: providerWidth))
  }
}
