internal import JSON

// The document of a body, written in other ways.
extension BodyCandidates {
  /// The base as most senders would write it.
  func visitUsual(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    guard base.bytes.count <= largest else { return false }
    return visitWritten(base, in: .usual, endings: [[], [0x0A]], visit)
  }

  /// The base in the ways in which senders write most.
  func visitCompact(_ base: BodyCandidate, _ visit: Visit) -> Bool {
    visitWritten(base, in: .most, endings: [[]], visit)
  }

  /// The document of the base, keys as they are, in each style and with each of these endings.
  private func visitWritten(
    _ base: BodyCandidate, in ways: WaysToWrite, endings: [[UInt8]], _ visit: Visit
  ) -> Bool {
    let document = base.document
    guard let outline = JSONOutline(Array(document), limit: memory.tokens / 4) else { return false }
    let bases = endings.compactMap { base.ended(by: $0) }
    let limit = min(body.count * 8 + 4096, memory.candidate)
    return ways.styles(for: outline).contains { style in
      guard let bytes = JSONRendering.bytes(of: outline, style: style, plan: .asSent, limit: limit) else {
        return false
      }
      return bases.contains { offer(bytes, style, of: document, to: $0, visit) }
    }
  }

  /// Hands the base with its document as `bytes` on; where that is no other document, only the ends differ, which is
  /// found as what it is.
  private func offer(
    _ bytes: [UInt8], _ style: JSONStyle, of document: ArraySlice<UInt8>, to base: BodyCandidate,
    _ visit: Visit
  ) -> Bool {
    guard document.count != bytes.count || !document.elementsEqual(bytes) else { return false }
    let end = base.bytes[base.document.endIndex...]
    return offer(end.isEmpty ? bytes : bytes + end, .reserialised(style), to: base, visit)
  }

  /// The document of the base in every style.
  /// - Parameter endingAlike: whether the base keeps its end, or has one of the other usual ones.
  func visitReserialised(_ base: BodyCandidate, endingAlike: Bool, _ visit: Visit) -> Bool {
    let document = base.document
    let bases = ([[], [0x0A]] as [[UInt8]]).compactMap { base.ended(by: $0) }
      .filter { ($0.steps.count == base.steps.count) == endingAlike }
    guard !bases.isEmpty else { return false }
    do throws(BodyTooLarge) {
      guard let ways = try Reserialisations(Array(document), templates: templates, memory: memory) else {
        return false
      }
      return ways.visit { bytes, style in
        guard let bytes else { return visit(.tooLarge) }
        return bases.contains { offer(bytes, style, of: document, to: $0, visit) }
      }
    } catch {
      return visit(.tooLarge)
    }
  }

  /// What was found by putting keys in order, as a candidate; `bytes` end as `style` says.
  func ordered(_ bytes: [UInt8], _ style: JSONStyle) -> BodyCandidate? {
    let base = unmarked
    let ended = base.ended(by: style.endsWithNewline ? [0x0A] : []) ?? base
    return ended.undoing(.reserialised(style), to: bytes)
  }
}
