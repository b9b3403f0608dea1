internal import JSON
internal import Webhooks

/// Every body that may have been signed in place of the one that was received, made one at a time.
struct BodyCandidates {
  let body: [UInt8]
  private let provider: Provider?
  private let event: ByteString?
  private let neighbours: Neighbours
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
    self.memory = memory
  }

  /// Hands each candidate to `visit`, the likeliest first, until that says to stop; gives whether it did.
  ///
  /// None is kept: what a pair of changes begins with is made a second time.
  func visit(_ visit: Visit) -> Bool { visitSingles(visit) || visitPairs(visit) }

  /// The candidates that one change made of the body.
  func visitSingles(_ visit: Visit) -> Bool {
    guard body.count <= memory.candidate else { return visit(.tooLarge) }
    let own = BodyCandidate(bytes: body, changes: [])
    if visitEdges(of: own, visit) || visitEarlier(visit) || visitClosed(visit) { return true }
    if visitUnwrapped(own, visit) || visitUsual(own, visit) || visitSignedOtherwise(own, visit) {
      return true
    }
    if visitEdited(own, alike: false, visit) { return true }
    if body.count <= largest, LostLines.visit(body, { offer($0, [.linesLost], visit) }) { return true }
    if visitSignedWrapped(own, visit) { return true }
    return visitReserialised(unmarked, visit)
  }

  /// A few candidates, to be paired with what can be wrong beside the body.
  func visitBasic(_ visit: Visit) -> Bool {
    let own = BodyCandidate(bytes: body, changes: [])
    return body.count <= largest
      && (visitEdges(EdgeChange.usual, of: own, visit) || visitUsual(own, visit))
  }

  /// The least that happens to a body, to be paired with what has many candidates.
  func visitFewest(_ visit: Visit) -> Bool {
    let own = BodyCandidate(bytes: body, changes: [])
    let changes: [EdgeChange] = [
      .newlineAdded, .newlineDropped, .markAdded, .crlfAdded, .surroundingSpaceAdded,
    ]
    return visitEdges(changes, of: own, visit) || (body.count <= largest && visitCompact(own, visit))
  }

  /// The body without the mark in front that no JSON has.
  var unmarked: BodyCandidate {
    let plain = EdgeChange.markAdded.undone(body)
    return BodyCandidate(bytes: plain ?? body, changes: plain == nil ? [] : [.edge(.markAdded)])
  }

  /// Hands `bytes` on unless it is too large, or the body as it came.
  func offer(_ bytes: [UInt8], _ changes: [BodyChange], _ visit: Visit) -> Bool {
    guard bytes.count <= memory.candidate else { return visit(.tooLarge) }
    return bytes != body && visit(.made(BodyCandidate(bytes: bytes, changes: changes)))
  }

  /// The base before one of `changes` happened to its ends.
  func visitEdges(
    _ changes: [EdgeChange] = EdgeChange.allCases, of base: BodyCandidate, _ visit: Visit
  ) -> Bool {
    for change in changes {
      guard let bytes = change.undone(base.bytes) else { continue }
      if offer(bytes, base.changes + [.edge(change)], visit) { return true }
    }
    return false
  }

  private func visitEarlier(_ visit: Visit) -> Bool {
    for earlier in neighbours.sameID {
      if offer(earlier.request.body, [.earlierDelivery(earlier.sequence)], visit) { return true }
    }
    return false
  }

  /// The body with the brackets that its end lacks, where nothing else is missing.
  private func visitClosed(_ visit: Visit) -> Bool {
    guard let missing = JSONClosing.missing(from: body) else { return false }
    return offer(body + missing, [.cutOff(bytes: missing.count)], visit)
  }

  /// The base taken out of a wrapping, with damage to its characters undone, or read back from a printed value.
  func visitUnwrapped(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    for damage in CharsetDamage.allCases {
      do throws(BodyTooLarge) {
        guard let bytes = try damage.undone(base.bytes, limit: memory.candidate) else { continue }
        if offer(bytes, base.changes + [.charset(damage)], visit) { return true }
      } catch {
        if visit(.tooLarge) { return true }
      }
    }
    let isStopped = BodyWrapping.visitWrapped(base.bytes, memory) { wrapping, bytes in
      guard let bytes else { return visit(.tooLarge) }
      return offer(bytes, base.changes + [.wrapped(wrapping)], visit)
    }
    guard !isStopped, base.bytes.count <= largest else { return isStopped }
    return PrintedReading.allCases.contains { reading in
      reading.document(base.bytes).map { offer($0, base.changes + [.printed(reading)], visit) } ?? false
    }
  }

  /// A wrapping that was signed, and taken off on the way.
  func visitSignedWrapped(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    BodyWrapping.visitRemoved(base.bytes, memory) { wrapping, bytes in
      guard let bytes else { return visit(.tooLarge) }
      return offer(bytes, base.changes + [.wrapped(wrapping)], visit)
    }
  }

  /// What was signed in place of the base, which came as it was sent.
  func visitSignedOtherwise(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    guard base.bytes.count <= largest else { return visit(.tooLarge) }
    if SignedInstead.visit(base.bytes, memory, { offer($1, base.changes + [.instead($0)], visit) }) {
      return true
    }
    for encoding in LossyEncoding.allCases {
      guard let text = encoding.encoded(base.bytes) else { continue }
      if offer(text, base.changes + [.lossy(encoding)], visit) { return true }
    }
    return false
  }

  /// The base before a framework changed its values.
  func visitEdited(_ base: BodyCandidate, alike: Bool, _ visit: Visit) -> Bool {
    guard base.bytes.count <= largest else { return false }
    for edit in ValueEdit.ofText {
      for bytes in TextEdit(edit)?.originals(base.bytes) ?? []
      where offer(bytes, base.changes + [.edited(edit)], visit) {
        return true
      }
    }
    guard let outline = JSONOutline(base.bytes, limit: memory.tokens / 4) else { return false }
    for edit in ValueEdit.ofValues
    where edit.visit(outline, alike: alike, { offer($0, base.changes + [.edited(edit)], visit) }) {
      return true
    }
    return visitLeftOut(outline, of: base, alike: alike, visit)
  }

  /// The base with the members that other bodies of its kind have; what is only documented is often left out, so that
  /// it is tried for the body as it came only.
  private func visitLeftOut(
    _ outline: JSONOutline, of base: BodyCandidate, alike: Bool, _ visit: Visit
  ) -> Bool {
    let isWhole = !alike && base.changes.isEmpty
    let edits: [ValueEdit] = isWhole ? [.nullMembersDropped, .emptyMembersDropped] : [.nullMembersDropped]
    return templates.prefix(isWhole ? 2 : neighbours.sameEvent.count).contains { _, template in
      edits.contains { edit in
        edit.visitLeftOut(outline, template, alike: !isWhole) {
          offer($0, base.changes + [.edited(edit)], visit)
        }
      }
    }
  }

  /// The base as most senders would write it.
  func visitUsual(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    guard base.bytes.count <= largest, let outline = JSONOutline(base.bytes, limit: memory.tokens / 4) else {
      return false
    }
    for var style in JSONStyle.usual {
      guard
        let bytes = JSONRendering.bytes(
          of: outline, style: style, plan: .asSent, limit: min(body.count * 8 + 4096, memory.candidate))
      else { continue }
      if offer(bytes, base.changes + [.reserialised(style)], visit) { return true }
      style.endsWithNewline = true
      if offer(bytes + [0x0A], base.changes + [.reserialised(style)], visit) { return true }
    }
    return false
  }

  func visitReserialised(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    do throws(BodyTooLarge) {
      guard let ways = try Reserialisations(base.bytes, templates: templates, memory: memory) else {
        return false
      }
      return ways.visit { bytes, style in
        guard let bytes else { return visit(.tooLarge) }
        return visit(.made(BodyCandidate(bytes: bytes, changes: base.changes + [.reserialised(style)])))
      }
    } catch {
      return visit(.tooLarge)
    }
  }

  /// Bodies of the same kind to learn the order of keys from, the surest first.
  var templates: [(JSONStyle.Order, JSONKeyTemplate)] {
    let learnt = neighbours.sameEvent.compactMap { delivery in
      JSONKeyTemplate(delivery.request.body, limit: memory.tokens / 8).map {
        (JSONStyle.Order.asInDelivery(delivery.sequence), $0)
      }
    }
    return learnt + DocumentedOrder.templates(provider: provider, event: event).map { (.documented, $0) }
  }
}
