internal import JSON
internal import Webhooks

// Several things that happened to one body.
extension BodyCandidates {
  /// One kind of change that is undone, or one that was made to what was signed.
  private enum Step {
    case mark, markLost, edges, added, ends, textAround, edits, editsAlike, usual, compact
    case reserialised, reserialisedWithOtherEnd, linesLost
    case unwrapped, innermost, unwrappedOrInnermost
    case signedOtherwise, signedEnds, signedWrapped, signedCompressed
  }

  /// What may have happened, the fewest changes first and then the most common ones, since the first chain that leads to
  /// some bytes is the one that is told; the last change of each chain comes first.
  private static let chains: [[Step]] =
    [[.edges, .edges]] + pairs + triples + longer

  private static let pairs: [[Step]] = [
    [.mark, .usual], [.edits, .ends], [.mark, .edits], [.reserialisedWithOtherEnd],
    [.mark, .reserialised],
    [.edits, .usual], [.unwrapped, .unwrappedOrInnermost], [.textAround], [.added, .unwrapped],
    [.textAround, .usual],
    [.ends, .signedOtherwise], [.mark, .signedOtherwise], [.compact, .signedOtherwise],
    [.signedOtherwise, .signedEnds], [.added, .signedWrapped], [.compact, .signedWrapped],
    [.added, .linesLost], [.editsAlike, .editsAlike], [.signedCompressed], [.added, .signedCompressed],
    [.markLost, .signedWrapped], [.markLost, .signedOtherwise],
  ]

  private static let triples: [[Step]] = [
    [.mark, .edits, .ends], [.mark, .edits, .usual], [.mark, .reserialisedWithOtherEnd],
    [.editsAlike, .editsAlike, .ends], [.mark, .editsAlike, .editsAlike],
    [.editsAlike, .editsAlike, .compact], [.mark, .editsAlike, .editsAlike, .compact],
    [.unwrapped, .unwrapped, .innermost], [.added, .unwrapped, .unwrappedOrInnermost],
    [.mark, .compact, .signedOtherwise],
  ]

  /// Three wrappings are taken off, one after the other.
  private static let longer: [[Step]] = [
    [.unwrapped, .unwrapped, .unwrappedOrInnermost], [.unwrapped, .unwrapped, .unwrapped, .innermost],
    [.added, .unwrapped, .unwrapped, .unwrappedOrInnermost],
    [.added, .unwrapped, .unwrapped, .unwrapped, .innermost],
  ]

  func visitPairs(_ visit: Visit) -> Bool {
    var beginnings = Beginnings(room: memory.kept)
    return Self.chains.contains { chain in
      // Where nothing larger is made than an end.
      chain != [.edges, .edges] && body.count > largest
        ? visit(.tooLarge) : take(chain[...], &beginnings, visit)
    }
  }

  /// Hands on what the whole chain makes of the body.
  ///
  /// Of several bases with the same bytes only the first is used: the same candidates are made of each, except for bytes
  /// that the base itself was made of, which have been tried already.
  private func take(_ chain: ArraySlice<Step>, _ beginnings: inout Beginnings, _ visit: Visit) -> Bool {
    guard let last = chain.last else { return false }
    let steps = chain.dropLast()
    if steps.isEmpty { return take(last, received, visit) }
    if let bases = beginnings.made[steps] { return bases.contains { take(last, $0, visit) } }
    var bases = Bases(room: beginnings.room)
    var tried = TriedBodies()
    let isStopped = take(steps, &beginnings) { attempt in
      guard case .made(let base) = attempt, tried.insert(base.bytes) else { return false }
      bases.append(base)
      return take(last, base, visit)
    }
    if !isStopped { beginnings.keep(bases, of: steps) }
    return isStopped
  }

  /// The bases that several chains have in common, if they are small.
  private struct Beginnings {
    /// How many more bytes of bodies may be kept.
    private(set) var room: Int
    private(set) var made: [ArraySlice<Step>: [BodyCandidate]] = [:]

    init(room: Int) { self.room = room }

    mutating func keep(_ bases: Bases, of steps: ArraySlice<Step>) {
      guard bases.size <= room else { return }
      room -= bases.size
      made[steps] = bases.candidates
    }
  }

  /// The bases that one chain makes before its last step; none if there is no room for all of them.
  private struct Bases {
    private(set) var candidates: [BodyCandidate] = []
    private(set) var size = 0
    private let room: Int

    init(room: Int) { self.room = room }

    mutating func append(_ base: BodyCandidate) {
      size += base.bytes.count
      if size <= room { candidates.append(base) } else { candidates = [] }
    }
  }

  private func take(_ step: Step, _ base: BodyCandidate, _ visit: Visit) -> Bool {
    switch step {
    case .mark: visitEdges([.markAdded], of: base, visit)
    case .markLost: visitEdges([.markDropped], of: base, visit)
    case .edges: visitEdges(EdgeChange.ofEnds, of: base, visit)
    case .added: visitEdges(Self.added, of: base, visit)
    case .ends: visitEdges(Self.ends, of: base, visit)
    case .textAround: visitEdges([.textAround], of: base, visit)
    case .edits: visitEdited(base, alike: false, visit)
    case .editsAlike: visitEdited(base, alike: true, visit)
    case .usual: visitUsual(base, visit)
    case .compact: visitCompact(base, visit)
    case .reserialised: visitReserialised(base, endingAlike: true, visit)
    case .reserialisedWithOtherEnd: visitReserialised(base, endingAlike: false, visit)
    case .linesLost: visitLinesLost(base, visit)
    case .unwrapped: visitUnwrapped(base, visit)
    case .innermost:
      visitEdges(EdgeChange.ofEnds, of: base, visit) || visitUsual(base, visit)
        || visitEdited(base, alike: true, visit)
    case .unwrappedOrInnermost:
      take(.innermost, base, visit) || visitReserialised(base, endingAlike: true, visit)
        || visitUnwrapped(base, visit)
    case .signedOtherwise: visitSignedOtherwise(base, visit)
    // Any other end of such a text would be another text.
    case .signedEnds: !base.bytes.isEmpty && visitEdges([.newlineDropped, .crlfDropped], of: base, visit)
    case .signedWrapped: visitSignedWrapped(base, visit)
    case .signedCompressed: visitSignedCompressed(base, visit)
    }
  }

  /// What is added at the ends of a body.
  private static let added: [EdgeChange] = [
    .newlineAdded, .crlfAdded, .surroundingSpaceAdded, .markAdded, .nulAdded, .framedInChunks,
    .sentTwice,
  ]
  /// How ends differ, and line ends.
  private static let ends: [EdgeChange] = [
    .newlineAdded, .crlfAdded, .surroundingSpaceAdded, .newlineDropped, .crlfDropped, .markDropped,
    .linesToCRLF, .linesToLF,
  ]
}
