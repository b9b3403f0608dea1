internal import JSON
internal import Screen
internal import Webhooks

/// The selected delivery as the signature, body and headers panes show it.
struct Inspection: Sendable {
  /// One pane: its lines, where the user stands in them, and what was searched for.
  struct Part: Sendable {
    var content: PaneContent {
      didSet { memo = LineMemo() }
    }
    var viewport = Viewport()
    var search: PaneSearch?
    /// What is searched for in the background.
    var awaited: Awaited?
    private(set) var memo = LineMemo()
    /// Whether long lines are measured in the background.
    let isMeasuredApart: Bool

    init(content: PaneContent, isMeasuredApart: Bool = false) {
      self.content = content
      self.isMeasuredApart = isMeasuredApart
    }
  }

  /// A text that is searched for in a body too large to search while the keys wait.
  struct Awaited: Sendable {
    let text: String
    /// Whether the user goes to the first match.
    var goesThere = false
    var isAtWork = false
  }

  let delivery: Delivery
  let bodyMode: PayloadMode
  /// What the body is; nil while a large or compressed one is read, or where such a one is shown in hexadecimal at once.
  private(set) var reading: BodyReading?
  /// Where the user was in the body in the view before this one.
  var place: BodyPlace?
  /// What has happened to it, as far as the panes show it.
  private(set) var outcomes: [Outcome]
  /// How many bytes of a body stand on a line in hexadecimal.
  private(set) var hexWidth: Int
  var parts: [Pane: Part]
  /// The first lines of a large body are shown while it is read.
  private(set) var showsBeginning = false
  /// What sets the body apart from others; nil until that is known.
  var marks: BodyMarks?
  /// Whether that has been asked for.
  var isHeldAgainstOthers = false
  /// A large body could not be read.
  private var isUnread = false
  /// Long lines are measured in the background.
  var isMeasuring = false
  /// Measuring them took too long.
  var isUnmeasurable = false
  /// A large body is folded or unfolded in the background.
  var isFolding = false

  /// - Parameter before: the same delivery in another view of its body.
  init(
    _ delivery: Delivery, bodyMode: PayloadMode, hexWidth: Int, setting: Setting,
    signature: SignatureReport, outcomes: [Outcome], searches: [Pane: String], before: Inspection?
  ) {
    self.hexWidth = hexWidth
    self.delivery = delivery
    self.bodyMode = bodyMode
    self.outcomes = outcomes
    place = before?.place
    (marks, isHeldAgainstOthers) = (before?.marks, before?.isHeldAgainstOthers ?? false)
    reading = before?.reading ?? Self.quickReading(of: delivery.request)
    let tokens = delivery.envelope.provider?.tokenHeaders ?? []
    parts = [
      .signature: Part(content: .text(signature.lines)),
      .headers: Part(content: .text(HeaderReport(delivery.request, hiding: tokens).lines)),
      .app: Part(content: .text(AppReport(delivery, outcomes, setting, mode: bodyMode).lines)),
    ]
    if let before {
      for pane in parts.keys { parts[pane]?.viewport = before.parts[pane]?.viewport ?? Viewport() }
    }
    parts[.body] = Part(content: quickBody ?? beginningOfBody())
    if delivery.isLost {
      for pane in [Pane.signature, .body, .headers] {
        parts[pane] = Part(content: .text([[TextRun("\(Self.lost).", Style(.warning))]]))
      }
      isUnread = true
    }
    for (pane, text) in searches { search(text, in: pane) }
  }

  /// Why a request can't be shown that was in a file.
  static let lost = "This request can no longer be read, since the session file changed: open it again"

  /// Why there is no document of the body.
  var reasonForNoDocument: String { delivery.isLost ? Self.lost : "The body has not been read yet" }

  /// What a body is that can be read while the keys wait.
  private static func quickReading(of request: Request) -> BodyReading? {
    guard request.body.count <= Job.inlineLimit, !BodyReading.mayBePacked(request) else { return nil }
    return BodyReading(request.body, request.headers)
  }

  /// The body, where it can be laid out while the keys wait: in hexadecimal it needs no index.
  private var quickBody: PaneContent? {
    let body = delivery.request.body
    let work = BodyWork(hexWidth: hexWidth)
    if bodyMode == .hex {
      return .payload(reading?.document(.hex, work) ?? PayloadDocument(body, mode: .hex, hexWidth: hexWidth))
    }
    if let reading, reading.content.bytes.count <= Job.inlineLimit {
      return .payload(reading.document(bodyMode, work))
    }
    return nil
  }

  /// What stands in place of a large body while it is read.
  private mutating func beginningOfBody() -> PaneContent {
    // Whoever changes the view further down in the body goes on there.
    let isAtStart = place.map { $0.top == 0 && $0.cursor == 0 } ?? true
    if isAtStart, let beginning = BodyBeginning.content(of: delivery.request, bodyMode, hexWidth: hexWidth) {
      (showsBeginning, place) = (true, nil)
      return beginning
    }
    return .text([[TextRun("Reading \(Wording.bytes(delivery.bodySize)).", .dim)]])
  }

  /// Lays a body in hexadecimal out with so many bytes on a line; gives the line where the cursor's bytes are then.
  mutating func layHex(_ width: Int) -> Int? {
    hexWidth = width
    guard let document, document.mode == .hex, let line = parts[.body]?.viewport.cursor.line else {
      return nil
    }
    let fitted = PayloadDocument(document.body, mode: .hex, hexWidth: width)
    parts[.body]?.content = .payload(fitted)
    return fitted.line(containing: document.byteOffset(ofLine: line))
  }

  /// The job that reads and indexes a large or compressed body, and searches it; nil if it is shown already.
  /// - Parameter columns: those that its lines are wrapped at; nil if they are not.
  func unopened(search text: String?, wrappedAt columns: Int?, charset: Charset) -> Job? {
    guard document == nil, !isUnread else { return nil }
    let (delivery, bodyMode, hexWidth, known) = (delivery, bodyMode, hexWidth, reading)
    return Job(.document, priority: .selected, bytes: delivery.cost + (known?.bytes ?? 0)) { clock in
      let isCancelled = { @Sendable in clock() == .max }
      let request = delivery.request
      let reading = known ?? BodyReading(request.body, request.headers, isCancelled: isCancelled)
      let content = PaneContent.payload(
        reading.document(bodyMode, BodyWork(hexWidth: hexWidth, isCancelled: isCancelled)))
      var part = Part(content: content, isMeasuredApart: true)
      part.search = text.map { PaneSearch($0, in: content, isCancelled: isCancelled) }
      let wrapping = columns.map { content.wrapping(columns: $0, charset: charset) }
      part.measureFirst(wrapping, charset: charset, isCancelled: isCancelled)
      return .opened(OpenedBody(delivery: delivery, mode: bodyMode, reading: reading, part: part))
    }
  }

  /// Says why a large body has not been read.
  mutating func refuseBody(_ sentence: String) {
    guard document == nil else { return }
    (isUnread, showsBeginning) = (true, false)
    parts[.body] = Part(content: .text([[TextRun(sentence, Style(.warning))]]))
  }

  /// Shows a body that has been read, where it is still the one to be shown; returns where the user is in its beginning,
  /// which was shown until now.
  mutating func take(_ body: OpenedBody) -> Viewport? {
    guard body.delivery === delivery, body.mode == bodyMode else { return nil }
    reading = body.reading
    let place = showsBeginning ? parts[.body]?.viewport : nil
    showsBeginning = false
    let awaited = parts[.body]?.awaited
    parts[.body] = body.part
    // Another text may have been searched for since, or none any more, or the user wants to go there.
    guard awaited?.goesThere != false || awaited?.text != body.part.search?.text else { return place }
    parts[.body]?.search = nil
    parts[.body]?.awaited = awaited
    return place
  }

  /// The jobs on a large body that are waited for.
  var awaited: Set<Job.Key> {
    var keys: Set<Job.Key> = document == nil && !isUnread ? [.document] : []
    if parts[.body]?.awaited?.isAtWork == true { keys.insert(.search) }
    if isFolding { keys.insert(.fold) }
    if isMeasuring { keys.insert(.measure) }
    return keys
  }

  /// The body's lines; nil while a large one is read.
  var document: PayloadDocument? {
    if case .payload(let document)? = parts[.body]?.content { document } else { nil }
  }

  /// Shows what has become known of the cause since.
  mutating func refreshSignature(_ report: SignatureReport) {
    guard !delivery.isLost else { return }
    let content = PaneContent.text(report.lines)
    parts[.signature]?.content = content
    let search = parts[.signature]?.search?.renewed(in: content)
    parts[.signature]?.search = search
  }

  /// Shows what has happened to the delivery since.
  mutating func take(_ outcomes: [Outcome], _ setting: Setting, _ signature: SignatureReport) {
    guard outcomes != self.outcomes else { return }
    self.outcomes = outcomes
    refreshSignature(signature)
    parts[.app]?.content = .text(AppReport(delivery, outcomes, setting, mode: bodyMode).lines)
    if let text = parts[.app]?.search?.text { search(text, in: .app) }
  }

  mutating func search(_ text: String, in pane: Pane) {
    guard let content = parts[pane]?.content else { return }
    // Nothing is said of a body that has not been read.
    let isLarge = pane == .body && (document.map { $0.body.count > Job.inlineLimit } ?? !isUnread)
    if isLarge {
      parts[pane]?.search = nil
      parts[pane]?.awaited = Awaited(text: text)
    } else {
      parts[pane]?.search = PaneSearch(text, in: content)
    }
  }

  /// The job that searches a large body; nil if it is at work, or nothing is searched for.
  mutating func unsearched() -> Job? {
    guard document != nil, let part = parts[.body], let awaited = part.awaited, !awaited.isAtWork else {
      return nil
    }
    parts[.body]?.awaited?.isAtWork = true
    let (delivery, content) = (delivery, part.content)
    return Job(.search, priority: .asked, bytes: delivery.cost + content.indexBytes) { clock in
      let search = PaneSearch(awaited.text, in: content) { clock() == .max }
      return .searched(BodySearch(delivery: delivery, search: search))
    }
  }
}

/// A text searched for in a large body, in the background.
public struct BodySearch: Sendable {
  let delivery: Delivery
  let search: PaneSearch
}

/// A large body folded in the background, and the line where the cursor stands then.
public struct FoldedBody: Sendable {
  let delivery: Delivery
  let document: PayloadDocument
  let line: Int
}

/// A large body, indexed in the background.
public struct OpenedBody: Sendable {
  let delivery: Delivery
  let mode: PayloadMode
  let reading: BodyReading
  let part: Inspection.Part
}
