internal import JSON
internal import Screen
internal import Webhooks

/// One column of the list: its title, its width, how much room it asks for, how a delivery's cell is drawn, and what
/// the list's search sees of it.
struct DeliveryColumn: Sendable {
  enum Width {
    case fixed(Int)
    /// At least so many columns; more of what the event can spare.
    case growing(Int, atMost: Int)
    /// What the other columns leave.
    case rest
  }

  /// When a column gives its place to the others.
  struct Room {
    /// Those of the lowest rank go first.
    let rank: Int
    /// The rank where there is a column of the app; nil for the same.
    let rankBesideApp: Int?
    /// The columns that must be left for the event where this one is shown.
    let leaving: Int

    func rank(in setting: Setting) -> Int { setting.hasApp ? rankBesideApp ?? rank : rank }
  }

  /// What the cells of one list have in common.
  struct Setting: Sendable {
    let time: Time
    /// The highest number to be shown.
    let newest: UInt64
    /// Whether there is something to say of an app.
    let hasApp: Bool
    /// The moment that ages are counted to.
    let now: Timestamp
    let glyphs: Glyphs
    /// Whether there is more than one endpoint.
    var hasEndpoints = false
    /// As wide as the widest name of a provider that has come, or wider.
    var providerWidth = 8
    /// Whether the user has marked any.
    var hasMarks = false
    /// What the list is ordered by, where no other column shows it.
    var ordered: Ordered?
  }

  /// The value that the list is ordered by: a time, or how long something took.
  struct Ordered {
    let field: ListOrder.Field
    let title: String
    /// How moments are shown; nil for a span of time.
    let time: Time?
  }

  /// How times are shown.
  struct Time: Sendable {
    let zone: Zone
    /// What the zone is called where the newest delivery arrived.
    let name: String
    let hasDates: Bool

    /// `18:02:11`, or `11-21 18:02:11`.
    func text(_ moment: Timestamp) -> String {
      (hasDates ? zone.date(moment).dropFirst(5) + " " : "") + zone.time(moment)
    }
  }

  /// What a row is about.
  struct Row {
    let delivery: Delivery
    let outcomes: [Outcome]
    /// How many other attempts are folded under it.
    var folded = 0
    let setting: Setting
  }

  /// Whether a delivery's cell holds the text that is searched for.
  typealias Test = @Sendable (Delivery, [Outcome]) -> Bool

  let title: @Sendable (Setting) -> String
  let width: @Sendable (Setting) -> Width
  /// Whether the cells end below each other, as numbers do.
  let isNumber: Bool
  /// nil for a column that is always shown.
  let room: Room?
  /// Whether the cells change by themselves as time passes.
  let followsTime: Bool
  /// Whether there is something to show, whatever the room.
  let isOfUse: @Sendable (Setting) -> Bool
  /// The cell for a column of so many columns.
  let cell: @Sendable (Row, Int) -> TextRun
  /// What is never cut off at the cell's end.
  let mark: (@Sendable (Row) -> String)?
  /// Makes the test of a search; nil if no cell can hold its text.
  let test: @Sendable (PayloadSearch, String, Setting) -> Test?

  /// - Parameter test: by default that of the cell's own text.
  init(
    title: @escaping @Sendable (Setting) -> String, width: @escaping @Sendable (Setting) -> Width,
    isNumber: Bool = false, room: Room? = nil, followsTime: Bool = false,
    isOfUse: @escaping @Sendable (Setting) -> Bool = { _ in true },
    mark: (@Sendable (Row) -> String)? = nil,
    test: (@Sendable (PayloadSearch, String, Setting) -> Test?)? = nil,
    cell: @escaping @Sendable (Row, Int) -> TextRun
  ) {
    self.title = title
    self.width = width
    self.isNumber = isNumber
    self.room = room
    self.followsTime = followsTime
    self.isOfUse = isOfUse
    self.mark = mark
    self.cell = cell
    self.test =
      test ?? { search, _, setting in
        { delivery, outcomes in
          let row = Row(delivery: delivery, outcomes: outcomes, setting: setting)
          return search.isFound(in: cell(row, Self.searchedWidth).bytes)
        }
      }
  }

  /// As much of a cell as a search looks at: what was received may be megabytes long.
  private static let searchedWidth = 1000

  /// A column of a fixed title and width.
  init(
    _ title: String, _ width: Width, isNumber: Bool = false, room: Room? = nil, followsTime: Bool = false,
    mark: (@Sendable (Row) -> String)? = nil,
    test: (@Sendable (PayloadSearch, String, Setting) -> Test?)? = nil,
    cell: @escaping @Sendable (Row, Int) -> TextRun
  ) {
    self.init(
      title: { _ in title }, width: { _ in width }, isNumber: isNumber, room: room, followsTime: followsTime,
      mark: mark, test: test, cell: cell)
  }
}
