import Foundation
import TestSupport

/// Node's HTTP server, which reads requests with an llhttp of its own.
enum HostileHTTPPeer {
  /// The path of `node`; nil if it is not installed.
  static let node: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    .split(separator: ":").map { "\($0)/node" }.first(where: FileManager.default.isExecutableFile(atPath:))

  /// The targets of the requests that Node takes whole, for each connection's bytes.
  static func targetsTaken(of connections: [[UInt8]]) throws -> [[String]] {
    let lines = connections.map { $0.map { String(format: "%02x", $0) }.joined() + "\n" }.joined()
    let command = [node ?? "", "--input-type=module", "-e", script]
    let answers = Data(try Program.run(command, input: Array(lines.utf8)))
    return try answers.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode([String].self, from: $0)
    }
  }

  private static let script = """
    import { createServer } from "node:http";
    import { connect } from "node:net";
    import { createInterface } from "node:readline";

    let taken, over;
    const server = createServer((request, response) => {
      request.on("data", () => {});
      request.on("error", () => {});
      request.on("end", () => { if (request.complete) taken.push(request.url); });
      response.end();
    });
    server.on("connection", (socket) => socket.on("close", () => over()));
    server.on("upgrade", (request, socket) => { taken.push(request.url); socket.destroy(); });
    server.on("connect", (_, socket) => socket.destroy());
    server.on("clientError", (_, socket) => socket.destroy());
    server.listen(0, "127.0.0.1", async () => {
      for await (const line of createInterface({ input: process.stdin })) {
        taken = [];
        await new Promise((resolve) => {
          over = resolve;
          const socket = connect(server.address().port, "127.0.0.1", () => socket.end(Buffer.from(line, "hex")));
          socket.on("data", () => {});
          socket.on("error", () => {});
        });
        console.log(JSON.stringify(taken));
      }
      process.exit(0);
    });
    """
}
