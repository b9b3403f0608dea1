import JSON
import TestSupport
import Testing
import Webhooks

@testable import Receiver

/// Whatever the receiver takes can be read again from where it was recorded.
@Suite struct RecordableTests {
  /// The deliveries that come of a request with `byte` in one place of its head.
  private func deliveries(_ before: String, _ byte: UInt8, _ after: String) throws -> [Request] {
    let connection = try HTTPConnection(maxBody: 1000)
    let request = Array(before.utf8) + [byte] + Array("\(after)\r\n\r\n".utf8)
    try connection.feed([request[...]])
    return connection.run.deliveries
  }

  private func readAgain(_ request: Request) throws -> Request? {
    var writer = SessionWriter()
    writer.write(
      Delivery(
        sequence: 1, receivedAt: Samples.arrival, request: request, envelope: Envelope(reading: request),
        verdict: Verdict(.noSecret), isDuplicate: false, attempt: 1,
        answer: Answer(status: 200, milliseconds: 1)))
    guard case .delivery(let delivery) = try SessionRecord(line: writer.bytes) else { return nil }
    return delivery.request
  }

  /// The request as a line of JSON holds it: what is not UTF-8 in a field is U+FFFD there.
  private func asText(_ request: Request) -> Request {
    var request = request
    request.headers = Headers(request.headers.map { .init($0.name.text, $0.value.text) })
    return request
  }

  @Test(
    "every byte that the receiver takes in a head is read again from the recorded line, as far as a text can hold it",
    arguments: [
      ("PO", "ST / HTTP/1.1\r\nHost: a", 0), ("POST /a", "b HTTP/1.1\r\nHost: a", 66),
      ("POST / HTTP/1.1\r\nHost: a\r\nX", "Y: b", 62), ("POST / HTTP/1.1\r\nHost: a\r\nX: a", "b", 94),
      ("POST / HTTP/1.1\r\nHost: a\r\nX:", "b", 94), ("POST / HTTP/1.1\r\nHost: a\r\nX: b", "", 94),
      ("POST / HTTP/1.1\r\nHost: a", "", 26),
    ])
  func bytes(before: String, after: String, atLeast: Int) throws {
    var taken = 0
    for byte in UInt8.min...UInt8.max {
      for request in try deliveries(before, byte, after) {
        taken += 1
        #expect(try readAgain(request) == asText(request), "byte \(byte)")
      }
    }
    #expect(taken >= atLeast)
  }
}
