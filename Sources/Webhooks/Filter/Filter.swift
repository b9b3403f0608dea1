/// A filter expression, parsed once and asked of every delivery.
///
/// Terms side by side are "and", `|` is "or" and binds less, `-` or `!` is "not"; see `FilterKey` for the
/// terms. An empty expression takes everything.
public struct Filter: Sendable, Equatable {
  /// What a filter asks of the user's session rather than of the delivery.
  public struct Context: Sendable {
    /// The sequence numbers of the marked deliveries.
    public var marked: Set<UInt64>

    public init(marked: Set<UInt64> = []) {
      self.marked = marked
    }
  }

  private let root: FilterNode

  /// Parses an expression.
  /// - Throws: `FilterError`, with the column and what is expected there.
  public init(_ expression: String) throws(FilterError) {
    var parser = FilterParser(expression)
    root = try parser.parse()
  }

  /// `text` as it is written in an expression so that it means only itself, in quotes where it must be.
  public static func quoted(_ text: String) -> String { FilterWord.quoted(text) }

  /// Whether the filter leaves nothing out.
  public var isEmpty: Bool { root == .all([]) }

  /// Whether the filter takes `delivery`.
  public func matches(_ delivery: Delivery, in context: Context = Context()) -> Bool {
    root.matches(delivery, in: context)
  }
}

extension Filter: CustomStringConvertible {
  /// The expression in its canonical spelling, which parses to an equal filter.
  public var description: String { root.description }
}
