import Glibc
import NIOCore
import Testing
import Webhooks

@testable import Receiver

@Suite("Why a receiver does not start")
struct ReceiverErrorTests {
  @Test(
    "each reason is one line that says what to do",
    arguments: [
      (
        ReceiverError.portTaken(host: "127.0.0.1", port: 4747),
        "port 4747 on 127.0.0.1 is in use by another program: stop it, or give --port 0 for any free port"
      ),
      (
        .privilegedPort(80),
        "port 80 is reserved for the administrator: give --port with a number from 1024 up"
      ),
      (.portOutOfRange(70000), "there is no port 70000: give --port with a number from 0 to 65535"),
      (
        .addressNotAvailable(host: "8.8.8.8"),
        "8.8.8.8 is not an address of this machine: give --host 127.0.0.1, or 0.0.0.0 for all addresses"
      ),
      (
        .unknownHost("nowhere"),
        "the host nowhere is not known: give --host with an address of this machine, such as 127.0.0.1"
      ),
      (
        .cannotListen(host: "::1", port: 1, reason: "x"),
        "cannot listen on ::1 port 1 (x): try another --host or --port"
      ),
    ])
  func sentences(error: ReceiverError, sentence: String) {
    #expect(error.description == sentence)
  }

  @Test(
    "an error of the system becomes the reason",
    arguments: [
      (EADDRINUSE, ReceiverError.portTaken(host: "h", port: 9)), (EACCES, .privilegedPort(9)),
      (EADDRNOTAVAIL, .addressNotAvailable(host: "h")),
      (EMFILE, .cannotListen(host: "h", port: 9, reason: "Too many open files")),
    ])
  func systemErrors(code: Int32, due: ReceiverError) {
    let configuration = HTTPServer.Configuration(host: "h", port: 9)
    #expect(ReceiverError(IOError(errnoCode: code, reason: "bind"), configuration) == due)
  }

  @Test("a port outside the range, a taken port and a foreign address are refused in words of their own")
  func starting() throws {
    let bench = try Bench()
    func error(host: String = "127.0.0.1", port: Int) -> ReceiverError? {
      #expect(throws: ReceiverError.self) {
        try WebhookReceiver.start(
          .init(host: host, port: port), providers: .builtIn, verifier: .init(keyring: .init()),
          journal: bench.ring)
      }
    }
    #expect(error(port: 65536) == .portOutOfRange(65536))
    #expect(error(port: -1) == .portOutOfRange(-1))
    let taken = bench.receiver.port
    #expect(error(port: taken) == .portTaken(host: "127.0.0.1", port: taken))
    #expect(error(host: "192.0.2.1", port: 0) == .addressNotAvailable(host: "192.0.2.1"))
    #expect(error(host: "no.such.host.invalid", port: 0) == .unknownHost("no.such.host.invalid"))
  }
}
