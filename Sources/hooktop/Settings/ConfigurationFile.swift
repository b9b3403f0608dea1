internal import Config
internal import Glibc
internal import OperatingSystem
internal import Webhooks

/// A configuration file that was read: what it says, where its paths begin, and what it is trusted with.
struct ConfigurationFile: Sendable {
  /// How it came to be read.
  enum Standing: Sendable {
    /// Named on the command line.
    case named
    /// Found where the user keeps configurations.
    case own
    /// Found in the working folder, which may be somebody else's work: it may reach nothing outside of it.
    case found
  }

  /// As messages call it.
  let path: String
  let standing: Standing
  let configuration: Configuration
  /// Whether nobody but its owner can read or change it.
  let isPrivate: Bool
  let stamp: FileStamp

  static let localName = "hooktop.yaml"

  /// The file that is in force; nil if none is named and none found.
  /// - Throws: `ConfigurationFileError`.
  static func find(named path: String?, known: Providers) throws -> ConfigurationFile? {
    if let path { return try ConfigurationFile(reading: path, .named, known: known) }
    if let file = try ConfigurationFile(ifThere: localName, .found, known: known) { return file }
    return try ownPath.flatMap { try ConfigurationFile(ifThere: $0, .own, known: known) }
  }

  /// Where the user keeps it; nil if there is no home to look in.
  private static var ownPath: String? {
    func folder(_ variable: String) -> String? {
      let bytes = Environment.bytes(variable)
      return bytes?.first == UInt8(ascii: "/") ? bytes.flatMap { String(validating: $0, as: UTF8.self) } : nil
    }
    let root = folder("XDG_CONFIG_HOME") ?? folder("HOME").map { $0 + "/.config" }
    return root.map { $0 + "/hooktop/config.yaml" }
  }

  private init?(ifThere path: String, _ standing: Standing, known: Providers) throws {
    do {
      try self.init(reading: path, standing, known: known)
    } catch ConfigurationFileError.unreadable(_, ENOENT), ConfigurationFileError.unreadable(_, ENOTDIR) {
      return nil
    }
  }

  /// Reads a file again, or for the first time.
  init(reading path: String, _ standing: Standing, known: Providers) throws {
    let (bytes, status) = try Self.contents(of: path)
    self.path = path
    self.standing = standing
    isPrivate = status.st_mode & 0o077 == 0 && (status.st_uid == geteuid() || status.st_uid == 0)
    stamp = FileStamp(status)
    do {
      configuration = try Configuration(reading: bytes, known: known)
    } catch {
      throw ConfigurationFileError.wrong(path: path, error)
    }
    try check()
  }

  /// Opened so that nothing can hold the program up: a pipe would wait for somebody to write into it.
  private static func contents(of path: String) throws -> ([UInt8], stat) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ConfigurationFileError.unreadable(path: path, code: errno) }
    defer { close(descriptor) }
    guard let status = Descriptor.status(of: descriptor) else {
      throw ConfigurationFileError.unreadable(path: path, code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw ConfigurationFileError.noFile(path: path) }
    // One byte more than is read tells that there are more.
    let limit = Configuration.sizeLimit + 1
    var bytes: [UInt8] = []
    while bytes.count < limit {
      var failure: Int32 = 0
      let room = limit - bytes.count
      let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        let result = read(descriptor, buffer.baseAddress, room)
        failure = result < 0 ? errno : 0
        count = max(0, result)
      }
      if failure == EINTR { continue }
      guard failure == 0 else { throw ConfigurationFileError.unreadable(path: path, code: failure) }
      if piece.isEmpty { break }
      bytes += piece
    }
    return (bytes, status)
  }
}

/// Why a configuration file can't be used, in one line that begins with its name.
enum ConfigurationFileError: Error, CustomStringConvertible {
  case unreadable(path: String, code: Int32)
  /// A folder, a pipe or a device.
  case noFile(path: String)
  case wrong(path: String, ConfigurationError)

  var description: String {
    switch self {
    case .unreadable(let path, let code):
      "\(path) can't be read: \(SystemError.words(for: code)); name another file with --config, or give --no-config"
    case .noFile(let path):
      "\(path) is not a regular file: name another with --config, or give --no-config"
    case .wrong(let path, let error): error.line(file: path)
    }
  }
}
