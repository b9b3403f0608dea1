import Glibc
import Screen
import Testing

@testable import Monitor

@Suite struct ReadmeTests {
  @Test("the README's keys are those of the action table")
  func keys() throws {
    let path = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/README.md"
    let text = contents(of: path)
    let start = try #require(text.firstRange(of: "<!-- keys:"))
    let opened = try #require(text[start.lowerBound...].firstRange(of: "-->\n")).upperBound
    let end = try #require(text.firstRange(of: "<!-- /keys -->")).lowerBound
    if getenv("RECORD_README") != nil {
      let file = try #require(fopen(path, "w"))
      fputs(text[..<opened] + KeyReference.markdown + text[end...], file)
      fclose(file)
    } else {
      #expect(text[opened..<end] == KeyReference.markdown)
    }
  }
}

/// The README's section of keys, made from the action tables.
enum KeyReference {
  /// A Markdown table for each group of the help, then one for each panel with keys of its own.
  static var markdown: String {
    let groups = Action.Group.allCases.map { group in
      table(group.rawValue, Action.all.filter { $0.group == group && !$0.scope.isDisjoint(with: .panes) })
    }
    let own = Panels.all.filter { !$0.actions.isEmpty }.map { table($0.title, $0.actions) }
    return (groups + own).joined(separator: "\n\n") + "\n"
  }

  private static func table(_ title: String, _ actions: [Action]) -> String {
    let rows = actions.map {
      "| \($0.keys.map { "`\($0.label)`" }.joined(separator: " ")) | \($0.sentence) |"
    }
    return "| \(title) | |\n|---|---|\n" + rows.joined(separator: "\n")
  }
}
