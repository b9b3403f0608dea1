import Foundation
import Glibc

/// Requests written byte by byte, one after the other over one connection for as long as it lasts.
///
/// curl refuses to send the worst of them, and a process for each would take minutes.
final class Barrage {
  private let port: UInt16
  private var connection: Int32?

  /// - Parameter url: the receiver's address, as hooktop says it.
  init(_ url: String) throws {
    guard let port = url.split(separator: ":").last.flatMap({ UInt16($0) }) else {
      throw NeverHappened("a port", within: .zero, instead: url)
    }
    self.port = port
  }

  deinit { disconnect() }

  /// Posts a body, and gives the status of the answer; nil if there is none.
  /// - Parameter headers: whole lines without their ends, which may hold any bytes.
  func post(_ body: [UInt8], target: [UInt8] = [0x2F], headers: [[UInt8]] = []) throws -> Int? {
    let end: [UInt8] = [0x0D, 0x0A]
    var request = Array("POST ".utf8) + target + Array(" HTTP/1.1".utf8) + end
    for line in headers
      + ["Host: 127.0.0.1:\(port)", "Content-Length: \(body.count)"].map({ Array($0.utf8) })
    {
      request += line + end
    }
    return try exchange(request + end + body)
  }

  private func exchange(_ request: [UInt8]) throws -> Int? {
    let connection = try connection ?? connect()
    self.connection = connection
    var rest = request[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      // It may have been refused, with an answer, before all of it was read.
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    let answer = readHead(connection)
    if answer.isEmpty || answer.lowercased().contains("connection: close") { disconnect() }
    return answer.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  /// The head of an answer; a body would be taken for the beginning of the next one.
  private func readHead(_ connection: Int32) -> String {
    var head: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !head.suffix(4).elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      head += buffer.prefix(count)
    }
    return String(decoding: head, as: UTF8.self)
  }

  private func connect() throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else {
      close(descriptor)
      throw NeverHappened("a connection to port \(port)", within: .zero, instead: "error \(errno)")
    }
    return descriptor
  }

  private func disconnect() {
    if let connection { close(connection) }
    connection = nil
  }
}
