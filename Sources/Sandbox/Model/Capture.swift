internal import DequeModule
internal import JSON
internal import Sender
internal import Webhooks

/// A capture in Parable's stream: its document as it was pushed, and how a later fix changes it.
struct Capture: Sendable {
  /// A speaker who gets another name some time after the push.
  struct Rename: Sendable, Equatable {
    let from: String
    let to: String
    let at: Timestamp
  }

  /// Its place in the stream, from 1.
  let sequence: UInt64
  let id: String
  let document: [UInt8]
  var rename: Rename?

  /// The document as it is at a moment.
  func document(at now: Timestamp) -> [UInt8] {
    guard let rename, rename.at <= now else { return document }
    return Transcript.renaming(rename.from, to: rename.to, in: document)
  }
}

/// The captures that the pull API gives, the oldest first, and no more than there is room for.
struct Captures: Sendable {
  private var kept: Deque<Capture> = []
  private var sequences: [String: UInt64] = [:]
  private var bytes = 0
  private let limits: SandboxRules.Limits
  /// The sequence number of the next one.
  private(set) var next: UInt64 = 1

  init(limits: SandboxRules.Limits) {
    self.limits = limits
  }

  var all: Deque<Capture> { kept }

  subscript(id: String) -> Capture? {
    guard let sequence = sequences[id], let first = kept.first?.sequence, sequence >= first else {
      return nil
    }
    return kept[Int(sequence - first)]
  }

  mutating func add(_ capture: Capture) {
    // Places are counted without gaps, so that one is found by its number.
    if let last = kept.last, capture.sequence != last.sequence + 1 { return }
    kept.append(capture)
    sequences[capture.id] = capture.sequence
    bytes += capture.document.count
    next = capture.sequence + 1
    while kept.count > limits.captures || (bytes > limits.documents && kept.count > 1) {
      let oldest = kept.removeFirst()
      sequences[oldest.id] = nil
      bytes -= oldest.document.count
    }
  }

  /// The captures behind a place in the stream, and whether there are more; no more of them than a page has bytes, but
  /// for a first one that is larger.
  func page(after sequence: UInt64, limit: Int) -> (captures: [Capture], hasMore: Bool) {
    guard let first = kept.first?.sequence, sequence < next else { return ([], false) }
    let start = sequence < first ? 0 : Int(sequence - first) + 1
    var (page, size): ([Capture], Int) = ([], 0)
    for capture in kept.dropFirst(start).prefix(limit) {
      size += capture.document.count
      if size > limits.page, !page.isEmpty { break }
      page.append(capture)
    }
    return (page, start + page.count < kept.count)
  }
}

/// What is done to the documents of captures.
enum Transcript {
  /// The document in the body of a sample, and its id.
  static func document(of sample: Sample) -> [UInt8] {
    JSONObject(sample.body)?["data"]?.raw ?? []
  }

  /// A document of somebody's own with the id of its capture in front, in place of one that it has.
  static func document(_ data: [UInt8], id: String) -> [UInt8] {
    var bytes = Array(#"{"id":"#.utf8)
    JSONText.appendPlain(id, to: &bytes)
    guard let outline = JSONOutline(data) else { return bytes + [UInt8(ascii: "}")] }
    for key in outline.keys(ofObjectAt: 0) where !outline.text(at: key).elementsEqual("id".utf8) {
      bytes.append(UInt8(ascii: ","))
      bytes += data[outline.tokens[key].range] + [UInt8(ascii: ":")] + data[outline.range(ofValueAt: key + 1)]
    }
    return bytes + [UInt8(ascii: "}")]
  }

  /// The name of the first participant; nil if the document has none.
  static func speaker(in document: [UInt8]) -> String? {
    JSONObject(document)?["participants"]?.elements?.first?.object?["name"]?.string
  }

  /// The document with another name for a speaker, all else as it is.
  static func renaming(_ name: String, to other: String, in document: [UInt8]) -> [UInt8] {
    guard let outline = JSONOutline(document) else { return document }
    let old = Array(name.utf8)
    var (bytes, copied): ([UInt8], Int) = ([], 0)
    for index in outline.tokens.indices.dropFirst()
    where isName(outline, index) && outline.text(at: index) == old {
      let token = outline.tokens[index]
      bytes += document[copied..<token.start]
      JSONText.appendPlain(other, to: &bytes)
      copied = token.end
    }
    return bytes + document[copied...]
  }

  private static func isName(_ outline: JSONOutline, _ index: Int) -> Bool {
    guard outline.tokens[index].kind == .string, outline.tokens[index - 1].kind == .key else { return false }
    let key = outline.text(at: index - 1)
    return key.elementsEqual("name".utf8) || key.elementsEqual("speaker".utf8)
  }

  /// What Parable posts: the document as it is now.
  static func envelope(_ document: [UInt8], deliveryID: String, at now: Timestamp) -> [UInt8] {
    var bytes = Array(#"{"event":"capture.processed","delivery_id":"#.utf8)
    JSONText.appendPlain(deliveryID, to: &bytes)
    bytes += Array(#","emitted_at":"\#(now.withMilliseconds)","data":"#.utf8)
    return bytes + document + [UInt8(ascii: "}")]
  }
}
