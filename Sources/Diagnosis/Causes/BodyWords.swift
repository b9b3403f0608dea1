internal import JSON

// What is said of a change to a body, read from the bytes on both sides of it.
extension BodyCandidate.Step {
  /// How the ends of the body changed, after "the body"; nil for any other change.
  var edgeWords: String? {
    switch change {
    case .edge(let edge): edge.words(before: before, after: after)
    case .linesLost: "lost the line ends between its lines"
    default: nil
    }
  }

  /// How values changed, after "the body"; nil for any other change.
  var editWords: String? {
    guard case .edited(let edit) = change else { return nil }
    guard edit == .counterRaised || edit == .counterLowered else { return edit.words }
    let isRaised = edit == .counterRaised
    let (low, high) = isRaised ? (before, after) : (after, before)
    guard case .raised(let name, let from, let to) = JSONDifference(from: low, to: high) else {
      return edit.words
    }
    return isRaised
      ? "got \(to) in place of \(from) for \(name), as a retry does that counts its attempts and is not signed again"
      : "got \(from) in place of \(to) for \(name)"
  }

  /// How the document was written before and after, as far as these differ; nil for any other change.
  /// - Parameter name: what the document was before.
  func styleWords(before name: String) -> String? {
    guard case .reserialised(let style) = change else { return nil }
    let difference = StyleDifference(style, received: after)
    return "\(name): \(difference.before)"
      + (difference.after.isEmpty ? "" : "; received: \(difference.after)")
  }
}

extension EdgeChange {
  /// What happened, as the end of a sentence about the body: where white space was added depends on the bytes.
  func words(before: [UInt8], after: [UInt8]) -> String {
    guard self == .surroundingSpaceAdded || self == .noBreakSpaceAdded else { return words }
    let what = self == .noBreakSpaceAdded ? "no-break spaces" : "white space"
    if after.starts(with: before) { return "got \(what) at its end" }
    if after.suffix(before.count).elementsEqual(before) { return "got \(what) in front" }
    return words
  }
}

/// How a re-serialised document differs from the signed one.
struct StyleDifference {
  /// How it was written.
  let before: String
  /// How it is written now; empty if that has no name.
  let after: String

  /// For larger documents only the style itself is described.
  private static let limit = 1 << 16

  init(_ style: JSONStyle, received: [UInt8]) {
    let document = BodyCandidate(received: received).document
    guard document.count <= 1 << 20, let outline = JSONOutline(Array(document), limit: Self.limit) else {
      (before, after) = (style.words, "")
      return
    }
    func isSame(_ style: JSONStyle) -> Bool {
      let bytes = JSONRendering.bytes(
        of: outline, style: style, plan: .asSent, limit: document.count * 2 + 4096)
      return bytes.map { document.elementsEqual($0) } ?? false
    }
    var told = style
    told.endsWithNewline = false
    if isSame(JSONStyle(spacing: style.spacing, order: .asSent)) { told.spacing = nil }
    if isSame(JSONStyle(spacing: nil, order: .asSent, strings: style.strings)) { told.strings = nil }
    if isSame(JSONStyle(spacing: nil, order: .asSent, hasScriptNumbers: style.hasScriptNumbers)) {
      told.hasScriptNumbers = false
    }
    let traits = JSONTraits(outline)
    let spacing =
      told.spacing == nil ? nil : JSONSpacing.all.first { isSame(JSONStyle(spacing: $0, order: .asSent)) }
    let strings =
      told.strings == nil
      ? nil : traits.stringStyles.first { isSame(JSONStyle(spacing: nil, order: .asSent, strings: $0)) }
    let words = told.words(for: traits)
    before = words.isEmpty ? style.words : words
    after = JSONStyle(spacing: spacing, order: .asSent, strings: strings).words(for: traits)
  }
}
