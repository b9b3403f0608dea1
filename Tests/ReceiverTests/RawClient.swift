import Dispatch
import Glibc
import NIOCore
import Testing
import Webhooks

@testable import Receiver

/// A blocking TCP client that sends and reads bytes as a test says; nothing in it waits longer than ten seconds.
final class RawClient {
  /// Nobody listens there.
  struct Refused: Error {}

  private var descriptor: Int32
  /// Whether a read ended because nothing came for ten seconds, and not with the connection.
  private(set) var hasWaitedInVain = false

  /// - Parameter receiveBuffer: in bytes, of the kernel's buffer for what has come and is not read.
  init(_ port: Int, receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    // What a test sends in pieces goes out in these pieces.
    var atOnce: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &atOnce, socklen_t(MemoryLayout<Int32>.size))
    let descriptor = descriptor
    let result = try SocketAddress(ipAddress: "127.0.0.1", port: port)
      .withSockAddr { connect(descriptor, $0, socklen_t($1)) }
    guard result == 0 else { throw Refused() }
  }

  deinit { close() }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Closes so that the peer sees a reset.
  func reset() {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    close()
  }

  func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Returns how many bytes went out before the peer would take no more.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Int {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return sent }
      sent += count
    }
    return sent
  }

  func send(_ text: String) { send(Array(text.utf8)) }

  /// The next bytes; nil at the end of the connection, in good order or not.
  func receive() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0, errno == EAGAIN { hasWaitedInVain = true }
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  /// Reads until `count` answers have come, or the connection ends.
  func answers(_ count: Int = 1) -> String {
    var text = ""
    while text.components(of: "\r\n\r\n") < count, let bytes = receive() {
      text += String(decoding: bytes, as: UTF8.self)
    }
    return text
  }

  /// Reads all until the peer closes.
  func rest() -> String {
    var text = ""
    while let bytes = receive() { text += String(decoding: bytes, as: UTF8.self) }
    return text
  }
}

extension String {
  fileprivate func components(of separator: String) -> Int {
    split(separator: separator, omittingEmptySubsequences: false).count - 1
  }
}

/// A running receiver on a free port, its ring, and a way to wait for what comes into it.
final class Bench {
  let ring: Journal
  let receiver: WebhookReceiver
  let intake: Intake
  private let appended = DispatchSemaphore(value: 0)

  init(
    keyring: Keyring = Keyring(), limits: HTTPServer.Limits = .init(), maxBody: Int = 1 << 20,
    ringLimits: Journal.Limits = .init(), recorder: (any Recorder)? = nil,
    tls: TLSIdentity? = nil
  ) throws {
    let appended = appended
    ring = Journal(limits: ringLimits, recorder: recorder) { appended.signal() }
    intake = Samples.intake(ring, keyring: keyring)
    var configuration = HTTPServer.Configuration(port: 0, maxBody: maxBody, limits: limits, tls: tls)
    configuration.clock = { Samples.moment }
    receiver = try WebhookReceiver.start(configuration, intake: intake)
  }

  deinit { _ = receiver.stop() }

  func client() throws -> RawClient { try RawClient(receiver.port) }

  /// Waits until the ring is as wanted, ten seconds at most.
  func wait(until condition: (Journal) -> Bool) {
    while !condition(ring) {
      guard appended.wait(timeout: .now() + 10) == .success else { return }
    }
  }
}
