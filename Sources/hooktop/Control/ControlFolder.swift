internal import Glibc
internal import JSON
internal import OperatingSystem

/// The folder of the control sockets, which nobody but their owner can enter: one socket for each running monitor.
struct ControlFolder: Sendable {
  let path: String

  /// - Parameters:
  ///   - runtime: the value of `XDG_RUNTIME_DIR`; one that is no absolute path counts for nothing.
  ///   - temporary: that of `TMPDIR`, where the folder is without the other.
  init(runtime: [UInt8]?, temporary: [UInt8]?, user: uid_t) {
    func path(_ bytes: [UInt8]?) -> String? {
      guard let bytes, bytes.first == UInt8(ascii: "/") else { return nil }
      return String(validating: bytes, as: UTF8.self).map { String($0.trimmedEnd { $0 == "/" }) }
    }
    self.path = path(runtime).map { "\($0)/hooktop" } ?? "\(path(temporary) ?? "/tmp")/hooktop-\(user)"
  }

  /// Where this user's is.
  static func ofUser() -> ControlFolder {
    ControlFolder(
      runtime: Environment.bytes("XDG_RUNTIME_DIR"), temporary: Environment.bytes("TMPDIR"), user: geteuid())
  }

  /// Where this user's monitors may be, the most likely first: an agent's environment often lacks what a terminal's has.
  static func allOfUser() -> [ControlFolder] {
    let (runtime, temporary) = (Environment.bytes("XDG_RUNTIME_DIR"), Environment.bytes("TMPDIR"))
    let usual = Array("/run/user/\(geteuid())".utf8)
    var folders: [ControlFolder] = []
    for (runtime, temporary) in [(runtime, temporary), (usual, nil), (nil, temporary), (nil, nil)] {
      let folder = ControlFolder(runtime: runtime, temporary: temporary, user: geteuid())
      if !folders.contains(where: { $0.path == folder.path }) { folders.append(folder) }
    }
    return folders
  }

  func socket(ofPort port: Int) -> String { "\(path)/\(port).sock" }

  /// Makes the folder where it is not there.
  func prepare() throws(ControlError) {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .noFolder(path: path, code: errno) }
    try check()
  }

  /// Refuses a folder that others can get at: whoever can put a socket there could pass for a monitor.
  func check() throws(ControlError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw .noFolder(path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
      throw .shared(path: path)
    }
  }

  /// The ports of the monitors that answer here, in order.
  /// - Throws: `ControlError.shared`.
  func ports() throws(ControlError) -> [Int] {
    guard access(path, F_OK) == 0 else { return [] }
    try check()
    return names.filter { !UnixSocket.isAbandoned(socket(ofPort: $0)) }.sorted()
  }

  /// Listens for a port. What monitors have left behind that were killed is removed.
  func listen(forPort port: Int) throws(ControlError) -> Int32 {
    try prepare()
    // So that none of two monitors that start together removes the other's.
    let lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0, flock(lock, LOCK_EX) == 0 else { throw .noFolder(path: path, code: errno) }
    defer { close(lock) }
    for other in names where UnixSocket.isAbandoned(socket(ofPort: other)) { unlink(socket(ofPort: other)) }
    let socket = socket(ofPort: port)
    do {
      return try UnixSocket.listen(at: socket)
    } catch {
      throw ControlError(error, path: socket)
    }
  }

  /// The ports that have sockets here, whether anybody listens or not.
  private var names: [Int] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var ports: [Int] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasSuffix(".sock"), let port = UInt16(name.dropLast(5)), "\(port).sock" == name else {
        continue
      }
      ports.append(Int(port))
    }
    return ports
  }
}

/// Why a monitor can't be talked to by a socket.
enum ControlError: Error, Equatable, CustomStringConvertible {
  case noFolder(path: String, code: Int32)
  case shared(path: String)
  case inUse(path: String)
  case cannotListen(path: String, code: Int32)
  case nameTooLong(path: String, limit: Int)

  init(_ failure: UnixSocket.Failure, path: String) {
    self =
      switch failure {
      case .nameTooLong(let limit): .nameTooLong(path: path, limit: limit)
      case .system(EADDRINUSE): .inUse(path: path)
      case .system(let code): .cannotListen(path: path, code: code)
      }
  }

  var description: String {
    switch self {
    case .noFolder(let path, let code):
      "\(path) can't be used: \(SystemError.words(for: code)); set XDG_RUNTIME_DIR to a folder of your own"
    case .shared(let path):
      "\(path) is not a folder of yours alone (mode 0700): remove it, or set XDG_RUNTIME_DIR to another one"
    case .inUse(let path): "\(path) is another monitor's"
    case .cannotListen(let path, let code): "\(path) can't be listened on: \(SystemError.words(for: code))"
    case .nameTooLong(let path, let limit):
      "\(path) is longer than \(limit) bytes: set XDG_RUNTIME_DIR to a shorter path"
    }
  }
}
