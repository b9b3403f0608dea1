import Foundation
import Glibc
import OperatingSystem
import Testing

@testable import hooktop

struct ControlFolderTests {
  /// A folder that is removed with the test. Its path is short, as a socket's must be.
  private func withFolder(_ body: (ControlFolder, String) throws -> Void) throws {
    let root = "/tmp/hooktop-control-\(UInt32.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    try body(ControlFolder(runtime: Array(root.utf8), temporary: nil, user: 0), root)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test(
    "the folder is that of the XDG rules, or one of the user's in the temporary folder",
    arguments: [
      ("/run/user/7", nil, "/run/user/7/hooktop"), ("/run/user/7/", "/x", "/run/user/7/hooktop"),
      (nil, "/var/tmp", "/var/tmp/hooktop-7"), ("relative", nil, "/tmp/hooktop-7"),
      ("", "", "/tmp/hooktop-7"),
    ] as [(String?, String?, String)])
  func path(runtime: String?, temporary: String?, path: String) {
    let folder = ControlFolder(
      runtime: runtime.map { Array($0.utf8) }, temporary: temporary.map { Array($0.utf8) }, user: 7)
    #expect(folder.path == path)
  }

  @Test("nobody but the owner can enter it or connect, whatever the umask")
  func modes() throws {
    try withFolder { folder, _ in
      let old = umask(0)
      defer { umask(old) }
      let listener = try folder.listen(forPort: 4747)
      defer { close(listener) }
      #expect(mode(folder.path) == 0o700)
      #expect(mode(folder.socket(ofPort: 4747)) == 0o600)
      #expect(try folder.ports() == [4747])
    }
  }

  @Test("what a killed monitor has left is removed; what one listens on is not, and neither is anything else")
  func stale() throws {
    try withFolder { folder, _ in
      close(try folder.listen(forPort: 1))
      let living = try folder.listen(forPort: 2)
      for name in ["note.txt", "x.sock", "03.sock"] {
        try Data().write(to: URL(filePath: "\(folder.path)/\(name)"))
      }
      #expect(try folder.ports() == [2])
      let other = try folder.listen(forPort: 3)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["03.sock", "2.sock", "3.sock", "note.txt", "x.sock"])
      #expect(throws: ControlError.inUse(path: folder.socket(ofPort: 2))) { try folder.listen(forPort: 2) }
      close(other)
      close(living)
      // Of a killed monitor on the same port.
      close(try folder.listen(forPort: 2))
    }
  }

  @Test("a folder that others can enter, or that is only a link, is not used")
  func shared() throws {
    try withFolder { folder, root in
      #expect(mkdir(folder.path, 0o700) == 0 && chmod(folder.path, 0o750) == 0)
      #expect(throws: ControlError.shared(path: folder.path)) { try folder.listen(forPort: 1) }
      #expect(throws: ControlError.shared(path: folder.path)) { try folder.ports() }
      #expect(rmdir(folder.path) == 0 && mkdir(root + "/own", 0o700) == 0)
      #expect(symlink(root + "/own", folder.path) == 0)
      #expect(throws: ControlError.shared(path: folder.path)) { try folder.listen(forPort: 1) }
    }
  }

  @Test("where there is no folder, no monitor answers; a path that is too long says so")
  func none() throws {
    let missing = ControlFolder(runtime: Array("/nonexistent".utf8), temporary: nil, user: 0)
    #expect(try missing.ports() == [])
    #expect(throws: ControlError.self) { try missing.listen(forPort: 1) }
    try withFolder { _, root in
      let long = root + "/" + String(repeating: "x", count: 100)
      #expect(mkdir(long, 0o700) == 0)
      let folder = ControlFolder(runtime: Array(long.utf8), temporary: nil, user: 0)
      #expect(throws: ControlError.nameTooLong(path: folder.socket(ofPort: 1), limit: 107)) {
        try folder.listen(forPort: 1)
      }
    }
  }
}
