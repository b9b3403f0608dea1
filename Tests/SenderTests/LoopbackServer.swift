import Foundation
import Glibc
import Synchronization

/// A server on a free port of loopback that keeps every request as the bytes that came.
final class LoopbackServer: Sendable {
  /// What a connection gets for a request.
  enum Behaviour: Sendable {
    case answer(String)
    /// Each request gets the next one, and those that are left over the last one.
    case answers([String])
    /// The text is sent before anything was read.
    case blurt(String)
    /// The text is sent after the first bytes of a request, of which no more are read.
    case early(String)
    case hangUp
    case silence
    /// One step after the other, and then silence.
    case steps([Step])
  }

  /// A part of what a server does that keeps to no rule.
  enum Step: Sendable {
    case send([UInt8])
    /// The bytes again and again, until the client goes away.
    case endless([UInt8])
    /// The bytes one by one, a millisecond apart.
    case slowly([UInt8])
    /// Closes the connection: in order, or with a reset.
    case close
    case reset
  }

  static let ok = Behaviour.answer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

  let port: UInt16
  private let listener: Int32
  private let seen = Mutex<(requests: [Data], connections: [Int32])>(([], []))

  var url: String { "http://127.0.0.1:\(port)/hooks?x=1" }
  /// Head and body of each request, as they came and as text.
  var bytes: [Data] { seen.withLock { $0.requests } }
  var requests: [String] { bytes.map { String(decoding: $0, as: UTF8.self) } }
  var connectionCount: Int { seen.withLock { $0.connections.count } }

  init(_ behaviour: Behaviour = LoopbackServer.ok) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        precondition(bind(listener, $0, length) == 0 && listen(listener, 64) == 0)
        getsockname(listener, $0, &length)
      }
    }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in accept(behaviour) }
  }

  /// Closes the listener and every connection, which ends the threads.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    for connection in seen.withLock({ $0.connections }) { shutdown(connection, Int32(SHUT_RDWR)) }
  }

  private func accept(_ behaviour: Behaviour) {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { break }
      seen.withLock { $0.connections.append(connection) }
      Thread.detachNewThread { [self] in serve(connection, behaviour) }
    }
    close(listener)
  }

  private func serve(_ connection: Int32, _ behaviour: Behaviour) {
    if case .blurt(let text) = behaviour { Self.send(text, to: connection) }
    if case .early(let text) = behaviour {
      var byte: UInt8 = 0
      if recv(connection, &byte, 1, 0) == 1 { Self.send(text, to: connection) }
      return
    }
    var pending = Data()
    while let request = Self.read(connection, &pending) {
      let number = seen.withLock {
        $0.requests.append(request)
        return $0.requests.count
      }
      switch behaviour {
      case .answers(let texts): Self.send(texts[min(number, texts.count) - 1], to: connection)
      case .answer(let text): Self.send(text, to: connection)
      case .hangUp: shutdown(connection, Int32(SHUT_RDWR))
      case .steps(let steps): for step in steps { Self.take(step, on: connection) }
      case .silence, .blurt, .early: break
      }
    }
  }

  private static func take(_ step: Step, on connection: Int32) {
    switch step {
    case .send(let bytes): send(bytes, to: connection)
    case .endless(let bytes): while send(bytes, to: connection) {}
    case .slowly(let bytes):
      for byte in bytes where send([byte], to: connection) { usleep(1000) }
    case .close: shutdown(connection, Int32(SHUT_RDWR))
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
      close(connection)
    }
  }

  private static func send(_ text: String, to connection: Int32) {
    send(Array(text.utf8), to: connection)
  }

  /// False where the client is gone.
  @discardableResult
  private static func send(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// One whole request, or nil at the end of the connection.
  private static func read(_ connection: Int32, _ pending: inout Data) -> Data? {
    while true {
      if let end = length(of: pending), pending.count >= end {
        defer { pending.removeFirst(end) }
        return Data(pending.prefix(end))
      }
      var buffer = [UInt8](repeating: 0, count: 65536)
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      pending.append(contentsOf: buffer[..<count])
    }
  }

  /// The bytes of head and body, once the head is complete.
  private static func length(of data: Data) -> Int? {
    guard let end = data.range(of: Data("\r\n\r\n".utf8)) else { return nil }
    let head = String(decoding: data[..<end.lowerBound], as: UTF8.self).lowercased()
    let line = head.components(separatedBy: "\r\n").first { $0.hasPrefix("content-length:") }
    let size = line.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
    return end.upperBound - data.startIndex + size
  }
}
