import Foundation
import Testing

@testable import hooktop

@Suite("Whether the mouse is on, remembered")
struct RememberedMouseTests {
  @Test("it is off at first, and as it was left afterwards")
  func remembered() throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "hooktop-test-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let mouse = RememberedMouse(state: Array(root.path.utf8), home: nil)
    #expect(!mouse.isOn)
    for isOn in [true, false, true] {
      #expect(mouse.remember(isOn))
      #expect(RememberedMouse(state: Array(root.path.utf8), home: nil).isOn == isOn)
    }
    let path = root.appending(path: "hooktop/mouse").path
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    try Data("no sense".utf8).write(to: URL(filePath: path))
    #expect(!mouse.isOn)
    let link = RememberedMouse(state: nil, home: Array(root.path.utf8))
    #expect(
      link.remember(true) && FileManager.default.fileExists(atPath: root.path + "/.local/state/hooktop/mouse")
    )
  }

  @Test("where there is no place for it, it is off, and can't be remembered")
  func nowhere() {
    let mouse = RememberedMouse(state: Array("relative".utf8), home: nil)
    #expect(!mouse.isOn && !mouse.remember(true))
    #expect(!RememberedMouse(state: Array("/dev/null/x".utf8), home: nil).remember(true))
  }
}
