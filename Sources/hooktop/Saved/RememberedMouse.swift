internal import Glibc
internal import OperatingSystem

/// Whether the user wants the mouse, remembered from one run to the next in `$XDG_STATE_HOME/hooktop/mouse`.
struct RememberedMouse: Sendable {
  private let folder: String?

  /// - Parameters:
  ///   - state: the value of `XDG_STATE_HOME`; one that is no absolute path counts for nothing.
  ///   - home: that of `HOME`.
  init(state: [UInt8]?, home: [UInt8]?) {
    folder = (try? SavedSecrets(state: state, home: home)).map {
      String($0.folder.dropLast("/secrets".count))
    }
  }

  static var ofUser: RememberedMouse {
    RememberedMouse(state: Environment.bytes("XDG_STATE_HOME"), home: Environment.bytes("HOME"))
  }

  private var path: String? { folder.map { "\($0)/mouse" } }

  /// Off, unless the user has put it on.
  var isOn: Bool {
    guard let path else { return false }
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return false }
    defer { close(file) }
    var text: (UInt8, UInt8) = (0, 0)
    return read(file, &text, 2) == 2 && text.0 == UInt8(ascii: "o") && text.1 == UInt8(ascii: "n")
  }

  /// Remembers it; false where that is not possible.
  func remember(_ isOn: Bool) -> Bool {
    guard let folder, let path, Self.make(folder) else { return false }
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    defer { close(file) }
    return Descriptor.write(Array((isOn ? "on\n" : "off\n").utf8), to: file).code == 0
  }

  private static func make(_ folder: String) -> Bool {
    var path = ""
    for part in folder.split(separator: "/") {
      path += "/\(part)"
      guard mkdir(path, 0o700) == 0 || errno == EEXIST || access(path, X_OK) == 0 else { return false }
    }
    return true
  }
}
