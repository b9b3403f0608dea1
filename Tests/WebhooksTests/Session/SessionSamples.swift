import TestSupport
@testable import Webhooks

/// Lines of sessions, and how to write and read them in one step.
enum SessionSamples {
  static func line(_ delivery: Delivery) -> String {
    var writer = SessionWriter()
    writer.write(delivery)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  static func line(_ incident: Incident) -> String {
    var writer = SessionWriter()
    writer.write(incident)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  static func line(_ exchange: Exchange, of sequence: UInt64) -> String {
    var writer = SessionWriter()
    writer.write(exchange, of: sequence)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  static func delivery(_ line: String) throws -> Delivery? {
    if case .delivery(let delivery) = try SessionRecord(line: Array(line.utf8)) { delivery } else { nil }
  }

  static func incident(_ line: String) throws -> Incident? {
    if case .incident(let incident) = try SessionRecord(line: Array(line.utf8)) { incident } else { nil }
  }

  /// The line of the design's example, with a body and ids filled in.
  static let example = #"""
    {"kind":"delivery","sequence":12,"received_at":"2026-11-21T18:02:11.482913Z","provider":"parlay",\#
    "event":"analysis.completed","event_id":"evt_1","delivery_id":"del_1","dedupe_key":"evt_1",\#
    "livemode":false,"verdict":{"status":"valid","reason":"ok","age_seconds":3.2,"secret":"parlay"},\#
    "duplicate":false,"attempt":1,"request":{"method":"POST","target":"/","version":"1.1",\#
    "headers":[["Host","127.0.0.1:4747"]],"body_base64":"e30K","body_size":3,"peer":"127.0.0.1:51234"},\#
    "answer":{"status":200,"milliseconds":0.4}}

    """#

  static let incident = #"""
    {"kind":"incident","received_at":"2026-11-21T18:02:11.482913Z","reason":"bad-request",\#
    "detail":"two lengths","peer":"127.0.0.1:9","answer":{"status":400}}

    """#

  static let exchange = #"""
    {"kind":"exchange","sequence":12,"at":"2026-11-21T18:02:11.483000Z","why":"forward",\#
    "url":"http://127.0.0.1:3000/hook","response":{"status":200,"headers":[["Content-Type","text/plain"]],\#
    "body_base64":"b2s=","body_size":2},"error":null,\#
    "milliseconds":{"connect":0.3,"first_byte":11.8,"total":12.1}}

    """#
}
