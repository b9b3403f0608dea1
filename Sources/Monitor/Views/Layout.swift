internal import JSON
internal import Screen

/// Where each pane stands on a screen of a given size.
struct Layout: Equatable {
  /// From this many columns on, all four panes are shown at once.
  static let wideColumns = 100
  /// With fewer rows there is no room for three panes above each other.
  static let wideRows = 16
  /// With fewer rows there is no room for two panes and what they are to show: the focused one stands alone.
  static let narrowRows = 10
  /// Below this size one message takes the place of the screen.
  static let smallest = Size(columns: 40, rows: 8)

  /// How many rows of text are left at least below a verdict in large letters.
  private static let textRows = 3

  let bar: Rect
  let keys: Rect
  /// Where a story is told; empty if none is.
  let story: Rect
  /// The line of tabs above the detail pane; empty if all panes are shown.
  private(set) var tabs = Rect(column: 0, row: 0, columns: 0, rows: 0)
  /// Where the verdict stands in large letters, in the signature pane; empty where there is no room for it.
  private(set) var verdict = Rect(column: 0, row: 0, columns: 0, rows: 0)
  /// The panes that are shown, with their frames.
  private(set) var panes: [Pane: Rect] = [:]

  /// - Parameters:
  ///   - lower: what stands below the body where all of a delivery is shown: its headers, or the app.
  ///   - storyRows: how many rows a story takes.
  ///   - letters: what the verdict takes in large letters; nil if it is not to be shown so.
  init(
    size: Size, focus: Pane, detail: Pane, lower: Pane = .headers, isMaximised: Bool, storyRows: Int = 0,
    verdict letters: Size? = nil
  ) {
    let (top, below) = Rect(size).splitTop(1)
    let (rest, bottom) = below.splitBottom(1)
    let (middle, told) = rest.splitBottom(storyRows)
    bar = top
    keys = bottom
    story = told
    if isMaximised || middle.rows < Layout.narrowRows {
      panes[focus] = middle
    } else if size.columns >= Layout.wideColumns, middle.rows >= Layout.wideRows {
      layWide(middle, lower: lower)
    } else {
      layNarrow(middle, detail: detail)
    }
    if let letters { layVerdict(letters) }
  }

  /// Puts the large letters at the top of the signature pane, where some of its rows are left for its text.
  private mutating func layVerdict(_ letters: Size) {
    guard let frame = panes[.signature] else { return }
    let inside = frame.inset(by: 1)
    guard letters.columns <= inside.columns, letters.rows + 1 + Self.textRows <= inside.rows else { return }
    verdict = inside.splitTop(letters.rows + 1).top
  }

  private mutating func layWide(_ area: Rect, lower: Pane) {
    let listColumns = Self.listColumns(of: area.columns)
    let (list, right) = area.splitLeft(listColumns)
    let signatureRows = min(max(area.rows * 45 / 100, 7), 20)
    let headerRows = min(max(area.rows * 24 / 100, 4), 12)
    let (signature, rest) = right.splitTop(signatureRows)
    // A pane's top edge is the bottom edge of the one above.
    let below = Rect(column: rest.column, row: rest.row - 1, columns: rest.columns, rows: rest.rows + 1)
    let (body, headers) = below.splitBottom(headerRows)
    let tallBody = Rect(column: body.column, row: body.row, columns: body.columns, rows: body.rows + 1)
    panes = [.deliveries: list, .signature: signature, .body: tallBody, lower: headers]
  }

  /// How wide the list is beside the details: these come to as many columns as a body in hexadecimal takes with sixteen
  /// bytes in a row, and then the list to as many as all of its columns take.
  private static func listColumns(of columns: Int) -> Int {
    let details = PayloadDocument.hexColumns(bytes: 16) + 2
    return max(min(max(62, columns * 58 / 100), 84), min(columns - details, 150))
  }

  private mutating func layNarrow(_ area: Rect, detail: Pane) {
    let (list, rest) = area.splitTop(max(3, area.rows * 9 / 20))
    (tabs, panes[detail]) = rest.splitTop(1)
    panes[.deliveries] = list
  }

  /// The part of a pane inside its frame.
  func inside(_ pane: Pane) -> Rect {
    let inside = (panes[pane] ?? Rect(column: 0, row: 0, columns: 0, rows: 0)).inset(by: 1)
    return pane == .signature ? inside.splitTop(verdict.rows).rest : inside
  }
}

/// One of the parts of the screen; the focused one gets the movement keys.
public enum Pane: Int, CaseIterable, Sendable {
  case deliveries, signature, body, headers, app

  /// The word in the tab line and in the help.
  var title: String {
    switch self {
    case .deliveries: "Deliveries"
    case .signature: "Signature"
    case .body: "Body"
    case .headers: "Headers"
    case .app: "App"
    }
  }

  /// Whether its lines are sentences, which are of no use when they are cut.
  var holdsSentences: Bool { self == .signature || self == .app }

  /// The pane `steps` further on, round and round.
  func moved(by steps: Int) -> Pane {
    let count = Pane.allCases.count
    return Pane.allCases[((rawValue + steps) % count + count) % count]
  }
}
