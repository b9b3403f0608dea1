import Testing

@testable import Screen

@Suite struct StyleTests {
  @Test("a copy changes one thing and keeps the rest")
  func copies() {
    let style = Style(.failure, bold: true, underline: true)
    #expect(style.selected() == Style(.failure, selected: true, bold: true, underline: true))
    #expect(style.selected().selected(false) == style)
    #expect(style.with(.inert) == Style(.inert, bold: true, underline: true))
  }
}
