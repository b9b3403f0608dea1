public import JSON

/// A filter expression, parsed once and asked of every delivery.
///
/// Terms side by side are "and", `|` is "or" and binds less, `-` or `!` is "not"; see `FilterKey` for the
/// terms. An empty expression takes everything.
public struct Filter: Sendable, Equatable {
  private let root: FilterNode

  /// Parses an expression.
  /// - Throws: `FilterError`, with the column and what is expected there.
  public init(_ expression: String) throws(FilterError) {
    var parser = FilterParser(expression)
    root = try parser.parse()
  }

  /// Whether the filter leaves nothing out.
  public var isEmpty: Bool { root == .all([]) }

  /// Whether the filter takes `delivery`.
  public func matches(_ delivery: Delivery) -> Bool { root.matches(delivery) }
}

extension Filter {
  private init(_ root: FilterNode) { self.root = root }

  /// What every one of `filters` takes; everything where there are none.
  public static func all(of filters: [Filter]) -> Filter { Filter(.joined(and: filters.map(\.root))) }

  /// What at least one of `filters` takes.
  public static func any(of filters: [Filter]) -> Filter { Filter(.joined(or: filters.map(\.root))) }

  /// Deliveries of an event type; `*` and `?` in it stand for other characters.
  public static func type(_ name: ByteString) -> Filter { Filter(.term(.type(Glob(name)))) }

  public static func livemode(_ mode: Livemode) -> Filter { Filter(.term(.live(mode))) }

  public static func status(_ status: Verdict.Status) -> Filter { Filter(.term(.status(status))) }

  /// Deliveries whose signature failed, in whatever way.
  public static let failed = Filter(.term(.failed))

  public static func provider(_ provider: Provider) -> Filter { Filter(.term(.provider(provider))) }
}

extension Filter: CustomStringConvertible {
  /// The expression in its canonical spelling, which parses to an equal filter.
  public var description: String { root.description }
}
