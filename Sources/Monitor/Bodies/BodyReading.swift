internal import Diagnosis
internal import JSON
internal import Screen
internal import Webhooks

/// What a body turned out to be: unpacked where it was compressed, its kind, and the views in which it looks different.
struct BodyReading: Sendable {
  /// A compression that the body came in.
  struct Packing: Sendable {
    let compression: BodyCompression
    /// Why it is shown as it was sent.
    let fault: BodyCompression.Fault?
  }

  /// The most bytes that a body is unpacked to.
  static let unpackedLimit = 32 << 20

  let sent: [UInt8]
  let content: BodyContent
  let kind: BodyKind
  let packing: Packing?
  /// The kind that the header announces, where it is another one.
  let announced: BodyKind?

  /// Reads a body; what takes long where it is compressed is unpacking it.
  init(
    _ body: [UInt8], _ headers: Headers, unpackedLimit: Int = BodyReading.unpackedLimit,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    let type = MediaType(headers.first("Content-Type"))
    let (packing, unpacked) = Self.unpack(
      BodyContent(bytes: body, type: type), headers, unpackedLimit, isCancelled)
    self.init(sent: body, content: BodyContent(bytes: unpacked ?? body, type: type), packing)
  }

  private init(sent: [UInt8], content: BodyContent, _ packing: Packing?) {
    self.sent = sent
    self.content = content
    self.packing = packing
    let kind = packing?.fault == nil ? BodyKind.of(content) : .binary
    self.kind = kind
    let announced = BodyKind.all.first { $0.isAnnounced(by: content.type) }
    self.announced = announced?.name == kind.name || packing?.fault != nil ? nil : announced
  }

  /// A part of another content, which is never unpacked.
  init(part content: BodyContent) { self.init(sent: content.bytes, content: content, nil) }

  /// Whether the body may be compressed, so that reading it is no work for while the keys wait.
  static func mayBePacked(_ request: Request) -> Bool {
    BodyCompression(of: request.body, encoding: request.headers.first("Content-Encoding")) != nil
  }

  /// What the content was packed in; nothing that only the header says is believed until it has been unpacked.
  private static func unpack(
    _ content: BodyContent, _ headers: Headers, _ limit: Int, _ isCancelled: @escaping @Sendable () -> Bool
  ) -> (Packing?, [UInt8]?) {
    let body = content.bytes
    guard let compression = BodyCompression(of: body, encoding: headers.first("Content-Encoding")) else {
      return (nil, nil)
    }
    let isCertain = compression.isCertain(of: body)
    if !isCertain, BodyKind.of(content).name != BodyKind.binary.name { return (nil, nil) }
    do throws(BodyCompression.Fault) {
      let bytes = try compression.unpacked(body, limit: limit, isCancelled: isCancelled)
      if bytes.isEmpty, !isCertain { return (nil, nil) }
      return (Packing(compression: compression, fault: nil), bytes)
    } catch {
      if error == .broken, !isCertain { return (nil, nil) }
      return (Packing(compression: compression, fault: error), nil)
    }
  }

  /// Lays the body out in a view, or as near to it as it allows.
  func document(_ mode: PayloadMode, _ work: BodyWork = BodyWork()) -> PayloadDocument {
    switch mode {
    case .hex: return PayloadDocument(sent, mode: .hex, hexWidth: work.hexWidth)
    case .raw:
      return PayloadDocument(
        content.bytes, mode: .raw, hexWidth: work.hexWidth, isCancelled: work.isCancelled)
    case .pretty:
      do throws(JSONFault) {
        return try kind.layOut(content, work)
      } catch {
        return PayloadDocument(content.bytes, fault: error, hexWidth: work.hexWidth)
      }
    }
  }

  /// What the reading keeps in memory beside the body.
  var bytes: Int { packing?.fault == nil && packing != nil ? content.bytes.count : 0 }
}

extension BodyReading {
  /// The views that differ for this body, in the order in which a key goes through them.
  /// - Parameter document: the body as it is shown.
  static func views(_ reading: BodyReading?, _ document: PayloadDocument?, shownAs mode: PayloadMode)
    -> [PayloadMode]
  {
    guard let reading else { return PayloadMode.allCases }
    // What the pretty view comes to is known once it has been made; before, by the kind.
    let made = mode == .pretty ? document?.mode : nil
    let pretty = made ?? reading.kind.plainView
    return [.pretty] + [PayloadMode.raw, .hex].filter { $0 != pretty || ($0 == .hex && reading.isUnpacked) }
  }

  /// Whether what is laid out is not what was sent.
  var isUnpacked: Bool { packing != nil && packing?.fault == nil }

  /// Where in a view the byte is that is shown at `offset` in another one.
  func moved(_ offset: Int, from mode: PayloadMode, to other: PayloadMode) -> Int {
    guard isUnpacked, (mode == .hex) != (other == .hex) else { return offset }
    let counts = (sent: sent.count, content: content.bytes.count)
    return mode == .hex
      ? Self.scaled(offset, from: counts.sent, to: counts.content)
      : Self.scaled(offset, from: counts.content, to: counts.sent)
  }

  // No byte of compressed data stands for one that was compressed; this one stands about where it does.
  private static func scaled(_ offset: Int, from count: Int, to other: Int) -> Int {
    count == 0 ? 0 : Int(Double(offset) / Double(count) * Double(other))
  }
}
