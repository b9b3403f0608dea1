internal import Glibc
internal import Monitor
internal import OperatingSystem
internal import Webhooks

/// The user's editor: lets a request be edited in a private file, which is gone afterwards unless something in it would
/// be lost.
enum Editor {
  /// The most bytes that are read of an edited file.
  private static let limit = 256 << 20

  /// What the user calls for an editor, as a shell reads it.
  static func command(_ environment: (String) -> String?) -> String {
    for name in ["VISUAL", "EDITOR"] {
      if let command = environment(name), !command.allSatisfy({ $0 == " " }) { return command }
    }
    return "vi"
  }

  /// Has a request edited.
  /// - Parameter run: runs a program on the terminal until it ends.
  static func edit(
    _ order: EditOrder, environment: (String) -> String? = { getenv($0).map { String(cString: $0) } },
    run: ([String]) -> ForegroundProgram.End
  ) -> EditOutcome {
    do throws(PrivateFolder.Failure) {
      let file = try PrivateFile(order.text)
      return edit(file, order, with: command(environment), run)
    } catch {
      return .failed(error.description)
    }
  }

  private static func edit(
    _ file: PrivateFile, _ order: EditOrder, with command: String,
    _ run: ([String]) -> ForegroundProgram.End
  ) -> EditOutcome {
    // As git does: the shell splits what the variable holds, and the file's name stays one word.
    switch run(["/bin/sh", "-c", "\(command) \"$@\"", command, file.path]) {
    case .exited(0): return read(file, order)
    case .exited(126), .exited(127), .notStarted:
      file.remove()
      return .failed("\(command) can't be started: set $VISUAL or $EDITOR to an editor that is installed")
    // What a shell says of a command that was killed.
    case .exited(let status) where status > 128:
      return given(up: "\(command) was killed by signal \(status - 128)", file, order)
    case .exited(let status):
      file.remove()
      return .failed("\(command) ended with status \(status)")
    case .killed(let signal): return given(up: "\(command) was killed by signal \(signal)", file, order)
    case .interrupted: return given(up: "hooktop was asked to end", file, order)
    }
  }

  /// The editor could not finish: what it has written so far stays, as does what it needs to recover the rest.
  private static func given(up reason: String, _ file: PrivateFile, _ order: EditOrder) -> EditOutcome {
    guard (try? text(of: file)) == order.text else {
      return .failed("\(file.path) keeps your text; \(reason)")
    }
    file.removeAlone()
    return .failed(reason)
  }

  private static func text(of file: PrivateFile) throws(FileError) -> [UInt8] {
    try FileStream(file.path).readToEnd(atMost: limit)
  }

  private static func read(_ file: PrivateFile, _ order: EditOrder) -> EditOutcome {
    do throws(FileError) {
      let (text, before) = (try text(of: file), order.text)
      // An editor may end the last line of a text that nobody has changed.
      guard text != before, text != before + [UInt8(ascii: "\n")] else {
        file.remove()
        return .unchanged
      }
      do throws(EditFault) {
        let edited = try order.read(text)
        file.remove()
        return .edited(edited)
      } catch {
        return .failed("\(file.path) keeps your text; \(error.sentence)")
      }
    } catch {
      // Where the editor has taken the file away, nothing is left to be kept.
      file.removeFolder()
      return .failed(error.description)
    }
  }
}

/// A file that nobody but the user can read, in a folder of its own.
private struct PrivateFile {
  private let folder: String
  let path: String

  /// Writes the file, with the rights 0600 in a folder with the rights 0700.
  init(_ content: [UInt8]) throws(PrivateFolder.Failure) {
    let folder = try PrivateFolder()
    self.folder = folder.path
    do {
      path = try folder.write(content, as: "request.http")
    } catch {
      rmdir(folder.path)
      throw error
    }
  }

  /// Removes the folder with all that the editor has left in it, such as backups.
  func remove() {
    if let entries = opendir(folder) {
      while let entry = readdir(entries) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        unlink("\(folder)/\(name)")
      }
      closedir(entries)
    }
    removeFolder()
  }

  /// Removes the file, and the folder where nothing else is in it.
  func removeAlone() {
    unlink(path)
    removeFolder()
  }

  /// Removes the folder where it is empty.
  func removeFolder() { rmdir(folder) }
}
