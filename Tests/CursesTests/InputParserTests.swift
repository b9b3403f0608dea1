import CNcurses
import Screen
import Testing

@testable import Curses

struct InputParserTests {
  @Test(
    "what a terminal sends becomes keys",
    arguments: [
      ("a", [.character("a")]), ("é", [.character("é")]), ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]),
      ("\u{1B}[5~x", [.pageUp, .character("x")]), ("\u{1B}[Z", [.backTab]), ("\t\r", [.tab, .enter]),
      ("\u{03}\u{7F}", [.control("c"), .backspace]), ("\u{1C}", [.control("\\")]),
    ] as [(String, [Key])])
  func keys(text: String, keys: [Key]) {
    var parser = InputParser()
    #expect(parser.events(of: text) == keys.map { .key($0) })
    #expect(parser.unfinished == nil)
  }

  @Test(
    "a sequence that nobody knows is no key, and neither is any part of it",
    arguments: [
      "\u{1B}[1;5A", "\u{1B}[<0;10;20m", "\u{1B}[<2;1;1M", "\u{1B}[<0;0;1M", "\u{1B}[<0;1M",
      "\u{1B}]10;rgb:0000/0000/0000\u{07}", "\u{1B}]11;red\u{07}",
      "\u{1B}]11;rgb:00000/0/0\u{07}", "\u{1B}]11;rgb:+f/0/0\u{07}", "\u{1B}]11;rgb:0/0\u{07}",
      "\u{1B}P11;rgb:0000/0000/0000\u{1B}\\", "\u{1B}P1+r544e\u{1B}\\", "\u{1B}[?62;22h", "\u{1B}[200",
      "\u{1B}]" + String(repeating: "1", count: 500) + "\u{07}", "\u{85}",
      "\u{1B}[" + String(repeating: "1;", count: 500) + "~",
    ])
  func unknown(text: String) {
    var parser = InputParser()
    #expect(parser.events(of: text) == [])
  }

  @Test(
    "a terminal's replies say what its background is like, and that all replies have come",
    arguments: [
      ("\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\", .background(.light)),
      ("\u{1B}]11;rgb:00/2b/36\u{07}", .background(.dark)),
      ("\u{1B}]11;rgb:f/f/e\u{07}", .background(.light)),
      ("\u{1B}[?62;22c", .deviceAttributes), ("\u{1B}[?1;2c", .deviceAttributes),
    ] as [(String, Event)])
  func replies(text: String, event: Event) {
    var parser = InputParser()
    #expect(parser.events(of: text + "x") == [event, .key(.character("x"))])
  }

  @Test(
    "a report of the mouse is a press or a turn of the wheel at a place, however far off that is",
    arguments: [
      ("\u{1B}[<0;1;1M", Mouse(.press, at: Point(column: 0, row: 0))),
      ("\u{1B}[<64;300;20M", Mouse(.wheelUp, at: Point(column: 299, row: 19))),
      ("\u{1B}[<65;5;6M", Mouse(.wheelDown, at: Point(column: 4, row: 5))),
    ])
  func mouse(text: String, mouse: Mouse) {
    var parser = InputParser()
    #expect(parser.events(of: text + "x") == [.mouse(mouse), .key(.character("x"))])
  }

  @Test("an escape that stands alone is the Escape key, once nothing more is there to read")
  func escape() {
    var parser = InputParser()
    #expect(parser.events(of: "\u{1B}") == [])
    #expect(parser.unfinished == .sequence)
    #expect(parser.pause() == .key(.escape))
    #expect(parser.pause() == nil)
    #expect(parser.unfinished == nil)
  }

  @Test("two escapes are one Escape key and the beginning of a sequence")
  func escapeTwice() {
    var parser = InputParser()
    #expect(parser.events(of: "\u{1B}\u{1B}[B") == [.key(.escape), .key(.down)])
    #expect(parser.events(of: "x") == [.key(.character("x"))])
  }

  @Test(
    "Alt and a key are one key, and neither Escape nor that key",
    arguments: [
      ("\u{1B}Q", [.alt(.character("Q"))]), ("\u{1B}f", [.alt(.character("f"))]),
      ("\u{1B}é", [.alt(.character("é"))]), ("\u{1B}\u{7F}", [.alt(.backspace)]), ("\u{1B}\r", []),
      ("\u{1B}\u{03}x", [.character("x")]),
    ] as [(String, [Key])])
  func alt(text: String, keys: [Key]) {
    var parser = InputParser()
    #expect(parser.events(of: text) == keys.map { .key($0) })
    #expect(parser.unfinished == nil)
    #expect(parser.pause() == nil)
  }

  @Test("a sequence whose rest does not come is given up, and the next key counts")
  func abandoned() {
    var parser = InputParser()
    #expect(parser.events(of: "\u{1B}[1;") == [])
    #expect(parser.pause() == nil)
    #expect(parser.giveUp() == nil)
    #expect(parser.events(of: "A") == [.key(.character("A"))])
  }

  @Test("a paste whose end does not come ends where it is, and the next key counts")
  func unendedPaste() {
    var parser = InputParser()
    #expect(parser.events(of: "\u{1B}[200~qQ\u{1B}[20") == [])
    #expect(parser.unfinished == .paste)
    #expect(parser.giveUp() == .paste("qQ"))
    #expect(parser.unfinished == nil)
    #expect(parser.events(of: "q") == [.key(.character("q"))])
  }

  @Test("a sequence that is broken off by another one does not swallow it")
  func brokenOff() {
    var parser = InputParser()
    #expect(parser.events(of: "\u{1B}[12\u{1B}[A") == [.key(.up)])
  }

  @Test("a function code of ncurses is a key, and ends a sequence that it falls into")
  func codes() {
    var parser = InputParser()
    #expect(parser.take(.code(KEY_LEFT)) == .key(.left))
    #expect(parser.take(.code(CURSES_FIRST_FUNCTION_KEY + 5)) == .key(.function(5)))
    #expect(parser.take(.code(KEY_RESIZE)) == nil)
    #expect(parser.events(of: "\u{1B}[") == [])
    #expect(parser.take(.code(KEY_LEFT)) == nil)
    #expect(parser.events(of: "q") == [.key(.character("q"))])
  }

  @Test("pasted text is one event, and nothing in it is a key")
  func paste() {
    var parser = InputParser()
    #expect(parser.events(of: "\u{1B}[200~q\u{1B}[A\u{03}\r\u{1B}") == [])
    #expect(parser.unfinished == .paste)
    #expect(parser.pause() == nil)
    #expect(parser.take(.code(KEY_UP)) == nil)
    #expect(parser.events(of: "\u{1B}[201~q") == [.paste("q\u{1B}[A\u{03}\n\u{1B}"), .key(.character("q"))])
  }
}

extension InputParser {
  fileprivate mutating func events(of text: String) -> [Event] {
    text.unicodeScalars.compactMap { take(.scalar($0)) }
  }
}
