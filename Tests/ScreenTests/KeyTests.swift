import Testing

@testable import Screen

@Suite struct KeyTests {
  static let table: [(Key, String, String)] = [
    (.character("j"), "j", "j"), (.character(" "), "Space", "Space"), (.control("d"), "C-d", "C-d"),
    (.enter, "Enter", "Enter"), (.escape, "Esc", "Esc"), (.tab, "Tab", "Tab"), (.backTab, "S-Tab", "S-Tab"),
    (.up, "↑", "Up"), (.down, "↓", "Down"), (.left, "←", "Left"), (.right, "→", "Right"),
    (.home, "Home", "Home"), (.end, "End", "End"), (.pageUp, "PgUp", "PgUp"), (.pageDown, "PgDn", "PgDn"),
    (.backspace, "Backspace", "Backspace"), (.delete, "Del", "Del"), (.insert, "Ins", "Ins"),
    (.function(5), "F5", "F5"), (.alt(.character("f")), "M-f", "M-f"),
    (.alt(.backspace), "M-Backspace", "M-Backspace"),
  ]

  @Test("a key's label is what the help shows", arguments: table)
  func labels(_ key: Key, _ unicode: String, _ ascii: String) {
    #expect(key.label == unicode)
    #expect(key.label(in: .ascii) == ascii)
  }
}
