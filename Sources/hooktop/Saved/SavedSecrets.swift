internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Webhooks

/// The signing secrets that are saved on this machine: a file for each, which only its owner can read.
struct SavedSecrets: Sendable {
  /// `…/hooktop/secrets`.
  let folder: String

  /// - Parameters:
  ///   - state: the value of `XDG_STATE_HOME`; one that is no absolute path counts for nothing.
  ///   - home: that of `HOME`.
  /// - Throws: `SavedSecretError.noHome`.
  init(state: [UInt8]?, home: [UInt8]?) throws(SavedSecretError) {
    func path(_ bytes: [UInt8]?) -> String? {
      bytes?.first == UInt8(ascii: "/") ? bytes.flatMap { String(validating: $0, as: UTF8.self) } : nil
    }
    guard let root = path(state) ?? path(home).map({ $0 + "/.local/state" }) else { throw .noHome }
    folder = root.trimmedEnd { $0 == "/" } + "/hooktop/secrets"
  }

  /// Where this user's are.
  static func ofUser() throws(SavedSecretError) -> SavedSecrets {
    try SavedSecrets(state: Environment.bytes("XDG_STATE_HOME"), home: Environment.bytes("HOME"))
  }

  func path(of provider: Provider, _ id: APIID) -> String { "\(folder)/\(provider.name)-\(id)" }

  /// The file of a secret that is saved; nil if none is.
  func file(of provider: Provider, _ id: APIID) -> String? {
    let path = path(of: provider, id)
    return access(path, F_OK) == 0 ? path : nil
  }

  /// Makes the folder where it is not there: what can't be saved is to be known before a secret is made.
  func prepare() throws(SavedSecretError) {
    var path = ""
    for part in folder.split(separator: "/") {
      path += "/\(part)"
      guard mkdir(path, 0o700) == 0 || errno == EEXIST || access(path, X_OK) == 0 else {
        throw .cannotWrite(path: path, code: errno)
      }
    }
    guard access(folder, W_OK | X_OK) == 0, chmod(folder, 0o700) == 0 else {
      throw .cannotWrite(path: folder, code: errno)
    }
  }

  /// Saves a secret in the place of the one before: whoever looks finds the old one or the new one, and no half.
  /// - Returns: the file's path.
  func save(_ secret: String, of provider: Provider, _ id: APIID) throws(SavedSecretError) -> String {
    try Self.check(secret, of: provider, id)
    try prepare()
    let path = path(of: provider, id)
    // A name that begins with a dot is nobody's secret.
    let draft = "\(folder)/.\(provider.name)-\(id).\(getpid())"
    unlink(draft)
    do throws(SavedSecretError) {
      try Self.write(Array(secret.utf8) + [0x0A], to: draft)
      guard rename(draft, path) == 0 else { throw .cannotWrite(path: path, code: errno) }
    } catch {
      unlink(draft)
      throw error
    }
    Self.synchronise(folder)
    return path
  }

  /// Refuses what can't be a secret, or could not be read again.
  private static func check(_ text: String, of provider: Provider, _ id: APIID) throws(SavedSecretError) {
    guard text.utf8.count < sizeLimit else { throw .unusable("it is longer than any secret") }
    let isWhole = text.unicodeScalars.allSatisfy {
      $0.properties.generalCategory != .control && $0 != "\u{FFFD}"
    }
    guard isWhole else { throw .unusable("it has characters that are not text") }
    do { _ = try secret(text, of: provider, id) } catch { throw .unusable("\(error)") }
  }

  /// The secret of a webhook, under the label that all saved ones have.
  static func secret(_ text: String, of provider: Provider, _ id: APIID) throws(SecretError) -> SigningSecret
  {
    var secret = try SigningSecret(text, label: label(of: provider, id), provider: provider)
    secret.webhook = id.text
    return secret
  }

  static func label(of provider: Provider, _ id: APIID) -> String { "\(provider.name)/\(id.text.prefix(40))" }

  private static func write(_ bytes: [UInt8], to path: String) throws(SavedSecretError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, code: errno) }
    defer { close(descriptor) }
    let (_, code) = Descriptor.write(bytes, to: descriptor)
    guard code == 0 else { throw .cannotWrite(path: path, code: code) }
    guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, code: errno) }
  }

  /// Has the folder's list of names written to the disk; what fails at that fails for the file system.
  private static func synchronise(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// Why a secret can't be saved.
enum SavedSecretError: Error, Equatable, CustomStringConvertible {
  case noHome
  /// The id is no file's name.
  case noID
  case cannotWrite(path: String, code: Int32)
  /// What the API has made is no secret that could be used once it is saved, for a reason in these words.
  case unusable(String)
  /// Another process rotates it.
  case busy(APIID)

  var description: String {
    if case .cannotWrite = self { "\(reason); make that possible, or leave --save out" } else { reason }
  }

  /// The same without what a command line can do about it.
  var reason: String {
    switch self {
    case .noHome: "secrets can't be saved: set HOME or XDG_STATE_HOME to a folder's path"
    case .noID: "the secret can't be saved: the answer has no id to name its file after"
    case .cannotWrite(let path, let code):
      "the secret can't be saved in \(path): \(SystemError.words(for: code))"
    case .unusable(let reason): "the secret is not saved, since hooktop could not use it: \(reason)"
    case .busy(let id): "the secret of \(id) is being rotated already: wait until that has ended"
    }
  }
}
