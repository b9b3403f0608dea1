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

  /// - Parameter bodySize: that of the delivery of a number.
  init(kept: Int, bodySize: @escaping (Int) -> Int = { _ in 412 }) {
    self.bodySize = bodySize
    ring = Journal(limits: Journal.Limits(deliveries: kept, bytes: 1 << 30))
    let setting = Setting(
      source: .receiver(address: "http://127.0.0.1:4747"), providers: .builtIn, kept: ring)
    model = Model(
      setting: setting, keyring: Samples.keyring, size: Size(columns: 120, rows: 36))
    tell(.arrived(batch(of: kept)))
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
