internal import JSON
internal import Screen

/// Where the user is in a body, whichever view shows it: at the top of the pane, and at the cursor.
struct BodyPlace: Sendable, Equatable {
  /// A byte of the body as it is shown in `mode`.
  let top: Int
  let cursor: Int
  let mode: PayloadMode
  /// Where that came to be shown; who is elsewhere has moved since.
  var viewport: Viewport?
}

extension Model {
  /// Goes to the next of the views in which this body looks different, at the same place.
  mutating func cycleBodyMode() {
    let views = BodyReading.views(inspection?.reading, inspection?.document, shownAs: bodyMode)
    if let place = placeInBody() { inspection?.place = place }
    // Where the view asked for looks like the pretty one, that is what is shown.
    let shown = views.firstIndex(of: bodyMode) ?? 0
    bodyMode = views[(shown + 1) % views.count]
  }

  /// Where the user is in the body; nil while it is read.
  func placeInBody() -> BodyPlace? {
    guard let inspection, inspection.document != nil, let part = inspection.parts[.body] else { return nil }
    if let place = inspection.place, place.viewport == part.viewport { return place }
    let wrapping = wrapping(of: .body, part.content)
    func byte(at place: Viewport.Place, left: Int) -> Int {
      let rows = part.ranges(line: place.line, wrapping)
      let offset = rows?[min(place.row, (rows?.count ?? 1) - 1)].lowerBound
      return part.content.origin(
        ofLine: place.line,
        offset: offset ?? part.byte(atColumn: left, inLine: place.line, charset: setting.charset))
    }
    let top = byte(at: part.viewport.top, left: part.viewport.left)
    let isTop = part.viewport.cursor == part.viewport.top
    return BodyPlace(
      top: top, cursor: isTop ? top : byte(at: part.viewport.cursor, left: 0), mode: inspection.bodyMode)
  }

  /// Goes to the place where the user was in the view before, once the body can be shown.
  mutating func showPlaceInBody() {
    guard let inspection, var place = inspection.place, inspection.document != nil,
      var part = inspection.parts[.body]
    else { return }
    let wrapping = wrapping(of: .body, part.content)
    func shown(_ byte: Int) -> (place: Viewport.Place, column: Int) {
      let moved = inspection.reading?.moved(byte, from: place.mode, to: inspection.bodyMode) ?? byte
      let (line, offset) = part.content.place(of: moved)
      if let row = part.ranges(line: line, wrapping)?.lastIndex(where: { $0.lowerBound <= offset }) {
        return (Viewport.Place(line: line, row: row), 0)
      }
      return (Viewport.Place(line: line), part.column(ofByte: offset, inLine: line, charset: setting.charset))
    }
    let (top, column) = shown(place.top)
    let isSeen = column < layout.inside(.body).columns - 1
    part.viewport.show(
      top, cursor: shown(place.cursor).place, left: isSeen ? 0 : column, in: extent(of: .body, part))
    place.viewport = part.viewport
    self.inspection?.parts[.body] = part
    self.inspection?.place = place
  }
}
