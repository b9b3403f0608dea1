internal import JSON

/// How members of objects come and go, and how their keys are renamed, on the way through a framework.
enum MemberEdit {
  /// The members whose empty value `isMeant`, to be taken out together with a comma.
  static func members(of outline: JSONOutline, where isMeant: (JSONToken) -> Bool) -> [Replacement] {
    var found: [Replacement] = []
    for index in outline.tokens.indices where outline.tokens[index].kind == .beginObject {
      let keys = outline.keys(ofObjectAt: index)
      let added = keys.map { isMeant(outline.tokens[$0 + 1]) && outline.end(of: $0 + 1) <= $0 + 2 }
      for (place, key) in keys.enumerated() where added[place] {
        let end = outline.tokens[outline.end(of: key + 1)].end
        // The first ones go with the comma behind them, the others with the one before.
        let isFirst = !added[..<place].contains(false)
        let start =
          isFirst ? outline.tokens[key].start : outline.tokens[outline.end(of: keys[place - 1] + 1)].end
        let next = isFirst && place + 1 < keys.count ? outline.tokens[keys[place + 1]].start : end
        found.append(Replacement(range: start..<next, texts: [[]]))
      }
    }
    return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// The members that `template` knows and the objects lack, with this value, each behind the one that precedes it there.
  static func leftOut(of outline: JSONOutline, _ template: JSONKeyTemplate, value: String) -> [Replacement] {
    let spacing = Spacing(outline)
    return template.missingKeys(of: outline).map { missing in
      let member = JSONText.string(missing.key) + spacing.colon + Array(value.utf8)
      let keys = outline.keys(ofObjectAt: missing.object)
      let end = missing.after.map { outline.tokens[outline.end(of: $0 + 1)].end }
      let place = end ?? outline.tokens[missing.object].end
      let text = end != nil ? spacing.comma + member : member + (keys.isEmpty ? [] : spacing.comma)
      return Replacement(range: place..<place, texts: [text])
    }
  }

  /// What stands between key and value, and between two members, as the first ones have it.
  private struct Spacing {
    var colon: [UInt8] = [UInt8(ascii: ":")]
    var comma: [UInt8] = [UInt8(ascii: ",")]

    init(_ outline: JSONOutline) {
      guard let object = outline.tokens.firstIndex(where: { $0.kind == .beginObject }) else { return }
      let keys = outline.keys(ofObjectAt: object)
      guard let first = keys.first else { return }
      colon = Array(outline.body[outline.tokens[first].end..<outline.tokens[first + 1].start])
      guard keys.count > 1 else { return }
      comma = Array(
        outline.body[outline.tokens[outline.end(of: first + 1)].end..<outline.tokens[keys[1]].start])
    }
  }

  /// A member of this value at the end of each object that has others.
  static func added(_ value: String, to outline: JSONOutline) -> [Replacement] {
    outline.tokens.indices.compactMap { index in
      guard outline.tokens[index].kind == .beginObject, let key = outline.keys(ofObjectAt: index).last
      else { return nil }
      let end = outline.tokens[outline.end(of: key + 1)].end
      return Replacement(range: end..<end, texts: [Array(",\"added\":\(value)".utf8)])
    }.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// The keys that are spelled otherwise in the other convention.
  static func keys(of outline: JSONOutline, toSnake: Bool) -> [Replacement] {
    let marks: ClosedRange<UInt8> = toSnake ? 0x41...0x5A : 0x5F...0x5F
    return outline.tokens.compactMap { token in
      guard token.kind == .key, !token.isEscaped else { return nil }
      let text = outline.body[token.range]
      guard text.contains(where: marks.contains) else { return nil }
      let other = toSnake ? snake(text) : camel(text)
      return text.elementsEqual(other) ? nil : Replacement(range: token.range, texts: [other])
    }
  }

  private static func snake(_ text: ArraySlice<UInt8>) -> [UInt8] {
    text.flatMap { byte -> [UInt8] in
      (0x41...0x5A).contains(byte) ? [UInt8(ascii: "_"), byte | 0x20] : [byte]
    }
  }

  private static func camel(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    var isRaised = false
    for byte in text {
      if byte == UInt8(ascii: "_"), output.count > 1 {
        isRaised = true
      } else {
        output.append(isRaised && (0x61...0x7A).contains(byte) ? byte & 0xDF : byte)
        isRaised = false
      }
    }
    return output
  }
}

extension ValueEdit {
  /// Hands each body that this edit may have left members of `template` out of to `visit`, until that says to stop.
  func visitLeftOut(
    _ outline: JSONOutline, _ template: JSONKeyTemplate, alike: Bool = false, _ visit: ([UInt8]) -> Bool
  ) -> Bool {
    let values = self == .nullMembersDropped ? ["null"] : ["\"\"", "[]", "{}"]
    return values.contains { value in
      let changes = MemberEdit.leftOut(of: outline, template, value: value)
      guard !changes.isEmpty else { return false }
      if visit(Replacement.made(changes, in: outline.body)) { return true }
      guard !alike, changes.count > 1, self == .nullMembersDropped else { return false }
      return changes.count <= Self.choices
        ? visitChoices(changes, outline.body, visit) : visitOneByOne(changes, outline.body, visit)
    }
  }
}
