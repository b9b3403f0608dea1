internal import JSON
internal import Webhooks

/// Every body that may have been signed in place of the one that was received, made one at a time.
final class BodyCandidates {
  let body: [UInt8]
  private let provider: Provider?
  private let event: ByteString?
  private let neighbours: Neighbours
  /// The unix time in seconds that the signature header says; nil if it says none.
  private let second: Int64?
  let memory: SearchMemory

  /// The size in bytes of the largest body that copies are made of.
  var largest: Int { memory.copied }

  /// Takes an attempt; gives whether the search is over.
  typealias Visit = (BodyAttempt) -> Bool

  /// The candidates for a delivery; its neighbours tell the order of keys, and earlier bodies with the same id.
  init(for subject: DiagnosisSubject, _ neighbours: Neighbours, memory: SearchMemory) {
    body = subject.request.body
    provider = subject.provider
    event = subject.envelope.event
    self.neighbours = neighbours
    second = subject.verdict.timestamp
    self.memory = memory
  }

  /// Hands each candidate to `visit`, the likeliest first, until that says to stop; gives whether it did.
  ///
  /// What pairs of changes begin with is made a second time where it is too large to be kept.
  func visit(_ visit: Visit) -> Bool { visitSingles(visit) || visitPairs(visit) }

  var received: BodyCandidate { BodyCandidate(received: body) }

  /// The candidates that one change made of the body.
  func visitSingles(_ visit: Visit) -> Bool {
    guard body.count <= memory.candidate else { return visit(.tooLarge) }
    let own = received
    if visitEdges(EdgeChange.ofEnds, of: own, visit) || visitEarlier(visit) || visitClosed(visit) {
      return true
    }
    if visitUnwrapped(own, visit) || visitUsual(own, visit) || visitSignedOtherwise(own, visit) {
      return true
    }
    if visitEdited(own, alike: false, visit) || visitLinesLost(own, visit) { return true }
    if visitSignedWrapped(own, visit) { return true }
    return visitReserialised(own, endingAlike: true, visit)
  }

  /// A few candidates, to be paired with what can be wrong beside the body.
  func visitBasic(_ visit: Visit) -> Bool {
    body.count <= largest
      && (visitEdges(EdgeChange.usual, of: received, visit) || visitUsual(unmarked, visit))
  }

  /// The least that happens to a body, to be paired with what has many candidates.
  func visitFewest(_ visit: Visit) -> Bool {
    let changes: [EdgeChange] = [
      .newlineAdded, .newlineDropped, .markAdded, .crlfAdded, .surroundingSpaceAdded,
    ]
    return visitEdges(changes, of: received, visit)
      || (body.count <= largest && visitCompact(unmarked, visit))
  }

  /// The body without the mark in front that no JSON has.
  var unmarked: BodyCandidate {
    EdgeChange.markAdded.undone(body).flatMap { received.undoing(.edge(.markAdded), to: $0) } ?? received
  }

  /// Hands the base before `change` happened to it on, unless that is too large, or no change of it.
  func offer(
    _ bytes: [UInt8], _ change: BodyChange, to base: BodyCandidate, _ visit: Visit
  ) -> Bool {
    guard bytes.count <= memory.candidate else { return visit(.tooLarge) }
    guard let candidate = base.undoing(change, to: bytes) else { return false }
    return visit(.made(candidate))
  }

  /// The base before one of `changes` happened to its ends.
  func visitEdges(
    _ changes: [EdgeChange], of base: BodyCandidate, _ visit: Visit
  ) -> Bool {
    for change in changes {
      guard let bytes = change.undone(base.bytes) else { continue }
      if offer(bytes, .edge(change), to: base, visit) { return true }
    }
    return false
  }

  private func visitEarlier(_ visit: Visit) -> Bool {
    for earlier in neighbours.sameID {
      if offer(earlier.request.body, .earlierDelivery(earlier.sequence), to: received, visit) { return true }
    }
    return false
  }

  /// The body with the brackets that its end lacks, where nothing else is missing.
  private func visitClosed(_ visit: Visit) -> Bool {
    guard let missing = JSONClosing.missing(from: body) else { return false }
    return offer(body + missing, .cutOff(bytes: missing.count), to: received, visit)
  }

  func visitLinesLost(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    base.bytes.count <= largest
      && LostLines.visit(base.bytes) { offer($0, .linesLost, to: base, visit) }
  }

  /// The base taken out of a wrapping, with damage to its characters undone, or read back from a printed value.
  func visitUnwrapped(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    for damage in CharsetDamage.allCases {
      do throws(BodyTooLarge) {
        guard let bytes = try damage.undone(base.bytes, limit: memory.candidate) else { continue }
        if offer(bytes, .charset(damage), to: base, visit) { return true }
      } catch {
        if visit(.tooLarge) { return true }
      }
    }
    // White space around a wrapping is reported, although most decoders ignore it.
    let bare = base.ended(by: []).flatMap { $0.bytes.count < base.bytes.count ? $0 : nil }
    let isStopped = [bare, base].compactMap(\.self).contains { wrapped in
      BodyWrapping.visitWrapped(wrapped.bytes, memory) { wrapping, bytes in
        // The last line end of a multipart form is its own.
        if wrapping == .multipart, wrapped.bytes.count < base.bytes.count { return false }
        guard let bytes else { return visit(.tooLarge) }
        return offer(bytes, .wrapped(wrapping), to: wrapped, visit)
      }
    }
    guard !isStopped, base.bytes.count <= largest else { return isStopped }
    return PrintedReading.allCases.contains { reading in
      reading.document(base.bytes).map { offer($0, .printed(reading), to: base, visit) } ?? false
    }
  }

  /// A wrapping that was signed, and taken off on the way.
  func visitSignedWrapped(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    BodyWrapping.visitRemoved(base.bytes, memory) { wrapping, bytes in
      guard let bytes else { return visit(.tooLarge) }
      return offer(bytes, .wrapped(wrapping), to: base, visit)
    }
  }

  /// The base as the sender compressed and signed it, which was inflated on the way.
  func visitSignedCompressed(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    guard base.bytes.count <= min(largest, Inflation.limit) else { return visit(.tooLarge) }
    return Recompression.visit(base.bytes, second: second) { offer($1, .wrapped($0), to: base, visit) }
  }

  /// What was signed in place of the base, which came as it was sent.
  func visitSignedOtherwise(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    guard base.bytes.count <= largest else { return visit(.tooLarge) }
    let isStopped = SignedInstead.visit(base.bytes, memory) { instead, text in
      if offer(text, .instead(instead), to: base, visit) { return true }
      // A part of the document is often serialised again before it is signed.
      guard case .member = instead, BodyWrapping.isDocument(text) else { return false }
      return base.undoing(.instead(instead), to: text).map { visitUsual($0, visit) } ?? false
    }
    if isStopped { return true }
    for encoding in LossyEncoding.allCases {
      guard let text = encoding.encoded(base.bytes) else { continue }
      if offer(text, .lossy(encoding), to: base, visit) { return true }
    }
    return false
  }

  /// The base before a framework changed its values.
  func visitEdited(_ base: BodyCandidate, alike: Bool, _ visit: Visit) -> Bool {
    guard base.bytes.count <= largest else { return false }
    for edit in ValueEdit.ofText {
      let isStopped = TextEdit(edit)?.visit(base.bytes, alike: alike) {
        offer($0, .edited(edit), to: base, visit)
      }
      if isStopped == true { return true }
    }
    guard let outline = JSONOutline(base.bytes, limit: memory.tokens / 4) else { return false }
    for edit in ValueEdit.ofValues
    where edit.visit(outline, alike: alike, { offer($0, .edited(edit), to: base, visit) }) {
      return true
    }
    return visitLeftOut(outline, of: base, alike: alike, visit)
  }

  /// The base with the members that other bodies of its kind have; what is only documented is often left out, so that
  /// it is tried for the body as it came only, but for its ends.
  private func visitLeftOut(
    _ outline: JSONOutline, of base: BodyCandidate, alike: Bool, _ visit: Visit
  ) -> Bool {
    let isWhole =
      !alike
      && base.changes.allSatisfy { if case .edge = $0 { true } else { false } }
    let edits: [ValueEdit] = isWhole ? [.nullMembersDropped, .emptyMembersDropped] : [.nullMembersDropped]
    return templates.prefix(isWhole ? 2 : neighbours.sameEvent.count).contains { _, template in
      edits.contains { edit in
        edit.visitLeftOut(outline, template, alike: !isWhole) {
          offer($0, .edited(edit), to: base, visit)
        }
      }
    }
  }

  /// Bodies of the same kind to learn the order of keys from, the surest first.
  private(set) lazy var templates: [(JSONStyle.Order, JSONKeyTemplate)] = learnt + documented

  private var learnt: [(JSONStyle.Order, JSONKeyTemplate)] {
    neighbours.sameEvent.compactMap { delivery in
      JSONKeyTemplate(delivery.request.body, limit: memory.tokens / 8).map {
        (.asInDelivery(delivery.sequence), $0)
      }
    }
  }

  private var documented: [(JSONStyle.Order, JSONKeyTemplate)] {
    DocumentedOrder.templates(provider: provider, event: event).map { (.documented, $0) }
  }
}
