internal import Glibc
internal import OperatingSystem

/// A new folder among the temporary ones that nobody but the user can enter.
struct PrivateFolder {
  let path: String

  /// Why a file can't be written in it.
  struct Failure: Error, CustomStringConvertible {
    let code: Int32
    var description: String {
      "no private file could be written, \(SystemError.words(for: code)): set TMPDIR to a folder with room"
    }
  }

  init() throws(Failure) {
    let root = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    var template = Array(((root.isEmpty ? "/tmp" : root) + "/hooktop-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(code: errno) }
    path = String(decoding: template.dropLast().map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
  }

  /// Writes a file, with the rights 0600, in the place of one of that name; gives its path.
  func write(_ bytes: [UInt8], as name: String) throws(Failure) -> String {
    let file = "\(path)/\(name)"
    unlink(file)
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    let code = descriptor < 0 ? errno : Descriptor.write(bytes, to: descriptor).code
    if descriptor >= 0 { close(descriptor) }
    guard code == 0 else {
      unlink(file)
      throw Failure(code: code)
    }
    return file
  }
}
