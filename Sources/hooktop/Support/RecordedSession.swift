internal import DequeModule
internal import Foundation
internal import Monitor
internal import Synchronization
internal import System
internal import Webhooks

/// A recorded session on the screen: read on a thread of its own, so that the keys work while it loads.
///
/// All of it is kept in memory, and no verdict in it changes.
struct RecordedSession: Feed {
  /// What the reading thread and the screen's share.
  private final class Box: Sendable {
    let news = Mutex(RecordedNews())
    let deliveries = Mutex(Deque<Delivery>())
  }

  let source: Source
  let keyring: Keyring
  let tolerance: Double
  let waker: Waker
  private let box = Box()

  /// Begins to load `file`.
  init(_ file: RecordedFile, keyring: Keyring, tolerance: Double) throws(SystemError) {
    source = .session(name: file.name)
    self.keyring = keyring
    self.tolerance = tolerance
    waker = try Waker()
    let thread = Thread { [box, waker] in Self.load(file, into: box, waking: waker) }
    thread.start()
  }

  var wordsOnStopping: String { "hooktop is stopped until fg" }

  var neighbours: @Sendable (Delivery, Int, Int) -> [Delivery] {
    { [box] delivery, limit, reach in
      box.deliveries.withLock { $0.neighbours(of: delivery, limit: limit, reach: reach) }
    }
  }

  func read() -> [Message] { box.news.withLock { $0.take() } }

  /// The verdicts are those of arrival: nothing here is verified again.
  func use(_ keyring: Keyring) {}

  private static func load(_ file: RecordedFile, into box: Box, waking waker: Waker) {
    var file = file
    var fault: String?
    do throws(FileError) {
      while let lines = try file.next() {
        let percent = file.percent
        box.deliveries.withLock { $0.append(contentsOf: lines.compactMap(\.delivery)) }
        box.news.withLock { $0.add(lines, percent: percent) }
        waker.wake()
      }
    } catch {
      fault = error.description
    }
    box.news.withLock { $0.end(fault: fault) }
    waker.wake()
  }
}
