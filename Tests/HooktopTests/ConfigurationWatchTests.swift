import Foundation
import Testing
import Webhooks

@testable import hooktop

/// When the configuration file counts as changed: once for each change, and only when it stays as it is.
struct ConfigurationWatchTests {
  private static func file() throws -> (URL, ConfigurationWatch) {
    let url = FileManager.default.temporaryDirectory.appending(path: "hooktop-\(UUID().uuidString).yaml")
    try Data("keep: 1\n".utf8).write(to: url)
    let file = try ConfigurationFile(reading: url.path, .named, known: .builtIn)
    return (url, ConfigurationWatch(file))
  }

  @Test("a change is told of once, after a look at which nothing more has changed")
  func once() throws {
    let (url, watch) = try Self.file()
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(!watch.look() && !watch.takeChange())
    try Data("keep: 12\n".utf8).write(to: url)
    #expect(!watch.look() && !watch.takeChange())
    try Data("keep: 123\n".utf8).write(to: url)
    #expect(!watch.look())
    #expect(watch.look())
    #expect(watch.takeChange() && !watch.takeChange())
    #expect(!watch.look() && !watch.takeChange())
  }

  @Test("a file that is gone stays in force, and is read again when it is back")
  func gone() throws {
    let (url, watch) = try Self.file()
    defer { try? FileManager.default.removeItem(at: url) }
    try FileManager.default.removeItem(at: url)
    #expect(!watch.look() && !watch.look() && !watch.takeChange())
    try Data("keep: 2222\n".utf8).write(to: url)
    #expect(!watch.look() && watch.look() && watch.takeChange())
  }

  @Test("a mode that changes is a change: a secret in the file may have become readable")
  func mode() throws {
    let (url, watch) = try Self.file()
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(chmod(url.path, 0o600) == 0)
    #expect(!watch.look() && watch.look())
  }
}
