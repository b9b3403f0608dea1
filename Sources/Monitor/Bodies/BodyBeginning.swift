internal import Diagnosis
internal import JSON
internal import Screen
internal import Webhooks

/// The first lines of a body that takes long to read, which are shown at once and until all of it has been read.
enum BodyBeginning {
  /// More lines than a screen has.
  static let most = 500
  /// How many bytes of a compressed body are unpacked: that takes longer than to lay them out.
  private static let unpackedLimit = 16 << 10
  /// How many bytes of it are read for that: a stream can go on for long before anything comes out.
  private static let packedLimit = 64 << 10

  /// The first lines as the view of the whole body will show them; nil if a compressed body can't be unpacked that far.
  static func content(of request: Request, _ mode: PayloadMode, hexWidth: Int) -> PaneContent? {
    guard let beginning = beginning(of: request) else { return nil }
    let document = BodyReading(part: beginning).document(mode, BodyWork(hexWidth: hexWidth))
    let lines = PaneContent.payload(document)
    return .beginning(
      (0..<min(most, lines.lineCount)).map { lines.runs(line: $0, search: nil) }, of: document.mode)
  }

  private static func beginning(of request: Request) -> BodyContent? {
    let type = MediaType(request.headers.first("Content-Type"))
    let sent = BodyContent(cutting: request.body, to: Job.inlineLimit, type)
    let encoding = request.headers.first("Content-Encoding")
    guard let compression = BodyCompression(of: request.body, encoding: encoding) else { return sent }
    let isCertain = compression.isCertain(of: request.body)
    // What only the header says is believed of bytes that are nothing else.
    if !isCertain, BodyKind.of(sent).name != BodyKind.binary.name { return sent }
    let unpacked = compression.beginning(
      of: Array(request.body.prefix(packedLimit)), atMost: unpackedLimit)
    guard let unpacked, isCertain || !unpacked.bytes.isEmpty else { return isCertain ? nil : sent }
    return BodyContent(bytes: unpacked.bytes, type: type, isCut: !unpacked.isWhole)
  }
}

extension BodyContent {
  /// The beginning of a body, up to a whole character.
  fileprivate init(cutting body: [UInt8], to limit: Int, _ type: MediaType?) {
    let bytes = Array(body.prefix(limit))
    let isCut = bytes.count < body.count
    self.init(
      bytes: isCut ? Array(bytes[..<bytes.endOfWholeCharacters]) : bytes, type: type, isCut: isCut)
  }
}
