import NIOCore
import Webhooks

/// The first bytes of the request that is on its way on a connection, for the incident that it may become.
///
/// The parser does not say where in what was read a request ends, so that is worked out from its head and the size of
/// its body. Behind a chunked body it is not known until a read ends with a request; nothing is told of a request whose
/// beginning is not known.
struct RequestOpening {
  private static let headEnd = Array("\r\n\r\n".utf8)

  private var bytes: [UInt8] = []
  /// How many bytes of the request have come.
  private var count = 0
  /// Whether the first of `bytes` is the first one of the request.
  private var isKnown = true
  /// What the parser is reading.
  private var current: ByteBuffer?

  /// How many bytes of the request have come; nil if it is not known where it began.
  var size: Int? { isKnown ? count : nil }

  /// What has come of the request; nil if nothing has, or where it began is not known.
  /// - Parameter isHeadOnly: whether what stands behind its head is another request.
  func received(isHeadOnly: Bool = false) -> Incident.Received? {
    guard isKnown, count > 0 else { return nil }
    guard isHeadOnly, let end = bytes.endOfHead else { return Incident.Received(bytes, of: count) }
    return Incident.Received(bytes[..<end], of: end)
  }

  /// Takes bytes that the parser is about to read.
  mutating func add(_ read: ByteBuffer) {
    current = read
    guard isKnown else { return }
    let room = Incident.Received.limit - bytes.count
    if room > 0 { bytes.append(contentsOf: read.readableBytesView.prefix(room)) }
    count += read.readableBytes
  }

  /// Takes the end of the request in what the parser is reading.
  /// - Parameter bodySize: how many bytes of what came were its body; nil if chunks hide that.
  mutating func end(bodySize: Int?) {
    let rest = bodySize.flatMap(rest)
    bytes.removeAll(keepingCapacity: true)
    count = 0
    isKnown = rest != nil
    guard let rest, rest > 0, let current else { return }
    bytes.append(contentsOf: current.readableBytesView.suffix(rest).prefix(Incident.Received.limit))
    count = rest
  }

  /// Takes it that the parser has read all that came.
  /// - Parameter isBetween: whether no head has been read whose request goes on.
  mutating func endRead(isBetween: Bool) {
    // A head that is not whole can't end so, and what was whole has ended.
    if !isKnown, isBetween, current?.readableBytesView.suffix(4).elementsEqual(Self.headEnd) == true {
      isKnown = true
    }
    current = nil
  }

  /// How many bytes came behind the end of the request; nil if that is not known.
  private func rest(bodySize: Int) -> Int? {
    guard isKnown, let end = bytes.endOfHead else { return nil }
    let rest = count - end - bodySize
    return rest >= 0 && rest <= current?.readableBytes ?? 0 ? rest : nil
  }
}
