import Testing

@testable import Screen

@Suite struct ThemeTests {
  @Test(
    "the depth follows the number of colours, and NO_COLOR wins",
    arguments: [
      (-1, false, ColorDepth.monochrome), (2, false, .monochrome), (8, false, .eight), (16, false, .sixteen),
      (88, false, .sixteen), (256, false, .full), (16_777_216, false, .full), (256, true, .monochrome),
    ])
  func depth(_ colors: Int, _ isRefused: Bool, _ depth: ColorDepth) {
    #expect(ColorDepth(colors: colors, isColorRefused: isRefused) == depth)
  }

  @Test("a theme uses no colour that its depth does not have", arguments: ColorDepth.allCases)
  func range(_ depth: ColorDepth) {
    let count = [ColorDepth.monochrome: 0, .eight: 8, .sixteen: 16, .full: 256][depth] ?? 0
    for style in Self.styles {
      let attributes = Theme(depth).attributes(for: style)
      for case .indexed(let index) in [attributes.foreground, attributes.background] {
        #expect(index < count, "\(style)")
      }
    }
  }

  @Test("black and white text stands only on a coloured bar", arguments: ColorDepth.allCases)
  func legible(_ depth: ColorDepth) {
    let extremes: Set<Color> = [0, 7, 15, 16, 231].reduce(into: []) { $0.insert(.indexed($1)) }
    for style in Self.styles {
      let attributes = Theme(depth).attributes(for: style)
      if extremes.contains(attributes.foreground) { #expect(attributes.background != .standard, "\(style)") }
      if attributes.background != .standard { #expect(attributes.foreground != .standard, "\(style)") }
    }
  }

  @Test("a selected row, a picture and a match look unlike plain text", arguments: ColorDepth.allCases)
  func distinct(_ depth: ColorDepth) {
    let theme = Theme(depth)
    for role in Role.allCases where role != .match && role != .currentMatch {
      let plain = theme.attributes(for: Style(role))
      let selected = theme.attributes(for: Style(role, selected: true))
      #expect(plain != selected || role == .selection || role == .bar, "\(role)")
    }
    for selected in [false, true] {
      let normal = theme.attributes(for: Style(.normal, selected: selected))
      #expect(theme.attributes(for: Style(.inert, selected: selected)) != normal)
    }
    #expect(theme.attributes(for: Style(.match)) != theme.attributes(for: Style(.currentMatch)))
  }

  @Test("bold and underline come on top of the role")
  func onTop() {
    let attributes = Theme(.full).attributes(for: Style(.success, bold: true, underline: true))
    #expect(attributes.bold && attributes.underline)
    #expect(attributes.foreground == Theme(.full).attributes(for: Style(.success)).foreground)
  }

  static let styles = Role.allCases.flatMap { [Style($0), Style($0, selected: true)] }
}
