internal import Glibc
internal import Webhooks

extension SavedSecrets {
  /// What was found in the folder, as it was when it was last read.
  struct Contents {
    /// By the names of the files.
    var files: [String: File] = [:]
    /// Why not all that is there was looked at, in one line.
    fileprivate(set) var fault: String?

    /// In the order of their names.
    var inOrder: [File] { files.sorted { $0.key < $1.key }.map(\.value) }
    /// The one that was saved last first; by their names where that tells nothing.
    var newestFirst: [File] {
      files.sorted { ($1.value.savedAt, $0.key) < ($0.value.savedAt, $1.key) }.map(\.value)
    }
  }

  /// One of the files.
  struct File {
    /// nil until it could be read.
    fileprivate var stamp: FileStamp?
    /// nil if there is none in it that can be used.
    var secret: SigningSecret?
    /// Why not, in one line.
    fileprivate(set) var fault: String?
    /// Who else can get at it, in one line.
    fileprivate(set) var exposure: String?
    /// Whose secret it is named as; nil until it could be read.
    fileprivate(set) var provider: Provider?

    /// When it was written, in nanoseconds; 0 until it could be read.
    fileprivate var savedAt: Int { stamp?.writtenAt ?? 0 }
  }

  /// A file that is named as one of a secret is.
  private struct Place {
    let name: String
    let provider: Provider
    let id: APIID
  }

  /// No more than so many secrets are looked at.
  private static let fileLimit = 256
  /// No more names of the folder are read than so many: it is read twice a second.
  private static let nameLimit = 20_000
  /// The longest file that is taken for a secret, in bytes.
  static let sizeLimit = 1 << 16

  /// How the folder is now: saving a secret changes it. nil if it is not there.
  var folderStamp: FileStamp? { FileStamp(of: folder) }

  /// Reads what has changed of the secrets of known providers. A secret stays known where its file can't be read, or is
  /// gone: deliveries signed with it may be on their way.
  func read(_ contents: inout Contents, of providers: Providers) {
    let (places, fault) = places(among: providers)
    contents.fault = fault
    for place in places {
      let path = "\(folder)/\(place.name)"
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      let known = contents.files[place.name]
      guard known?.stamp != FileStamp(status) else { continue }
      contents.files[place.name] = Self.file(path, status, place, before: known?.secret)
    }
  }

  private static func file(
    _ path: String, _ status: stat, _ place: Place, before: SigningSecret?
  ) -> File {
    let label = label(of: place.provider, place.id)
    var file = File(
      stamp: FileStamp(status), secret: before, exposure: exposure(of: path, status, label),
      provider: place.provider)
    do {
      guard status.st_size <= sizeLimit else { throw FileError.tooLarge(path: path, limit: sizeLimit) }
      var bytes = try FileStream(path).readToEnd(atMost: sizeLimit)
      if bytes.last == 0x0A { bytes.removeLast() }
      let text = try SecretSourceError.text(bytes, of: label, from: path)
      file.secret = try secret(text, of: place.provider, place.id)
    } catch {
      file.fault = "the saved secret \(label) can't be used: \(error)"
    }
    return file
  }

  /// Whether others than the user can get at a file, in one line.
  private static func exposure(of path: String, _ status: stat, _ label: String) -> String? {
    if status.st_uid != geteuid() {
      return "the saved secret \(label) belongs to another user, who can change it: make \(path) your own"
    }
    guard status.st_mode & 0o066 != 0 else { return nil }
    return "others can read or change the saved secret \(label): chmod 600 \(path)"
  }

  /// The files that may hold secrets, and why not all of them are among these.
  private func places(among providers: Providers) -> ([Place], fault: String?) {
    guard let list = opendir(folder) else { return ([], nil) }
    defer { closedir(list) }
    var (places, count): ([Place], Int) = ([], 0)
    while let entry = readdir(list) {
      count += 1
      guard count <= Self.nameLimit else {
        return (
          places,
          "\(folder) holds more than \(Self.nameLimit) files, not all of which are looked at: clear it up"
        )
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let place = name.flatMap({ Self.place(of: $0, among: providers) }) else { continue }
      guard places.count < Self.fileLimit else {
        return (
          places,
          "\(folder) holds more than \(Self.fileLimit) secrets, not all of which are used: clear it up"
        )
      }
      places.append(place)
    }
    return (places, nil)
  }

  /// Whose secret a file of this name holds, and the id of its webhook: `parlay-wh_1`.
  private static func place(of name: String, among providers: Providers) -> Place? {
    // The longest name: one provider's may be the beginning of another's.
    let owners = providers.all.filter { name.hasPrefix($0.name + "-") }
    guard let provider = owners.max(by: { $0.name.count < $1.name.count }),
      let id = APIID(name.utf8.dropFirst(provider.name.utf8.count + 1))
    else { return nil }
    return Place(name: name, provider: provider, id: id)
  }
}
