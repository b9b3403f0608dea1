import JSON
import Synchronization
import Testing

@testable import Webhooks

/// A file of a session in memory, which another program may write to.
private final class FileInMemory: LineStore {
  private let content: Mutex<[UInt8]>
  private let readings = Mutex(0)

  init(_ content: [UInt8]) { self.content = Mutex(content) }

  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    readings.withLock { $0 += 1 }
    return content.withLock { $0.count >= offset + count ? Array($0[offset..<offset + count]) : nil }
  }

  var readCount: Int { readings.withLock { $0 } }

  func change(_ change: (inout [UInt8]) -> Void) { content.withLock { change(&$0) } }

  /// What the lines give, with the requests in this file.
  var deliveries: [Delivery] {
    let bytes = content.withLock { $0 }
    var reader = SessionReader(providers: .builtIn)
    return (reader.cut(bytes) + [reader.cutRest()].compactMap(\.self)).compactMap {
      guard case .success(.delivery(let delivery)) = reader.entry($0, in: self).result else { return nil }
      return delivery
    }
  }

  var packed: Deliveries {
    var deliveries = Deliveries()
    PackedDeliveries(self.deliveries).map { deliveries.add($0) }
    return deliveries
  }
}

@Suite struct DeliveriesTests {
  /// Deliveries that differ in all that a line holds.
  private static func samples(_ numbers: some Sequence<UInt64>) -> [Delivery] {
    numbers.map { number in
      var verdict = Verdict(number % 2 == 0 ? .ok : .noV1Matches)
      verdict.ageSeconds = number % 3 == 0 ? nil : Double(number) / 8
      verdict.secret = number % 2 == 0 ? ByteString("parlay") : nil
      verdict.tolerance = number % 5 == 0 ? nil : 300
      let id = number % 4 == 0 ? nil : ByteString("evt_\(number)")
      let body =
        #"{"id":"evt_\#(number)","event":"a.b","created_at":"2026-11-30T00:00:00.\#(100_000 + number)Z"}"#
      return Delivery(
        sequence: number, receivedAt: Timestamp(microseconds: 1_795_000_000_000_000 + Int64(number)),
        request: Request(
          target: ByteString("/hook/\(number % 3)"),
          headers: [
            .init("Content-Type", "text/\(number % 2)"),
            .init("X-Parlay-Signature", "t=\(1_795_000_000 + number),v1=00"),
          ], body: Array(body.utf8), peer: "127.0.0.1:\(number)"),
        envelope: Envelope(
          provider: Providers.builtIn["parlay"], event: number % 7 == 0 ? nil : "a.b", eventID: id,
          deliveryID: number % 2 == 0 ? ByteString("dlv_\(number)") : nil,
          livemode: number % 2 == 0 ? .live : .test),
        verdict: verdict, isDuplicate: number % 6 == 0, attempt: Int(number % 3) + 1,
        answer: Answer(
          status: number % 9 == 0 ? nil : 200, milliseconds: number % 9 == 0 ? 0 : Double(number) / 16,
          rule: number % 4 == 0 ? RuleName("500 every 2") : nil),
        origin: number % 10 == 0 ? .replay(of: number / 2) : .received,
        endpoint: number % 3 == 0 ? Endpoint("staging") : nil)
    }
  }

  private static func line(_ delivery: Delivery) -> [UInt8] {
    var writer = SessionWriter()
    writer.write(delivery)
    return writer.bytes
  }

  private static func file(_ deliveries: [Delivery]) -> FileInMemory {
    FileInMemory(deliveries.flatMap(line))
  }

  @Test("what is packed is what was read, and its request is in the file")
  func roundTrip() throws {
    let file = Self.file(Self.samples(1...40))
    let (read, packed) = (file.deliveries, file.packed)
    #expect(packed.areFiled && packed.count == 40 && read.count == 40)
    for (delivery, again) in zip(read, packed) {
      #expect(again.sequence == delivery.sequence && again.receivedAt == delivery.receivedAt)
      #expect(again.envelope == delivery.envelope && again.verdict == delivery.verdict)
      #expect(again.isDuplicate == delivery.isDuplicate && again.attempt == delivery.attempt)
      #expect(again.answer == delivery.answer && again.origin == delivery.origin)
      #expect(again.endpoint == delivery.endpoint && again.cost == delivery.cost)
      #expect(again.target == delivery.request.target && again.bodySize == delivery.request.body.count)
      #expect(again.contentType == delivery.request.headers.first("content-type"))
    }
    #expect(file.readCount == 0, "nothing that a list shows is read again")
    for (delivery, again) in zip(read, packed) {
      #expect(again.request == delivery.request && Self.line(again) == Self.line(delivery))
    }
    #expect(file.readCount == 40, "each request is read once")
  }

  @Test("one that is recorded behind later ones gets its place, in whichever pack that is")
  func late() {
    let numbers: [[UInt64]] = [[1, 2, 5], [8, 9, 12], [3, 10, 13], [4, 6, 7], [14]]
    var read = Self.file(Self.samples(numbers.joined())).deliveries[...]
    var deliveries = Deliveries()
    for some in numbers {
      PackedDeliveries(Array(read.prefix(some.count))).map { deliveries.add($0) }
      read = read.dropFirst(some.count)
    }
    let ascending = numbers.joined().sorted()
    #expect((0..<deliveries.count).map(deliveries.sequence) == ascending)
    #expect(deliveries.map(\.sequence) == ascending)
    for number in 0...15 as ClosedRange<UInt64> {
      #expect(deliveries.holds(number) == ascending.contains(number))
      #expect(deliveries.find(number)?.sequence == (ascending.contains(number) ? number : nil))
      #expect(deliveries.firstIndex(from: number) == ascending.count { $0 < number })
    }
    #expect(deliveries.slice(from: 9, atMost: 3).map(\.sequence) == [9, 10, 12])
    #expect(deliveries.slice(before: 9, atMost: 3).map(\.sequence) == [6, 7, 8])
  }

  @Test("the same object is given for a number that was asked for lately, until it is released")
  func recent() throws {
    let file = Self.file(Self.samples(1...600))
    let deliveries = file.packed
    let first = try #require(deliveries.find(1))
    #expect(!first.isAtHand(reading: 10) && first.isAtHand(reading: 10_000))
    #expect(first.request.body.starts(with: Array(#"{"id":"evt_1""#.utf8)) && first.isAtHand(reading: 10))
    for number in 2...600 as ClosedRange<UInt64> {
      _ = deliveries.find(number)
      #expect(deliveries.find(1) === first)
    }
    #expect(deliveries.find(2)?.request.body.isEmpty == false && file.readCount == 2)
    deliveries.release(1)
    #expect(deliveries.find(1) !== first && deliveries.look(at: 3) !== deliveries.look(at: 3))
  }

  @Test(
    "what the file does not hold any more is lost, and is not taken for what was there",
    arguments: [
      { $0.removeLast(2) }, { $0 = [] }, { $0.insert(0x20, at: 0) },
      { $0[$0.count - 100] ^= 1 }, { $0.swapAt($0.count - 3, $0.count - 4) },
    ] as [@Sendable (inout [UInt8]) -> Void])
  func lost(change: @Sendable (inout [UInt8]) -> Void) throws {
    let file = Self.file(Self.samples(1...3))
    let deliveries = file.packed
    file.change(change)
    let last = try #require(deliveries.find(3))
    #expect(!last.isLost)
    #expect(!last.isReadable && last.isLost && last.isAtHand(reading: 0))
    #expect(last.request == Request(target: "/hook/0", headers: [], body: []))
    #expect(last.verdict.status == .mismatch)
  }

  @Test("what is added to the file changes nothing")
  func grown() throws {
    let file = Self.file(Self.samples(1...3))
    let deliveries = file.packed
    file.change { $0 += Array("more".utf8) }
    for delivery in deliveries { #expect(delivery.isReadable) }
  }

  @Test("packed deliveries are seen through a lens, and their types counted")
  func lens() {
    var deliveries = Self.file(Self.samples(1...14)).packed
    #expect(
      deliveries.eventCounts() == ["a.b": 12, nil: 2] && deliveries.providers().map(\.name) == ["parlay"])
    deliveries.look(through: {
      $0.with(request: Request(headers: [], body: []), envelope: Envelope(event: "hidden"))
    })
    #expect(deliveries.isSeenThroughLens && deliveries.eventCounts() == ["hidden": 14])
    #expect(deliveries.find(3)?.envelope.event == "hidden" && deliveries[3].request.body.isEmpty)
    deliveries.look(through: nil)
    #expect(deliveries.find(3)?.envelope.event == "a.b")
  }

  @Test("deliveries in memory are not packed, and picked ones are those that are kept")
  func inMemory() {
    let samples = Self.samples(1...9)
    #expect(PackedDeliveries(samples) == nil && PackedDeliveries([]) == nil)
    let deliveries = Deliveries(samples)
    #expect(!deliveries.areFiled && deliveries.find(4) === samples[3] && deliveries.eventCounts()["a.b"] == 8)
    #expect(PickedDeliveries(of: deliveries, [2, 11, 7]).map(\.sequence) == [2, 7])
    #expect(PickedDeliveries(of: deliveries, [2, 11, 7]).count == 2)
  }

  @Test("the chain of a delivery is found without a look at the others")
  func chain() throws {
    struct Kept: Kindred {
      let deliveries: Deliveries
      let tellsNumbers: Bool
      func deliveries(from sequence: UInt64, atMost limit: Int) -> [Delivery] {
        deliveries.slice(from: sequence, atMost: limit)
      }
      func deliveries(before sequence: UInt64, atMost limit: Int) -> [Delivery] {
        deliveries.slice(before: sequence, atMost: limit)
      }
      func numbers(of chain: EventChain) -> [UInt64]? {
        tellsNumbers ? deliveries.numbers(of: chain) : nil
      }
    }
    let names = ["parlay", "parable"].compactMap { Providers.builtIn[$0] }
    let samples = Self.samples(1...60).map { delivery in
      var envelope = delivery.envelope
      envelope.provider = names[Int(delivery.sequence % 2)]
      envelope.eventID = envelope.eventID.map { _ in ByteString("evt_\(delivery.sequence % 5)") }
      envelope.deliveryID = envelope.deliveryID.map { _ in ByteString("dlv_\(delivery.sequence % 3)") }
      return delivery.with(request: delivery.request, envelope: envelope)
    }
    let kept = Kept(deliveries: Self.file(samples).packed, tellsNumbers: false)
    let known = Kept(deliveries: kept.deliveries, tellsNumbers: true)
    for delivery in kept.deliveries {
      #expect(known.chain(of: delivery).map(\.sequence) == kept.chain(of: delivery).map(\.sequence))
      #expect(
        known.chain(of: delivery, atMost: 2).map(\.sequence)
          == kept.chain(of: delivery, atMost: 2).map(\.sequence))
    }
    let event = try #require(EventChain(of: kept.deliveries[2]))
    #expect(known.numbers(of: event) == kept.deliveries.filter(event.holds).map(\.sequence))
  }
}
