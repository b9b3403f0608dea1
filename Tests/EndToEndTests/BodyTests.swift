import Foundation
import Testing

/// Bodies of every kind, posted by curl, on a real screen.
@Suite(
  .serialized,
  .enabled(if: Tool.canDrive && Tool.python3.isInstalled, "needs python3, bash, curl, openssl and tmux"))
struct BodyTests {
  /// Posts with curl's own options; its answer is of no account, since nothing is signed.
  private func post(_ options: [String], input: Data = Data(), to url: String) async throws {
    _ = try await Tool.run(
      ["curl", "-s", "--noproxy", "*", "-o", "/dev/null"] + options + [url], input: input)
  }

  /// A gzip file of what a line of Python makes; its path.
  private func gzipped(_ expression: String, in shell: Shell) async throws -> String {
    let path = shell.folder.path("packed.gz")
    let script = "import gzip, sys; open(sys.argv[1], 'wb').write(gzip.compress(\(expression)))"
    _ = try await Tool.run(["python3", "-c", script, path])
    return path
  }

  @Test("forms, multipart, XML, text, compressed and binary bodies are shown so that they can be read")
  func kinds() async throws {
    let shell = try await Shell(columns: 200, rows: 50)
    let url = try await shell.watch()
    try await shell.press("3", "Z")

    try await post(["-d", "name=Ada Lovelace", "--data-urlencode", "note=one & two"], to: url)
    try await shell.wait(for: "form · pretty", "name = Ada Lovelace", "note = one & two")

    try await post(["-d", #"{"a":[1,2]}"#], to: url)
    try await shell.wait(for: "JSON · pretty · 11 B · header says form", "\"a\": [")

    try await post(
      ["-F", "meta={\"b\":1};type=application/json", "-F", "file=@-"], input: Data([0, 1, 2, 0x1B]), to: url)
    try await shell.wait(
      for: "multipart · pretty", "part 1, 7 B", "    \"b\": 1", "part 2, 4 B", "00 01 02 1b")

    try await post(["--data-binary", "<a><b>1</b></a>", "-H", "Content-Type: text/xml"], to: url)
    try await shell.wait(for: "XML · pretty", "  <b>1</b>")

    try await post(
      ["--data-binary", "Dear all,\r\ngood \u{1B}[31mbye\r\n", "-H", "Content-Type: text/plain"], to: url)
    try await shell.wait(for: "text · pretty", "Dear all,", "good ^[[31mbye")

    let packed = try await gzipped(#"b'{"unpacked":[1,2,3]}'"#, in: shell)
    try await post(["--data-binary", "@\(packed)", "-H", "Content-Encoding: gzip"], to: url)
    try await shell.wait(for: "JSON · gzip, ", " B → 20 B", "\"unpacked\": [")
    try await shell.press("b")
    try await shell.wait(for: "raw · gzip", #"{"unpacked":[1,2,3]}"#)
    try await shell.press("b")
    try await shell.wait(for: "hex · gzip, ", "1f 8b 08")
    try await shell.press("b")

    try await post(
      ["--data-binary", "@-", "-H", "Content-Type: image/png"], input: Data([0x89, 0x50, 0, 7]), to: url)
    try await shell.wait(for: "binary · hex · 4 B", "89 50 00 07")
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }

  @Test("a body that unpacks to gigabytes is refused in a word, and the keys go on working")
  func bomb() async throws {
    let shell = try await Shell(columns: 200, rows: 50)
    let url = try await shell.watch()
    try await shell.press("3", "Z")
    let bomb = try await gzipped("bytes(64 << 20)", in: shell)
    try await post(["--data-binary", "@\(bomb)"], to: url)
    try await shell.wait(for: "more than 32 MiB unpacked", "1f 8b 08")
    try await shell.press("Q")
    try await shell.waitForPrompt(0)
  }
}
