import Synchronization
public import Webhooks

/// A request as it came: its body is still in the pieces that it grew in.
public struct IncomingRequest: Sendable, Equatable {
  /// All but the body.
  let head: Request
  private var body = BodyPieces()

  /// - Parameter request: its body is taken as the first piece.
  init(_ request: Request) {
    var head = request
    head.body = []
    self.head = head
    append(request.body)
  }

  /// No request: what stands between two.
  static let placeholder = IncomingRequest(Request(headers: Headers(), body: []))

  /// In bytes.
  public var bodySize: Int { body.count }

  mutating func append(_ bytes: some Collection<UInt8>, of announced: Int = 0) {
    body.append(bytes, of: announced)
  }

  /// Makes the body one piece, in a time that grows with it: off the connection's thread where it is large.
  public consuming func joined() -> Request {
    var request = head
    request.body = body.join()
    return request
  }
}

/// Lets a request be taken out once, so that whoever joins its pieces is the only one that holds them.
final class Handover: Sendable {
  private let request: Mutex<IncomingRequest>

  init(_ request: IncomingRequest) { self.request = Mutex(request) }

  func take() -> IncomingRequest {
    request.withLock { request in
      var taken = IncomingRequest.placeholder
      swap(&taken, &request)
      return taken
    }
  }
}

/// The bytes of a growing body. One array would be copied each time that it outgrows its room, and the connection's
/// thread would wait for that; a piece is small enough to be copied.
struct BodyPieces: Sendable, Equatable {
  /// In bytes; all pieces but the last are as large.
  static let pieceSize = 1 << 20

  private var full: [[UInt8]] = []
  private var last: [UInt8] = []

  var count: Int { full.count * Self.pieceSize + last.count }

  /// - Parameter announced: how long the whole body is by its sender; 0 where nobody knows.
  mutating func append(_ bytes: some Collection<UInt8>, of announced: Int) {
    var rest = bytes[...]
    while rest.count > Self.pieceSize - last.count {
      let room = Self.pieceSize - last.count
      grow(by: rest.prefix(room), of: announced)
      rest = rest.dropFirst(room)
      full.append(last)
      last = []
    }
    grow(by: rest, of: announced)
  }

  private mutating func grow(by bytes: some Collection<UInt8>, of announced: Int) {
    let needed = last.count + bytes.count
    let awaited = min(announced - full.count * Self.pieceSize, Self.pieceSize)
    // An announcement costs its sender nothing, so it takes no room by itself: it only keeps the body from growing
    // beyond its end, where what is spare would be dropped by copying all.
    if needed > last.capacity, needed <= awaited { last.reserveCapacity(min(2 * needed, awaited)) }
    last.append(contentsOf: bytes)
  }

  /// Takes the body out, without spare room.
  mutating func join() -> [UInt8] {
    let size = count
    var pieces: [[UInt8]] = []
    swap(&pieces, &full)
    pieces.append(last)
    last = []
    guard size > Self.pieceSize else { return pieces[0].withoutSpareCapacity }
    // From the end on, so that each piece is freed once it is copied: else there would be two of the whole body.
    return [UInt8](unsafeUninitializedCapacity: size) { room, filled in
      var end = size
      while let piece = pieces.popLast() {
        end -= piece.count
        _ = UnsafeMutableBufferPointer(rebasing: room[end...]).update(fromContentsOf: piece)
      }
      filled = size
    }
  }
}

extension [UInt8] {
  // A body that came in parts without an announced length has grown by doubling, and would hold up to its own size
  // again in the journal.
  fileprivate var withoutSpareCapacity: [UInt8] {
    guard capacity - count > 1024 + count / 16 else { return self }
    // A slice of the whole array would share its storage, spare room and all.
    return withUnsafeBufferPointer { Array($0) }
  }
}
