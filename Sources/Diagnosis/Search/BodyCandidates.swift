internal import JSON
internal import Webhooks

/// Every body that may have been signed in place of the one that was received, made one at a time.
struct BodyCandidates {
  private let body: [UInt8]
  private let provider: Provider?
  private let event: String?
  private let neighbours: Neighbours
  private let memory: SearchMemory

  /// Takes an attempt; gives whether the search is over.
  typealias Visit = (BodyAttempt) -> Bool

  /// The candidates for a delivery; its neighbours tell the order of keys, and earlier bodies with the same id.
  init(for subject: DiagnosisSubject, _ neighbours: Neighbours, memory: SearchMemory) {
    body = subject.request.body
    provider = subject.provider
    event = subject.envelope.event?.text
    self.neighbours = neighbours
    self.memory = memory
  }

  /// Hands each candidate to `visit`, the likeliest first, until that says to stop; gives whether it did.
  ///
  /// None is kept: what a pair of changes begins with is made a second time.
  func visit(_ visit: Visit) -> Bool {
    guard body.count <= memory.candidate else { return visit(.tooLarge) }
    if visitEdges(of: body, [], visit) || visitEarlier(visit) || visitClosed(visit) { return true }
    if visitRepaired(visit) { return true }
    let unmarked = EdgeChange.markAdded.undone(body)
    let first: [BodyChange] = unmarked == nil ? [] : [.edge(.markAdded)]
    if visitReserialised(unmarked ?? body, first, visit) { return true }
    return visitPairs(visit)
  }

  /// Hands `bytes` on unless it is too large, or the body as it came.
  private func offer(_ bytes: [UInt8], _ changes: [BodyChange], _ visit: Visit) -> Bool {
    guard bytes.count <= memory.candidate else { return visit(.tooLarge) }
    return bytes != body && visit(.made(BodyCandidate(bytes: bytes, changes: changes)))
  }

  private func visitEdges(of body: [UInt8], _ changes: [BodyChange], _ visit: Visit) -> Bool {
    for change in EdgeChange.allCases {
      guard let bytes = change.undone(body) else { continue }
      if offer(bytes, changes + [.edge(change)], visit) { return true }
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

  /// The body with damage to its characters undone, or taken out of a wrapping.
  private func visitRepaired(_ visit: Visit) -> Bool {
    for damage in CharsetDamage.allCases {
      do throws(BodyTooLarge) {
        guard let bytes = try damage.undone(body, limit: memory.candidate) else { continue }
        if offer(bytes, [.charset(damage)], visit) { return true }
      } catch {
        if visit(.tooLarge) { return true }
      }
    }
    return BodyWrapping.visit(body, memory) { wrapping, bytes in
      guard let bytes else { return visit(.tooLarge) }
      return offer(bytes, [.wrapped(wrapping)], visit)
    }
  }

  private func visitReserialised(_ body: [UInt8], _ changes: [BodyChange], _ visit: Visit) -> Bool {
    do throws(BodyTooLarge) {
      guard let ways = try Reserialisations(body, templates: templates, memory: memory) else { return false }
      return ways.visit { bytes, style in
        guard let bytes else { return visit(.tooLarge) }
        return visit(.made(BodyCandidate(bytes: bytes, changes: changes + [.reserialised(style)])))
      }
    } catch {
      return visit(.tooLarge)
    }
  }

  /// Bodies of the same kind to learn the order of keys from, the surest first.
  private var templates: [(JSONStyle.Order, JSONKeyTemplate)] {
    let learnt = neighbours.sameEvent.compactMap { delivery in
      JSONKeyTemplate(delivery.request.body, limit: memory.tokens / 8).map {
        (JSONStyle.Order.asInDelivery(delivery.sequence), $0)
      }
    }
    return learnt + DocumentedOrder.templates(provider: provider, event: event).map { (.documented, $0) }
  }

  /// Two things that happened to one body.
  private func visitPairs(_ visit: Visit) -> Bool {
    for change in EdgeChange.allCases {
      guard let bytes = change.undone(body) else { continue }
      if visitEdges(of: bytes, [.edge(change)], visit) { return true }
    }
    return visitRepaired { attempt in
      guard case .made(let candidate) = attempt, !candidate.isBase64Removed else { return false }
      return visitEdges(of: candidate.bytes, candidate.changes, visit)
        || visitReserialised(candidate.bytes, candidate.changes, visit)
    }
  }
}

extension BodyCandidate {
  /// What was encoded here can't be JSON, and need not be looked into further.
  fileprivate var isBase64Removed: Bool {
    if case .wrapped(.base64Removed)? = changes.first { true } else { false }
  }
}
