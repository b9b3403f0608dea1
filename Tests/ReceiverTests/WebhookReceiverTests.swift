import Foundation
import Dispatch
import Synchronization
import Testing
import Webhooks

@testable import Receiver

@Suite("The receiver and its promises")
struct ReceiverTests {
  @Test("says where it listens, with the real port")
  func address() throws {
    let bench = try Bench()
    #expect(bench.receiver.port > 0)
    #expect(bench.receiver.address == "http://127.0.0.1:\(bench.receiver.port)")
  }

  @Test("writes an IPv6 host in brackets")
  func addressIPv6() throws {
    let receiver = try WebhookReceiver.start(
      .init(host: "::1", port: 0), providers: .builtIn, verifier: .init(keyring: .init()), journal: .init())
    defer { _ = receiver.stop() }
    #expect(receiver.address == "http://[::1]:\(receiver.port)")
  }

  @Test("goes by the secrets that are set while it runs")
  func settings() throws {
    let bench = try Bench(keyring: Samples.keyring("old"))
    let client = try bench.client()
    func status() throws -> [Int] {
      client.send(try Samples.signed())
      return statuses(client.answers())
    }
    #expect(try status() == [401])
    let keyring = try Samples.keyring()
    bench.receiver.changeKeyring { $0 = keyring }
    #expect(bench.receiver.keyring.secrets.count == 1)
    #expect(try status() == [200])
    #expect(bench.ring.deliveries.map(\.verdict.status) == [.mismatch, .valid])
  }

  @Test("closes its connections and its listener when it stops, and stops once")
  func stop() throws {
    let bench = try Bench()
    let client = try bench.client()
    client.send(Samples.post())
    #expect(statuses(client.answers()) == [200])
    let port = bench.receiver.port
    #expect(bench.receiver.stop())
    _ = bench.receiver.stop()
    #expect(client.rest() == "")
    #expect(throws: RawClient.Refused.self) { try RawClient(port) }
  }

  @Test("P1: what is answered 200 was stored first")
  func storedFirst() throws {
    let bench = try Bench()
    let client = try bench.client()
    for count in 1...100 {
      client.send(Samples.post([UInt8(count)]))
      #expect(statuses(client.answers()) == [200])
      #expect(bench.ring.counts.received == count)
    }
  }

  @Test("P1: what was not stored is answered 503, and the receiver goes on")
  func notStored() throws {
    let disk = StandInRecorder()
    let bench = try Bench(recorder: disk)
    let client = try bench.client()
    disk.isFull = true
    client.send(Samples.post())
    #expect(statuses(client.answers()) == [503])
    disk.isFull = false
    client.send(Samples.post())
    #expect(statuses(client.answers()) == [200])
    #expect(bench.ring.reasons == [.notStored])
    #expect(bench.ring.counts.received == 1)
    #expect(disk.deliveries.map(\.sequence) == [1], "what was not stored uses up no number")
  }

  @Test("what is recorded is on disk before the answer is given")
  func recordedFirst() throws {
    let disk = StandInRecorder()
    let bench = try Bench(recorder: disk)
    let client = try bench.client()
    for count in 1...20 {
      client.send(Samples.post([UInt8(count)]))
      #expect(statuses(client.answers()) == [200])
      #expect(disk.deliveries.count == count)
    }
    client.send(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
    #expect(statuses(client.answers()) == [405])
    bench.wait { $0.counts.incidents == 1 }
    #expect(disk.records.count == 21)
  }

  @Test("deliveries of several connections are recorded in the order of their numbers")
  func recordedInOrder() throws {
    let disk = StandInRecorder()
    let bench = try Bench(recorder: disk)
    let port = bench.receiver.port
    Crowd(of: 8) {
      guard let client = try? RawClient(port) else { return }
      for _ in 0..<50 {
        client.send(Samples.post())
        _ = client.answers()
      }
    }.join()
    #expect(disk.deliveries.map(\.sequence) == Array(1...400))
  }

  @Test("P1: what is kept while it stops is answered, too")
  func answersWhileStopping() throws {
    for _ in 0..<10 {
      let bench = try Bench()
      let (receiver, ring) = (bench.receiver, bench.ring)
      let answered = Tally()
      let crowd = Crowd(of: 8) {
        guard let client = try? RawClient(receiver.port) else { return }
        // Until the connection is closed.
        while true {
          client.send(Samples.post())
          guard statuses(client.answers()) == [200] else { return }
          answered.add()
        }
      }
      bench.wait { $0.counts.received >= 100 }
      #expect(receiver.stop())
      crowd.join()
      #expect(answered.count == ring.counts.received)
    }
  }

  @Test("P2: a reader that never reads holds nothing back, and is told how many it missed")
  func readerThatStalls() throws {
    let bench = try Bench(ringLimits: .init(deliveries: 10))
    var cursor = Journal.Cursor()
    let client = try bench.client()
    for _ in 0..<20 {
      client.send(Array(repeating: Samples.post([1]), count: 25).flatMap { $0 })
      #expect(statuses(client.answers(25)) == Array(repeating: 200, count: 25))
    }
    let batch = bench.ring.read(after: &cursor)
    #expect(batch.deliveries.count == 10)
    #expect(batch.missed == 490)
  }

  @Test("P3: large bodies are kept within the ring's bytes, and what is pushed out is counted")
  func bytes() throws {
    let bench = try Bench(ringLimits: .init(deliveries: 1000, bytes: 1 << 20))
    let client = try bench.client()
    for _ in 0..<40 {
      client.send(Samples.post([UInt8](repeating: 1, count: 100_000)))
      #expect(statuses(client.answers()) == [200])
    }
    let counts = bench.ring.counts
    #expect(bench.ring.deliveries.map(\.request.body.count).reduce(0, +) <= 1 << 20)
    #expect(counts.received == 40)
    #expect(counts.evicted == 40 - bench.ring.deliveries.count)
    #expect(counts.evicted >= 29)
  }

  @Test("P8: slow senders hold up nobody else, and their time ends")
  func slowSenders() throws {
    var limits = HTTPServer.Limits()
    limits.headerDeadline = .seconds(3)
    limits.bodyDeadline = .seconds(3)
    let bench = try Bench(limits: limits)
    let slow = try (0..<40).map { number in
      let client = try bench.client()
      client.send(
        number % 2 == 0 ? "POST / HTTP/1.1\r\nHo" : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na"
      )
      return client
    }
    let good = try bench.client()
    good.send(Samples.post())
    #expect(statuses(good.answers()) == [200])
    for client in slow { #expect(statuses(client.rest()) == [408]) }
    #expect(bench.ring.reasons == Array(repeating: .timeout, count: 40))
  }

  @Test("P8: a sender that reads no answers is not read from without bound, and is closed")
  func unreadAnswers() throws {
    var limits = HTTPServer.Limits()
    limits.idleDeadline = .milliseconds(500)
    limits.headerDeadline = .milliseconds(500)
    let bench = try Bench(limits: limits)
    let client = try RawClient(bench.receiver.port, receiveBuffer: 4096)
    let batch = Array(repeating: Samples.post(), count: 1000).flatMap { $0 }
    var sent = 0
    while case let count = client.send(batch), count == batch.count { sent += count }
    bench.wait { $0.reasons.contains(.timeout) }
    #expect(bench.ring.reasons == [.timeout])
    #expect(sent < 64 << 20)
  }
}

/// Threads of their own that do the same, however few processors there are.
private struct Crowd {
  private let done = DispatchSemaphore(value: 0)
  private let count: Int

  init(of count: Int, _ work: @escaping @Sendable () -> Void) {
    self.count = count
    for _ in 0..<count {
      Thread.detachNewThread { [done] in
        work()
        done.signal()
      }
    }
  }

  /// Waits until all of them are done.
  func join() { for _ in 0..<count { done.wait() } }
}

/// A count that threads share.
private final class Tally: Sendable {
  private let value = Atomic(0)
  var count: Int { value.load(ordering: .sequentiallyConsistent) }
  func add() { value.add(1, ordering: .sequentiallyConsistent) }
}

/// A switch that a test and a receiver share.
final class Flag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool {
    get { value.load(ordering: .relaxed) }
    set { value.store(newValue, ordering: .relaxed) }
  }
}
