import Foundation
import Testing

/// Captures that arrive in another order than they began, as Parable may send them, put in order on a real screen.
@Suite(.serialized, .enabled(if: Tool.canDrive, "needs bash, curl, openssl and tmux"))
struct ListOrderTests {
  private func post(_ id: String, began time: String, to url: String) async throws {
    let body =
      #"{"event":"capture.processed","delivery_id":"d-\#(id)","data":{"id":"\#(id)","started_at":"2001-04-24T\#(time)Z"}}"#
    var post = Post()
    (post.body, post.headers) = (Data(body.utf8), ["x-parable-event: capture.processed"])
    _ = try await post.send(to: url)
  }

  /// The numbers of the rows, from the top.
  private func rows(_ picture: Picture) -> [String] {
    picture.lines.filter { $0.contains("capture.processed") && $0.contains("parable") }.compactMap {
      $0.split { !$0.isNumber }.first.map(String.init)
    }
  }

  @Test("o orders by data.started_at, arrivals find their place, v reverses and F follows what is new")
  func started() async throws {
    let shell = try await Shell(columns: 160, rows: 40)
    let url = try await shell.watch("TZ=UTC hooktop watch --port 0")
    for (id, time) in [("a", "10:00:00"), ("b", "12:00:00"), ("c", "11:00:00")] {
      try await post(id, began: time, to: url)
    }
    try await shell.wait(until: "three rows") { rows($0) == ["3", "2", "1"] }
    try await shell.press("o")
    try await shell.wait(for: "Order by", "data.started_at")
    try await shell.press("G", "Enter")
    try await shell.wait(until: "rows by their start") {
      rows($0) == ["2", "3", "1"] && $0.contains("by data.started_at ↓") && $0.contains("04-24 12:00:00")
        && $0.contains("F resumes following")
    }
    try await shell.press("j")
    try await post("d", began: "11:30:00", to: url)
    try await shell.wait(until: "a row between") {
      rows($0) == ["2", "4", "3", "1"] && $0.lines.contains { $0.contains("▸    3") }
    }
    try await shell.press("v")
    try await shell.wait(until: "the order turned round") {
      rows($0) == ["1", "3", "4", "2"] && $0.contains("by data.started_at ↑")
        && $0.lines.contains { $0.contains("▸    3") }
    }
    try await shell.press("F")
    try await post("e", began: "10:30:00", to: url)
    try await shell.wait(until: "the newest selected") {
      rows($0) == ["1", "5", "3", "4", "2"] && $0.lines.contains { $0.contains("▸    5") }
    }
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }
}
