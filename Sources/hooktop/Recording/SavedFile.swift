internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Receiver
internal import Webhooks

/// A file in which another program has saved requests: a dump, an HTTP archive or a `curl` command.
struct SavedFile {
  let form: SavedForm
  private let path: String
  private let bytes: [UInt8]

  /// The most bytes of a file that are read, of one that it names as well.
  private static let limit = HTTPServer.Limits().bodiesInFlight

  /// Returns nil if the file holds none of these.
  init?(_ path: String, _ bytes: [UInt8]) {
    guard let form = SavedForm(of: bytes) else { return nil }
    self.form = form
    self.path = path
    self.bytes = bytes
  }

  /// The requests, each with its time: the one that the file gives it, or that of the file itself, or now.
  /// - Throws: `SavedFileError`.
  func requests() throws(SavedFileError) -> [(request: Request, time: Timestamp)] {
    do throws(SavedFault) {
      let time = modified ?? .now()
      return try form.requests(in: bytes, file: neighbour).map { ($0.request, $0.time ?? time) }
    } catch {
      throw SavedFileError(path: path, form: form, fault: error)
    }
  }

  /// When the file was last written to; nil for standard input.
  private var modified: Timestamp? {
    var status = stat()
    guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Timestamp(microseconds: Int64(status.st_mtim.tv_sec) * 1_000_000)
  }

  /// The content of a file in the same folder.
  ///
  /// A command comes from somebody else, and must not have other files read: no path, no link, nothing but a file.
  private func neighbour(_ name: String) -> [UInt8]? {
    let name = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let isInside = name.hasPrefix(folder) && folder.hasPrefix("/") && !folder.isEmpty
    let own = isInside ? String(name.dropFirst(folder.count)) : name
    guard path != "-", !own.isEmpty, !own.utf8.contains(UInt8(ascii: "/")), !own.utf8.contains(0)
    else {
      return nil
    }
    return Self.content(of: folder + own)
  }

  private static func content(of path: String) -> [UInt8]? {
    // Without waiting, where a pipe stands there.
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let status = Descriptor.status(of: descriptor), status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= off_t(limit)
    else { return nil }
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      while count < buffer.count {
        let read = Glibc.read(
          descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
        if read < 0, errno == EINTR { continue }
        failed = failed || read < 0
        guard read > 0 else { break }
        count += read
      }
    }
    return failed ? nil : bytes
  }
}

/// Why a saved request can't be used.
struct SavedFileError: Error, CustomStringConvertible {
  let path: String
  let form: SavedForm
  let fault: SavedFault

  var description: String {
    "\(path == "-" ? "standard input" : path) looks like \(form.title) and can't be read as one, \(fault)"
  }
}
