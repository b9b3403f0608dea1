internal import JSON
internal import Webhooks

// Several things that happened to one body.
extension BodyCandidates {
  /// One kind of change that is undone, or one that was made to what was signed.
  private enum Step {
    case edges, undoneEdges, ends, edits, editsAlike, signedOtherwise, signedWrapped, usual, compact
    case compactAndItself, editsAlikeAndCompact, unwrapped, nested, innermost, unwrappedAndNested
    case unwrappedTwice
  }

  func visitPairs(_ visit: Visit) -> Bool {
    let own = BodyCandidate(bytes: body, changes: [])
    if each(of: own, .edges, then: .edges, visit) { return true }
    guard body.count <= largest else { return visit(.tooLarge) }
    let pairs: [(BodyCandidate, Step, Step)] = [
      (own, .unwrapped, .nested), (own, .undoneEdges, .unwrappedTwice), (own, .undoneEdges, .usual),
      (own, .signedOtherwise, .edges), (own, .undoneEdges, .signedOtherwise), (own, .edits, .ends),
      (unmarked, .edits, .ends), (unmarked, .edits, .usual), (own, .compact, .signedOtherwise),
      (own, .undoneEdges, .signedWrapped), (own, .compact, .signedWrapped),
      (unmarked, .editsAlike, .editsAlikeAndCompact),
    ]
    for (base, first, second) in pairs where each(of: base, first, then: second, visit) { return true }
    return false
  }

  /// What `second` makes of each body that `first` makes of `base`.
  private func each(of base: BodyCandidate, _ first: Step, then second: Step, _ visit: Visit) -> Bool {
    take(first, base) { attempt in
      guard case .made(let candidate) = attempt else { return false }
      return take(second, candidate, visit)
    }
  }

  private func take(_ step: Step, _ base: BodyCandidate, _ visit: Visit) -> Bool {
    switch step {
    case .edges: visitEdges(of: base, visit)
    case .undoneEdges: visitEdges(Self.added, of: base, visit)
    case .ends: visitEdges(Self.ends, of: base, visit)
    case .edits: visitEdited(base, alike: false, visit)
    case .editsAlike: visitEdited(base, alike: true, visit)
    case .signedOtherwise: visitSignedOtherwise(base, visit)
    case .signedWrapped: visitSignedWrapped(base, visit)
    case .usual: visitUsual(base, visit)
    case .compact: visitCompact(base, visit)
    case .compactAndItself: visit(.made(base)) || visitCompact(base, visit)
    case .editsAlikeAndCompact: each(of: base, .editsAlike, then: .compactAndItself, visit)
    case .unwrapped: visitUnwrapped(base, visit)
    case .innermost:
      visit(.made(base)) || visitEdges(of: base, visit) || visitUsual(base, visit)
        || visitEdited(base, alike: true, visit)
    // Three wrappings are taken off, one after the other.
    case .nested:
      take(.innermost, base, visit) || visitReserialised(base, visit)
        || each(of: base, .unwrapped, then: .innermost, visit)
        || each(of: base, .unwrapped, then: .unwrappedAndNested, visit)
    case .unwrappedAndNested: each(of: base, .unwrapped, then: .innermost, visit)
    case .unwrappedTwice:
      take(.unwrappedAndNested, base, visit)
        || each(of: base, .unwrapped, then: .unwrappedAndNested, visit)
    }
  }

  /// What is added at the ends of a body.
  private static let added: [EdgeChange] = [
    .newlineAdded, .crlfAdded, .surroundingSpaceAdded, .markAdded, .nulAdded, .textAround, .framedInChunks,
    .sentTwice,
  ]
  /// How ends differ, and line ends.
  private static let ends: [EdgeChange] = [
    .newlineAdded, .crlfAdded, .surroundingSpaceAdded, .newlineDropped, .crlfDropped, .markDropped,
    .linesToCRLF, .linesToLF,
  ]

  /// The base in the two ways in which senders write most.
  func visitCompact(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    for style in Self.most {
      guard let bytes = Reserialisations.written(base.bytes, in: style, memory: memory) else { continue }
      if offer(bytes, base.changes + [.reserialised(style)], visit) { return true }
    }
    return false
  }

  private static let most = [
    JSONStyle(spacing: .compact, order: .asSent, strings: JSONStringStyle()),
    JSONStyle(spacing: .compact, order: .asSent, strings: JSONStringStyle(beyond: .lowercaseEscapes)),
    .python, JSONStyle(spacing: .python, order: .asSent, strings: JSONStringStyle()),
  ]
}
