internal import ArgumentParser
internal import Glibc
internal import OperatingSystem

/// What `open` reads: a file, `-` for standard input, and `NAME=` in front where there are several.
struct SourceArgument: ExpressibleByArgument, Equatable {
  /// The longest name, in characters.
  private static let longestName = 40

  /// What the user calls it; nil if nothing.
  let name: String?
  let path: String

  /// - Parameter exists: whether there is a file of a name.
  init(_ argument: String, exists: (String) -> Bool) {
    let name = argument.prefix { $0 != "=" }
    let isNamed = name.count < argument.count && Self.isName(name) && !exists(argument)
    self.name = isNamed ? String(name) : nil
    path = isNamed ? String(argument.dropFirst(name.count + 1)) : argument
  }

  init(argument: String) {
    self.init(argument) { access($0, F_OK) == 0 }
  }

  private static func isName(_ text: Substring) -> Bool {
    (1...longestName).contains(text.count)
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || "._-".utf8.contains($0)
      }
  }

  /// What it is called on the screen.
  var title: String { name ?? (path == "-" ? "standard input" : path.fileName) }

  /// Whether it is a stream rather than a file with an end.
  var isStream: Bool {
    guard path == "-", let status = Descriptor.status(of: STDIN_FILENO) else { return false }
    return status.st_mode & S_IFMT != S_IFREG
  }
}
