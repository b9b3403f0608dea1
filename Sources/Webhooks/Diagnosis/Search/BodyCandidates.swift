internal import JSON

/// Every body that may have been signed in place of the one that was received, made one at a time.
struct BodyCandidates {
  private let body: [UInt8]
  private let provider: Provider?
  private let event: String?
  private let neighbours: Neighbours

  /// The candidates for a delivery; its neighbours tell the order of keys, and earlier bodies with the same id.
  init(for subject: DiagnosisSubject, _ neighbours: Neighbours) {
    body = subject.request.body
    provider = subject.provider
    event = subject.envelope.event
    self.neighbours = neighbours
  }

  /// Hands each candidate to `visit`, the likeliest first, until that says to stop; gives whether it did.
  func visit(_ visit: (BodyCandidate) -> Bool) -> Bool {
    if visitEdges(of: body, [], visit) || visitEarlier(visit) || visitClosed(visit) { return true }
    var repaired: [BodyCandidate] = []
    let isOver = visitRepaired { candidate in
      repaired.append(candidate)
      return visit(candidate)
    }
    if isOver { return true }
    let unmarked = EdgeChange.markAdded.undone(body)
    let first: [BodyChange] = unmarked == nil ? [] : [.edge(.markAdded)]
    if visitReserialised(unmarked ?? body, first, visit) { return true }
    return visitPairs(repaired, visit)
  }

  private func visitEdges(
    of body: [UInt8], _ changes: [BodyChange], _ visit: (BodyCandidate) -> Bool
  ) -> Bool {
    for change in EdgeChange.allCases {
      guard let bytes = change.undone(body) else { continue }
      if visit(BodyCandidate(bytes: bytes, changes: changes + [.edge(change)])) { return true }
    }
    return false
  }

  private func visitEarlier(_ visit: (BodyCandidate) -> Bool) -> Bool {
    for earlier in neighbours.sameID where earlier.request.body != body {
      let candidate = BodyCandidate(
        bytes: earlier.request.body, changes: [.earlierDelivery(earlier.sequence)])
      if visit(candidate) { return true }
    }
    return false
  }

  /// The body with the brackets that its end lacks, where nothing else is missing.
  private func visitClosed(_ visit: (BodyCandidate) -> Bool) -> Bool {
    guard let missing = JSONClosing.missing(from: body) else { return false }
    return visit(BodyCandidate(bytes: body + missing, changes: [.cutOff(bytes: missing.count)]))
  }

  /// The body with damage to its characters undone, or taken out of a wrapping.
  private func visitRepaired(_ visit: (BodyCandidate) -> Bool) -> Bool {
    for damage in CharsetDamage.allCases {
      guard let bytes = damage.undone(body), bytes != body else { continue }
      if visit(BodyCandidate(bytes: bytes, changes: [.charset(damage)])) { return true }
    }
    for (wrapping, bytes) in BodyWrapping.all(of: body) where bytes != body {
      if visit(BodyCandidate(bytes: bytes, changes: [.wrapped(wrapping)])) { return true }
    }
    return false
  }

  private func visitReserialised(
    _ body: [UInt8], _ changes: [BodyChange], _ visit: (BodyCandidate) -> Bool
  ) -> Bool {
    guard let ways = Reserialisations(body, templates: templates) else { return false }
    return ways.visit { bytes, style in
      visit(BodyCandidate(bytes: bytes, changes: changes + [.reserialised(style)]))
    }
  }

  /// Bodies of the same kind to learn the order of keys from, the surest first.
  private var templates: [(JSONStyle.Order, JSONKeyTemplate)] {
    let learnt = neighbours.sameEvent.compactMap { delivery in
      JSONKeyTemplate(delivery.request.body).map {
        (JSONStyle.Order.asInDelivery(delivery.sequence), $0)
      }
    }
    return learnt + DocumentedOrder.templates(provider: provider, event: event).map { (.documented, $0) }
  }

  /// Two things that happened to one body.
  private func visitPairs(_ repaired: [BodyCandidate], _ visit: (BodyCandidate) -> Bool) -> Bool {
    for change in EdgeChange.allCases {
      guard let bytes = change.undone(body) else { continue }
      if visitEdges(of: bytes, [.edge(change)], { $0.bytes != body && visit($0) }) { return true }
    }
    for candidate in repaired where !candidate.isBase64Removed {
      if visitEdges(of: candidate.bytes, candidate.changes, visit) { return true }
      if visitReserialised(candidate.bytes, candidate.changes, visit) { return true }
    }
    return false
  }
}

extension BodyCandidate {
  /// What was encoded here can't be JSON, and need not be looked into further.
  fileprivate var isBase64Removed: Bool {
    if case .wrapped(.base64Removed)? = changes.first { true } else { false }
  }
}
