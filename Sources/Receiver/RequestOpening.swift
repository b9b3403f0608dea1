import NIOCore
import Webhooks

/// The first bytes of the request that is on its way on a connection, for the incident that it may become.
///
/// Nothing is copied of a request that comes whole in one read, as nearly all do.
struct RequestOpening {
  /// The first bytes of the request, from the reads before.
  private var bytes: [UInt8] = []
  /// How many bytes of it came in the reads before.
  private var count = 0
  /// What is being read, and where in it the request begins or goes on.
  private var current: ByteBuffer?
  private var start = 0
  /// How many bytes the request's head takes, once that is known.
  private var headSize: Int?

  /// How many bytes have come since the last request ended.
  var size: Int { count + rest.count }

  /// What has come of the request, and stands in what is being read.
  private var rest: ByteBufferView.SubSequence {
    current?.readableBytesView.dropFirst(start) ?? ByteBufferView().dropFirst(0)
  }

  /// What has come of the request; nil if nothing has.
  /// - Parameter isHeadOnly: whether what stands behind its head is another request.
  func received(isHeadOnly: Bool = false) -> Incident.Received? {
    guard size > 0 else { return nil }
    let size = isHeadOnly ? headSize ?? size : size
    let room = min(size, Incident.Received.limit)
    return Incident.Received((bytes + rest.prefix(max(0, room - bytes.count))).prefix(room), of: size)
  }

  /// Takes what is about to be read.
  mutating func begin(_ read: ByteBuffer) {
    current = read
    start = 0
  }

  /// Takes the end of the request's head.
  /// - Parameter position: behind it in what is being read.
  mutating func endHead(at position: Int) { headSize = count + position - start }

  /// Takes the end of the request.
  /// - Parameter position: behind it in what is being read.
  mutating func end(at position: Int) {
    if count > 0 {
      bytes = []
      count = 0
    }
    start = position
    headSize = nil
  }

  /// Takes it that all is read, and keeps what the request may be known by.
  mutating func endRead() {
    if !rest.isEmpty {
      bytes.append(contentsOf: rest.prefix(max(0, Incident.Received.limit - bytes.count)))
      count += rest.count
    }
    current = nil
  }
}
