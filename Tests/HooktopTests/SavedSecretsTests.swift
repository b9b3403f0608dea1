import Foundation
import Sender
import Testing
import Webhooks

@testable import hooktop

/// Where signing secrets are saved, and how.
struct SavedSecretsTests {
  private static let id = APIID("wh_2k4xJzaB".utf8)!

  /// A folder that is removed with the test, and what is saved in it.
  private func withFolder(_ body: (SavedSecrets, String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "hooktop-saved-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: root) }
    try body(try SavedSecrets(state: Array(root.utf8), home: nil), root)
  }

  private func mode(_ path: String) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
  }

  @Test(
    "the folder is that of the XDG rules",
    arguments: [
      ("/x/state", "/home/a", "/x/state/hooktop/secrets"), ("/x/", nil, "/x/hooktop/secrets"),
      (nil, "/home/a", "/home/a/.local/state/hooktop/secrets"),
      ("", "/home/a", "/home/a/.local/state/hooktop/secrets"),
      ("relative", "/home/a", "/home/a/.local/state/hooktop/secrets"), (nil, nil, nil),
      (nil, "relative", nil),
    ] as [(String?, String?, String?)])
  func folder(state: String?, home: String?, folder: String?) {
    let saved = try? SavedSecrets(state: state.map { Array($0.utf8) }, home: home.map { Array($0.utf8) })
    #expect(saved?.folder == folder)
  }

  @Test("a secret is in a file that only its owner can read, and a new one takes its place whole")
  func save() throws {
    try withFolder { saved, root in
      let path = try saved.save("whsec_one", of: .parlay, Self.id)
      #expect(path == "\(root)/hooktop/secrets/parlay-wh_2k4xJzaB")
      #expect(mode(path) == 0o600)
      for folder in ["", "/hooktop", "/hooktop/secrets"] { #expect(mode(root + folder) == 0o700) }
      let open = try #require(FileHandle(forReadingAtPath: path))
      _ = try saved.save("whsec_two", of: .parlay, Self.id)
      // Whoever was reading it still has the whole old one.
      #expect(try open.readToEnd() == Data("whsec_one\n".utf8))
      #expect(FileManager.default.contents(atPath: path) == Data("whsec_two\n".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: saved.folder) == ["parlay-wh_2k4xJzaB"])
    }
  }

  @Test(
    "what can't be used once it is saved takes the place of nothing",
    arguments: [
      "", "whsec_a\nb", "whsec_\0", "whsec_\u{85}", "whsec_\u{FFFD}", String(repeating: "x", count: 1 << 16),
    ])
  func useless(secret: String) throws {
    try withFolder { saved, _ in
      let path = try saved.save("whsec_one", of: .parlay, Self.id)
      let error = #expect(throws: SavedSecretError.self) { try saved.save(secret, of: .parlay, Self.id) }
      #expect(error.map { "\($0)".contains("is not saved") && !"\($0)".contains("whsec_") } == true)
      #expect(FileManager.default.contents(atPath: path) == Data("whsec_one\n".utf8))
    }
  }

  @Test("a folder that others can read is closed to them")
  func closed() throws {
    try withFolder { saved, _ in
      try FileManager.default.createDirectory(
        atPath: saved.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
      try saved.prepare()
      #expect(mode(saved.folder) == 0o700)
    }
  }

  @Test("a folder that can't be made is named before anything is done")
  func unusable() throws {
    try withFolder { saved, root in
      _ = FileManager.default.createFile(atPath: root, contents: nil)
      #expect(throws: SavedSecretError.self) { try saved.prepare() }
    }
  }

  @Test("a file that can't be replaced stays as it is, and no draft is left behind")
  func unreplaceable() throws {
    try withFolder { saved, _ in
      let path = saved.path(of: .parlay, Self.id)
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let error = #expect(throws: SavedSecretError.self) { try saved.save("whsec_x", of: .parlay, Self.id) }
      #expect(error.map { "\($0)".contains(path) && !"\($0)".contains("whsec_x") } == true)
      #expect(try FileManager.default.contentsOfDirectory(atPath: saved.folder) == ["parlay-wh_2k4xJzaB"])
    }
  }

  @Test("a secret that is locked is so to all others until it is let go, and no file is left of that")
  func locked() throws {
    try withFolder { saved, _ in
      try saved.prepare()
      var lock: SavedSecretLock?
      for _ in 1...2 {
        lock = try saved.lock(of: .parlay, Self.id)
        #expect(throws: SavedSecretError.busy(Self.id)) { try saved.lock(of: .parlay, Self.id) }
        #expect(lock != nil)
        lock = nil
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: saved.folder).isEmpty)
    }
  }
}
