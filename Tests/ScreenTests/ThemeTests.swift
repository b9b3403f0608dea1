import Glibc
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

  @Test(
    "a theme uses no colour that its depth does not have", arguments: ColorDepth.allCases, Background.allCases
  )
  func range(_ depth: ColorDepth, _ background: Background) {
    let count = [ColorDepth.monochrome: 0, .eight: 8, .sixteen: 16, .full: 256][depth] ?? 0
    for style in Self.styles {
      let attributes = Theme(depth, on: background).attributes(for: style)
      for case .indexed(let index) in [attributes.foreground, attributes.background] {
        #expect(index < count, "\(style)")
      }
    }
  }

  @Test(
    "every colour has a contrast of 4.5:1 to what it is on, and where that is not known to black and to white",
    arguments: ColorDepth.allCases, Background.allCases)
  func contrast(_ depth: ColorDepth, _ background: Background) {
    for style in Self.styles {
      let attributes = Theme(depth, on: background).attributes(for: style)
      guard attributes.foreground != .standard else {
        #expect(attributes.background == .standard, "\(style)")
        continue
      }
      for other in Self.backgrounds(of: attributes, background) {
        let contrast = XtermPalette.contrast(attributes.foreground, other)
        #expect(contrast >= 4.5, "\(style): \(attributes) has \(contrast)")
      }
    }
  }

  private static func backgrounds(of attributes: Attributes, _ background: Background) -> [Color] {
    guard attributes.background == .standard else { return [attributes.background] }
    return switch background {
    case .dark: [.indexed(0)]
    case .light: [.indexed(15)]
    case .unknown: [.indexed(0), .indexed(15)]
    }
  }

  @Test(
    "a selected row, a picture, a match and a failure look unlike plain text", arguments: ColorDepth.allCases,
    Background.allCases)
  func distinct(_ depth: ColorDepth, _ background: Background) {
    let theme = Theme(depth, on: background)
    for role in Role.allCases where role != .match && role != .currentMatch {
      let plain = theme.attributes(for: Style(role))
      let selected = theme.attributes(for: Style(role, selected: true))
      #expect(plain != selected || role == .selection || role == .bar, "\(role)")
    }
    for selected in [false, true] {
      let normal = theme.attributes(for: Style(.normal, selected: selected))
      #expect(theme.attributes(for: Style(.inert, selected: selected)) != normal)
      #expect(theme.attributes(for: Style(.failure, selected: selected)) != normal)
    }
    #expect(theme.attributes(for: Style(.warning)) != theme.attributes(for: Style(.neutral)))
    #expect(theme.attributes(for: Style(.match)) != theme.attributes(for: Style(.currentMatch)))
  }

  @Test(
    "a background is light where black text has the higher contrast on it",
    arguments: [
      (0, 0, 0, Background.dark), (1, 1, 1, .light), (0.16, 0.17, 0.2, .dark), (0.99, 0.96, 0.89, .light),
      (0, 0.17, 0.21, .dark), (0, 0, 1, .dark), (0, 1, 0, .light),
    ] as [(Double, Double, Double, Background)])
  func lightness(red: Double, green: Double, blue: Double, background: Background) {
    #expect(Background(red: red, green: green, blue: blue) == background)
  }

  @Test("bold and underline come on top of the role")
  func onTop() {
    let attributes = Theme(.full).attributes(for: Style(.success, bold: true, underline: true))
    #expect(attributes.bold && attributes.underline)
    #expect(attributes.foreground == Theme(.full).attributes(for: Style(.success)).foreground)
  }

  static let styles = Role.allCases.flatMap { [Style($0), Style($0, selected: true)] }
}

/// The colours of xterm, which most terminals take over or stay close to, and their contrast as WCAG 2 defines it.
private enum XtermPalette {
  private static let basic: [(Int, Int, Int)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  static func contrast(_ one: Color, _ other: Color) -> Double {
    let luminances = [luminance(one), luminance(other)].sorted()
    return (luminances[1] + 0.05) / (luminances[0] + 0.05)
  }

  private static func luminance(_ color: Color) -> Double {
    guard case .indexed(let index) = color else { return .nan }
    let (red, green, blue) = parts(Int(index))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  private static func parts(_ index: Int) -> (Int, Int, Int) {
    guard index >= 16 else { return basic[index] }
    guard index < 232 else { return (8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)) }
    let levels = [0, 95, 135, 175, 215, 255]
    let place = index - 16
    return (levels[place / 36], levels[place / 6 % 6], levels[place % 6])
  }

  private static func linear(_ value: Int) -> Double {
    let part = Double(value) / 255
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
  }
}
