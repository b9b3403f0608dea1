import Foundation
import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite struct HelpTests {
  @Test(
    "the help is searched for the words that a user has in mind",
    arguments: [
      ("livemode", "n/a"), ("secret", "signing secrets"), ("replay", "replay"), ("older failed", "older"),
      ("future", "tolerance"),
      ("proven", "reproduce the signature"), ("evicted", "ring buffer"),
    ])
  func search(words: String, found: String) throws {
    var app = try App()
    app.type("?/\(words)")
    #expect(app.model.panels.top is HelpSearchPanel)
    #expect(app.screen.contains(found), "\(app.screen)")
    app.type("<Esc>?/xyzzy")
    #expect(app.screen.contains("Nothing in the help says that."))
    app.type("<Enter>")
    #expect(app.model.panels.top is HelpPanel)
  }

  @Test("what a search of the help leaves out is not shown")
  func narrowed() throws {
    var app = try App()
    app.type("?/tolerance")
    #expect(!app.screen.contains("Clear the screen") && !app.screen.contains("half page"))
    #expect(app.screen.contains("Verdicts"))
  }

  @Test(
    "the help has two columns where they fit, and the filter keys are seen without scrolling",
    arguments: [
      (200, 60, true), (140, 40, false), (80, 24, false),
    ])
  func columns(columns: Int, rows: Int, hasTwo: Bool) throws {
    var app = try App(columns: columns, rows: rows)
    app.type("?")
    let row = try #require(app.frame.first { $0.contains("Go to the top.") })
    let beside = try #require(row.components(separatedBy: "Go to the top.").last?.prefix { $0 != "│" })
    #expect(beside.contains { $0.isLetter } == hasTwo, "\(row)")
    if rows >= 40 { #expect(app.screen.contains("Filter by an expression")) }
  }

  @Test("every verdict and every level of a cause is explained")
  func explained() throws {
    let app = try App()
    let text = HelpText.sections(for: .pane(.deliveries), app.model)
      .flatMap(\.lines).map { String(decoding: $0.flatMap(\.bytes), as: UTF8.self) }.joined(separator: "\n")
    for status in Verdict.Status.allCases where status != .valid {
      #expect(text.contains(" \(status.rawValue) "))
    }
    for key in FilterKey.allCases { #expect(text.contains("  \(key.rawValue):")) }
    for level in ["PROVEN", "SEEN", "LIKELY", "UNKNOWN"] { #expect(text.contains(level)) }
  }
}
