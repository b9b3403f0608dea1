import Monitor
import Screen
import Webhooks

/// The UI without a terminal: a model with deliveries in it, driven by messages and keys.
struct App {
  private(set) var model: Model
  private let ring: Journal
  private var cursor = Journal.Cursor()
  private var sent = 0
  private let bodySize: (Int) -> Int

  /// - Parameters:
  ///   - bodySize: that of the delivery of a number.
  ///   - isForwarded: whether an app has answered each of them.
  init(kept: Int, bodySize: @escaping (Int) -> Int = { _ in 412 }, isForwarded: Bool = false) {
    self.bodySize = bodySize
    ring = Journal(limits: Journal.Limits(deliveries: kept, bytes: 1 << 30))
    let setting = Setting(
      source: .receiver(address: "http://127.0.0.1:4747"), providers: .builtIn, kept: ring)
    model = Model(
      setting: setting, keyring: Samples.keyring, size: Size(columns: 120, rows: 36))
    tell(.arrived(batch(of: kept)))
    guard isForwarded else { return }
    for sequence in 1...UInt64(kept) { ring.append(Samples.exchange, to: sequence) }
    tell(.arrived(ring.read(after: &cursor)))
  }

  /// Takes one more delivery in, with this body.
  mutating func receive(_ body: [UInt8]) {
    var arrival = Samples.arrival(sent)
    arrival.request.body = body
    kept(arrival, in: ring)
    tell(.arrived(ring.read(after: &cursor)))
  }

  /// What the ring gives after each `size` more deliveries, `count` times.
  mutating func batches(of size: Int, count: Int) -> [Journal.Batch] {
    (0..<count).map { _ in batch(of: size) }
  }

  private mutating func batch(of size: Int) -> Journal.Batch {
    for _ in 0..<size {
      kept(Samples.arrival(sent, bodySize: bodySize(sent)), in: ring)
      sent += 1
    }
    return ring.read(after: &cursor)
  }

  mutating func tell(_ message: Message) {
    _ = model.update(message, at: Samples.arrival)
  }

  mutating func press(_ character: Character) {
    tell(.key(character == "\r" ? .enter : .character(character)))
  }

  mutating func type(_ keys: String) {
    for key in keys { press(key) }
  }

  /// The frame after one more key.
  mutating func after(_ key: Character) -> Canvas {
    press(key)
    return view(model)
  }
}
