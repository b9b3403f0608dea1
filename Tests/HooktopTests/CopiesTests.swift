import Diagnosis
import Foundation
import JSON
import Screen
import TestSupport
import Testing
import Webhooks

@testable import Monitor
@testable import hooktop

@Suite("What is copied, on the clipboard or in a file")
struct CopiesTests {
  private func order(_ bytes: [UInt8]) -> CopyOrder {
    CopyOrder(what: "the body of #1", fileName: "1-body", content: .bytes(bytes))
  }

  @Test("text goes to the terminal in base64, and nothing to a file")
  func given() {
    var given: [[UInt8]] = []
    let copies = Copies()
    let result = copies.copy(order(Array("é\u{1B}]".utf8))) {
      given.append($0)
      return true
    }
    #expect(given == [Base64.encoded(Array("é\u{1B}]".utf8))] && copies.path == nil)
    guard case .given(4, nil) = result else {
      Issue.record("\(result)")
      return
    }
  }

  @Test(
    "what the terminal does not take, or is no text, is in a private file",
    arguments: [[0x61, 0x62], [0xFF, 0], [0]])
  func written(bytes: [UInt8]) throws {
    guard case .written(let path, let count) = Copies().copy(order(bytes), { _ in bytes != [0x61, 0x62] })
    else {
      Issue.record("not written")
      return
    }
    defer {
      try? FileManager.default.removeItem(atPath: URL(filePath: path).deletingLastPathComponent().path)
    }
    #expect(path.hasSuffix("/1-body") && count == bytes.count)
    #expect(try Array(Data(contentsOf: URL(filePath: path))) == bytes)
    let rights = { try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int }
    #expect(try rights(path) == 0o600)
    #expect(try rights(URL(filePath: path).deletingLastPathComponent().path) == 0o700)
  }

  @Test("the body of a command that is no text is in a file that the command names")
  func curl() throws {
    let command = CurlCommand(Request(headers: [], body: [0, 1]), to: "http://a")
    var given: [UInt8] = []
    let order = CopyOrder(what: "a curl command", fileName: "1-curl.sh", content: .curl(command))
    guard
      case .given(_, let path?) = Copies().copy(
        order,
        {
          given = $0
          return true
        })
    else {
      Issue.record("not given")
      return
    }
    defer {
      try? FileManager.default.removeItem(atPath: URL(filePath: path).deletingLastPathComponent().path)
    }
    #expect(try Array(Data(contentsOf: URL(filePath: path))) == [0, 1])
    let decoded = Base64.decoded(given.span)
    let text = try #require(decoded)
    #expect(text.index(of: Array("--data-binary @\(path)".utf8)) != nil)
  }
}

@Suite("Exports in files")
struct ExportsTests {
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "hooktop-test-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
    func path(_ name: String) -> String { url.appending(path: name).path }
    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }
  }

  private func deliveries(_ count: Int, bytes: Int = 10) -> [Delivery] {
    (1...count).map {
      Delivery(
        sequence: UInt64($0), receivedAt: Timestamp(microseconds: 0),
        request: Request(headers: [], body: Array(repeating: 0x61, count: bytes)), envelope: Envelope(),
        verdict: Verdict(.ok), isDuplicate: false, attempt: 1, answer: Answer(status: 200, milliseconds: 1))
    }
  }

  private func order(_ path: String, _ deliveries: [Delivery], overwrites: Bool = false) -> ExportOrder {
    let exporter = Exporter(
      .ndjson, Exporter.Setting(), providers: .builtIn, tolerance: 300, kept: Journal(), charset: .utf8
    ) { .automatic { 0 } }
    return ExportOrder(
      number: 1, deliveries: PickedDeliveries(deliveries), exporter: exporter, path: path,
      overwrites: overwrites)
  }

  /// What comes of an order in the end.
  private func end(of order: ExportOrder) throws -> ExportStep {
    let woken = DispatchSemaphore(value: 0)
    let exports = Exports { woken.signal() }
    exports.begin(order)
    while woken.wait(timeout: .now() + 30) == .success {
      for case .exported(1, let step) in exports.takeResults() {
        if case .done = step { continue }
        return step
      }
    }
    throw NoEnd()
  }

  private struct NoEnd: Error {}

  @Test("a file has its name once it is whole, can be read by its owner alone, and holds a line for each")
  func written() throws {
    let folder = try Folder()
    let path = folder.path("a.ndjson")
    guard case .written(path, let bytes) = try end(of: order(path, deliveries(2000, bytes: 1000))) else {
      Issue.record("not written")
      return
    }
    let content = try Data(contentsOf: URL(filePath: path))
    #expect(content.count == bytes && content.count { $0 == 0x0A } == 2000)
    #expect(folder.names == ["a.ndjson"])
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
  }

  @Test("a file that is there stays as it is, and is replaced only where that was ordered")
  func exists() throws {
    let folder = try Folder()
    let path = folder.path("a")
    try Data("old".utf8).write(to: URL(filePath: path))
    guard case .exists = try end(of: order(path, deliveries(1))) else {
      Issue.record("overwritten")
      return
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    guard case .written = try end(of: order(path, deliveries(1), overwrites: true)) else {
      Issue.record("not written")
      return
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(#"{"kind":"delivery""#))
    #expect(folder.names == ["a"])
  }

  @Test("what is no file is refused in words, and nothing is left behind")
  func refused() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: folder.path("d"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: folder.path("l"), withDestinationPath: "nowhere")
    for (name, words) in [
      ("d", "is not a file: give another name"), ("l", "is not a file"),
      ("no/a", "can't be written, no such file"),
      ("x/", "is not a file"),
    ] {
      let path = name == "x/" ? folder.path("x") + "/" : folder.path(name)
      guard case .failed(let reason) = try end(of: order(path, deliveries(1), overwrites: true)) else {
        Issue.record("\(name)")
        continue
      }
      #expect(reason.lowercased().contains(words), "\(reason)")
    }
    #expect(folder.names == ["d", "l"])
  }

  @Test("an export that is stopped leaves nothing, and tells nothing more")
  func stopped() throws {
    let folder = try Folder()
    let woken = DispatchSemaphore(value: 0)
    let exports = Exports { woken.signal() }
    exports.begin(order(folder.path("a"), deliveries(60_000, bytes: 1000)))
    #expect(woken.wait(timeout: .now() + 30) == .success)
    exports.stop(1)
    let deadline = ContinuousClock.now + .seconds(30)
    while !folder.names.isEmpty, ContinuousClock.now < deadline { usleep(1000) }
    #expect(folder.names.isEmpty)
    for case .exported(1, let step) in exports.takeResults() {
      if case .done = step { continue }
      Issue.record("\(step)")
    }
  }
}
