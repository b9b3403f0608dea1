import Glibc
import NIOCore
import NIOEmbedded
import Testing
import Webhooks

@testable import Receiver

/// The raw requests of llhttp's own tests, read where they lie beside the project.
enum LlhttpCorpus {
  static let folder = "../shared/corpora/llhttp_http"

  static let files: [String] = {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".http") { names.append(name) }
    }
    return names.sorted()
  }()

  static func bytes(_ name: String) -> [UInt8] {
    guard let file = fopen("\(folder)/\(name)", "rb") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
    return bytes
  }
}

@Suite("llhttp's requests", .enabled(if: !LlhttpCorpus.files.isEmpty, "shared/corpora is not there"))
struct LlhttpCorpusTests {
  /// A whole POST with `Connection: close`, and the fault is that more comes after it.
  private static let goodBeforeTheFault: Set<String> = [
    "connection_09_error.http", "connection_10_error.http",
  ]

  /// Feeds `bytes` in pieces of `size` to a connection that then ends; its answers and its ring.
  private func run(_ bytes: [UInt8], size: Int) throws -> (answers: String, ring: Journal) {
    let ring = Journal()
    let channel = try Samples.channel(Samples.intake(ring))
    for start in stride(from: 0, to: bytes.count, by: size) where channel.isActive {
      try channel.receive(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    let answers = try channel.written()
    _ = try? channel.finish(acceptAlreadyClosed: true)
    return (answers, ring)
  }

  @Test(
    "leave one answer for each request at most, and the same whole as byte by byte",
    arguments: LlhttpCorpus.files)
  func answers(file: String) throws {
    let bytes = LlhttpCorpus.bytes(file)
    let whole = try run(bytes, size: bytes.count)
    let pieces = try run(bytes, size: 1)
    #expect(whole.answers == pieces.answers)
    let answered = whole.ring.everything.incidents.compactMap(\.status).count + whole.ring.deliveries.count
    #expect(statuses(whole.answers).filter { $0 != 100 }.count == answered)
    #expect(whole.ring.deliveries.count == pieces.ring.deliveries.count)
    if file.hasSuffix("_error.http") {
      #expect(whole.ring.deliveries.count == (Self.goodBeforeTheFault.contains(file) ? 1 : 0))
    }
  }

  @Test("with any one byte changed do no harm", arguments: LlhttpCorpus.files)
  func mutations(file: String) throws {
    let bytes = LlhttpCorpus.bytes(file)
    let replacements: [UInt8] = [0, 0x0A, 0x0D, 0x20, 0x3A, 0x2C, 0x80]
    for position in bytes.indices {
      var changed = bytes
      changed[position] = replacements[position % replacements.count]
      let (answers, ring) = try run(changed, size: changed.count)
      let answered = ring.everything.incidents.compactMap(\.status).count + ring.deliveries.count
      #expect(statuses(answers).filter { $0 != 100 }.count == answered)
    }
  }
}
