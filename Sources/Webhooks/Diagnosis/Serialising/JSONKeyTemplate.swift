/// The order of keys that a body of the same kind has, object by object, to restore a lost order from.
struct JSONKeyTemplate: Sendable {
  /// For each object's place, the rank of each of its keys.
  private var ranks: [Int: [[UInt8]: Int]] = [:]

  /// The order in which `body` has its keys; nil where it is not JSON.
  init?(_ body: [UInt8]) {
    guard let outline = JSONOutline(body) else { return nil }
    Self.forEachObject(of: outline) { object, place in
      var known = ranks[place] ?? [:]
      for key in outline.keys(ofObjectAt: object) {
        let text = outline.text(at: key)
        if known[text] == nil { known[text] = known.count }
      }
      ranks[place] = known
    }
  }

  /// Calls `visit` with each object of `outline` whose place this template knows, and the ranks of its keys.
  func forEachKnownObject(of outline: JSONOutline, _ visit: (Int, [[UInt8]: Int]) -> Void) {
    Self.forEachObject(of: outline) { object, place in
      if let known = ranks[place] { visit(object, known) }
    }
  }

  /// Calls `visit` with each object's index and its place: a hash of the keys around it, elements all alike.
  private static func forEachObject(of outline: JSONOutline, _ visit: (Int, Int) -> Void) {
    var places: [Int] = []
    var key: [UInt8]?
    for (index, token) in outline.tokens.enumerated() {
      switch token.kind {
      case .key:
        key = outline.text(at: index)
        continue
      case .beginObject, .beginArray:
        var hasher = Hasher()
        hasher.combine(places.last)
        hasher.combine(key)
        let place = hasher.finalize()
        places.append(place)
        if token.kind == .beginObject { visit(index, place) }
      case .endObject, .endArray: places.removeLast()
      default: break
      }
      key = nil
    }
  }
}
