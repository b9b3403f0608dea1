/// How a cell is to be shown: its role, and what comes on top of the role.
public struct Style: Hashable, Sendable {
  public var role: Role
  /// The cell belongs to the selected row.
  public var isSelected: Bool
  public var bold: Bool
  public var underline: Bool

  public init(_ role: Role, selected: Bool = false, bold: Bool = false, underline: Bool = false) {
    self.role = role
    self.isSelected = selected
    self.bold = bold
    self.underline = underline
  }

  public static let normal = Style(.normal)
  public static let dim = Style(.dim)
  public static let title = Style(.title)
  public static let border = Style(.border)

  /// The same style as part of the selected row.
  public func selected(_ isSelected: Bool = true) -> Style {
    var copy = self
    copy.isSelected = isSelected
    return copy
  }

  /// The same style with another role.
  public func with(_ role: Role) -> Style {
    var copy = self
    copy.role = role
    return copy
  }
}
