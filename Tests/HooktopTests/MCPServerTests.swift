import Foundation
import JSON
import OperatingSystem
import Synchronization
import Testing
import Webhooks

@testable import hooktop

/// The messages of the Model Context Protocol, without a process.
struct MCPServerTests {
  private final class Output: Sendable {
    let lines = Mutex<[String]>([])
    func add(_ bytes: [UInt8]) { lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
    var all: [String] { lines.withLock { $0 } }
  }

  /// What is answered to lines, where no monitor can be reached.
  private func answers(_ lines: [String], allowsActions: Bool = false) -> [String] {
    let output = Output()
    let server = MCPServer(
      .running(socket: "/nonexistent/x.sock"), allowsActions: allowsActions, output: { output.add($0) })
    var cut = SessionLines(limit: MCPServer.messageLimit)
    for line in cut.lines(in: Array((lines.joined(separator: "\n") + "\n").utf8)) {
      server.take(line.content)
    }
    return output.all
  }

  private func object(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
  }

  private func code(_ line: String) throws -> Int? {
    (try object(line)["error"] as? [String: Any])?["code"] as? Int
  }

  @Test(
    "the client's version is spoken where it is known, and else the newest",
    arguments: [
      ("2024-11-05", "2024-11-05"), ("2025-06-18", "2025-06-18"), ("2025-11-25", "2025-11-25"),
      ("1999-01-01", "2025-11-25"),
    ])
  func versions(asked: String, spoken: String) throws {
    let line =
      #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(asked)","capabilities":{}}}"#
    let answer = try object(try #require(answers([line]).first))
    #expect(answer["id"] as? Int == 0)
    let result = try #require(answer["result"] as? [String: Any])
    #expect(result["protocolVersion"] as? String == spoken)
    #expect((result["capabilities"] as? [String: Any])?.keys.sorted() == ["tools"])
  }

  @Test("ids come back as they were sent, and notifications are not answered")
  func ids() throws {
    let lines = answers([
      #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
      #"{"jsonrpc":"2.0","id":"a\u0062\"","method":"ping"}"#,
      #"{"jsonrpc":"2.0","id":-7,"method":"ping"}"#,
      #"{"jsonrpc":"2.0","id":3,"result":{}}"#,
      #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9}}"#,
    ])
    #expect(
      lines == [
        #"{"jsonrpc":"2.0","id":"a\u0062\"","result":{}}"# + "\n",
        #"{"jsonrpc":"2.0","id":-7,"result":{}}"# + "\n",
      ])
  }

  @Test("tools that send are there only where they are allowed")
  func tools() throws {
    for (allowed, count) in [(false, 5), (true, 7)] {
      let line = answers([#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#], allowsActions: allowed)[0]
      let tools = try #require((try object(line)["result"] as? [String: Any])?["tools"] as? [[String: Any]])
      #expect(tools.count == count)
      #expect(tools.contains { $0["name"] as? String == "replay" } == allowed)
      #expect(tools.allSatisfy { ($0["inputSchema"] as? [String: Any])?["type"] as? String == "object" })
    }
    let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"replay","arguments":{}}}"#
    #expect(try code(answers([call])[0]) == -32602)
  }

  @Test(
    "what is no message is refused in one line, and the next one is answered",
    arguments: [
      ("nonsense", -32700), ("[]", -32600), ("{}", -32600), (#"{"jsonrpc":"2.0","id":1}"#, -32600),
      (#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, -32601),
      (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, -32600),
      (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600),
      (#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, -32602),
      (#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, -32600),
      (String(repeating: "[", count: 100_000), -32700),
      (
        #"{"jsonrpc":"2.0","id":1,"method":"ping","params":"# + String(repeating: "[", count: 40)
          + String(repeating: "]", count: 40) + "}", -32700
      ),
      (#"{"id":"\#(String(repeating: "i", count: 300))","method":"ping"}"#, -32600),
      (
        #"{"id":1,"method":"ping","params":[\#(Array(repeating: "1", count: 20_000).joined(separator: ","))]}"#,
        -32600
      ),
      (String(repeating: "x", count: 1 << 20 + 1), -32700),
    ])
  func hostile(line: String, code expected: Int) throws {
    let lines = answers([line, #"{"jsonrpc":"2.0","id":2,"method":"ping"}"#])
    #expect(lines.count == 2)
    #expect(try code(lines[0]) == expected, "\(lines[0])")
    #expect(lines[0].utf8.count < 600)
    #expect(lines[1] == #"{"jsonrpc":"2.0","id":2,"result":{}}"# + "\n")
  }

  @Test("where no monitor answers, a call says so and the agent can go on")
  func gone() throws {
    let line = answers([#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"status"}}"#])[0]
    let result = try #require(try object(line)["result"] as? [String: Any])
    #expect(result["isError"] as? Bool == true)
    #expect(line.contains("no monitor answers"))
  }
}
