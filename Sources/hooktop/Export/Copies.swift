internal import JSON
internal import Monitor
internal import OperatingSystem
internal import Webhooks

/// Puts on the clipboard what the user copies, or into a private file what can't go there.
final class Copies {
  /// Made once something has to be in a file. It stays: what was copied into it is the user's.
  private var folder: PrivateFolder?

  /// The folder that holds what was copied to files; nil if nothing was.
  var path: String? { folder?.path }

  /// - Parameter give: puts a text, in base64, on the clipboard; false if that can't be.
  func copy(_ order: CopyOrder, _ give: ([UInt8]) -> Bool) -> CopyResult {
    do throws(PrivateFolder.Failure) {
      switch order.content {
      case .bytes(let bytes): return try copy(bytes, order.fileName, give)
      case .curl(let command):
        var path: String?
        if let body = command.bodyForFile { path = try write(body, as: "\(order.fileName).body") }
        return try copy(command.text(bodyIn: path), order.fileName, body: path, give)
      }
    } catch {
      return .failed(error.description)
    }
  }

  private func copy(
    _ bytes: [UInt8], _ fileName: String, body: String? = nil, _ give: ([UInt8]) -> Bool
  ) throws(PrivateFolder.Failure) -> CopyResult {
    // Terminals take text: what is none would come out as something else.
    if bytes.isUTF8, !bytes.contains(0), give(Base64.encoded(bytes)) {
      return .given(bytes: bytes.count, body: body)
    }
    return .written(path: try write(bytes, as: fileName), bytes: bytes.count)
  }

  private func write(_ bytes: [UInt8], as name: String) throws(PrivateFolder.Failure) -> String {
    if let folder { return try folder.write(bytes, as: name) }
    let folder = try PrivateFolder()
    self.folder = folder
    return try folder.write(bytes, as: name)
  }
}
