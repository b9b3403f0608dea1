internal import JSON
internal import Webhooks

/// Every body that may have been signed in place of the one that was received, made one at a time.
struct BodyCandidates {
  private let body: [UInt8]
  private let provider: Provider?
  private let event: ByteString?
  private let neighbours: Neighbours
  private let memory: SearchMemory

  /// The size in bytes of the largest body that copies are made of.
  var largest: Int { memory.candidate / 16 }

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
  func visit(_ visit: Visit) -> Bool {
    guard body.count <= memory.candidate else { return visit(.tooLarge) }
    if visitEdges(of: body, [], visit) || visitEarlier(visit) || visitClosed(visit) { return true }
    if visitSignedOtherwise(visit) || visitRepaired(visit) || visitEdited(visit) { return true }
    if body.count <= largest, LostLines.visit(body, { offer($0, [.linesLost], visit) }) { return true }
    let unmarked = EdgeChange.markAdded.undone(body)
    let first: [BodyChange] = unmarked == nil ? [] : [.edge(.markAdded)]
    if visitReserialised(unmarked ?? body, first, visit) { return true }
    return visitPairs(visit)
  }

  /// What was signed in place of the body, which came as it was sent.
  private func visitSignedOtherwise(_ visit: Visit) -> Bool {
    guard body.count <= largest else { return visit(.tooLarge) }
    if SignedInstead.visit(body, memory, { offer($1, [.instead($0)], visit) }) { return true }
    for encoding in LossyEncoding.allCases {
      guard let text = encoding.encoded(body) else { continue }
      if offer(text, [.lossy(encoding)], visit) { return true }
    }
    return false
  }

  /// The body before a framework changed its values.
  private func visitEdited(_ visit: Visit) -> Bool {
    guard body.count <= largest, let outline = JSONOutline(body, limit: memory.tokens / 4) else {
      return false
    }
    for edit in ValueEdit.allCases
    where edit.visit(outline, { offer($0, [.edited(edit)], visit) }) {
      return true
    }
    return false
  }

  /// The body taken out of two or three wrappings.
  private func visitNested(_ visit: Visit) -> Bool {
    guard body.count <= largest else { return visit(.tooLarge) }
    func unwrap(_ outer: BodyCandidate, depth: Int) -> Bool {
      BodyWrapping.visit(outer.bytes, memory) { wrapping, bytes in
        guard let bytes, wrapping != .base64Removed else { return false }
        let inner = BodyCandidate(bytes: bytes, changes: outer.changes + [.wrapped(wrapping)])
        return offer(bytes, inner.changes, visit) || (depth < 3 && unwrap(inner, depth: depth + 1))
      }
    }
    return BodyWrapping.visit(body, memory) { wrapping, bytes in
      guard let bytes, wrapping != .base64Removed else { return false }
      return unwrap(BodyCandidate(bytes: bytes, changes: [.wrapped(wrapping)]), depth: 2)
    }
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
    if visitNested(visit) { return true }
    func withEdges(_ attempt: BodyAttempt) -> Bool {
      guard case .made(let candidate) = attempt else { return false }
      return visitEdges(of: candidate.bytes, candidate.changes, visit)
    }
    if visitSignedOtherwise(withEdges) || visitEdited(withEdges) { return true }
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

/// What happened to a body on the way, as the difference between what came and what was signed.
enum BodyChange: Sendable {
  case edge(EdgeChange)
  case reserialised(JSONStyle)
  case charset(CharsetDamage)
  case wrapped(BodyWrapping)
  /// The sender signed another text.
  case instead(SignedInstead)
  /// The sender signed the body in an encoding that loses characters.
  case lossy(LossyEncoding)
  /// A framework changed values.
  case edited(ValueEdit)
  case linesLost
  /// The brackets that close the document were missing; `bytes` is how many.
  case cutOff(bytes: Int)
  /// The body is that of an earlier delivery with the same id.
  case earlierDelivery(UInt64)
}

/// A body that may have been signed, and how it comes from the one that was received.
struct BodyCandidate: Sendable {
  let bytes: [UInt8]
  /// Empty for the body as received.
  let changes: [BodyChange]
}

/// What comes of making a candidate.
enum BodyAttempt: Sendable {
  case made(BodyCandidate)
  /// It would take more memory than is allowed.
  case tooLarge
}

/// Finds what closes a JSON document whose last brackets are missing.
enum JSONClosing {
  /// More brackets than these in a row are not what a cut leaves open.
  private static let deepest = 1 << 16

  /// The closing brackets that `body` lacks; nil where it is whole, or lacks more than brackets.
  static func missing(from body: [UInt8]) -> [UInt8]? {
    var lexer = JSONLexer(maximumDepth: .max)
    var open: [UInt8] = []
    do throws(JSONFault) {
      while let token = try lexer.step(in: body.span, separators: false) {
        if token.kind == .beginObject { open.append(UInt8(ascii: "}")) }
        if token.kind == .beginArray { open.append(UInt8(ascii: "]")) }
        if token.kind.isClosing { open.removeLast() }
        guard open.count <= deepest else { return nil }
      }
      return nil
    } catch {
      guard case .cutOff(_, let due) = error, due == .commaOrBrace || due == .commaOrBracket else {
        return nil
      }
      return open.reversed()
    }
  }
}
