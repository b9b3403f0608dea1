internal import ArgumentParser
internal import Config
internal import Glibc
internal import JSON
internal import Sender
internal import Webhooks

extension ConfigurationFile {
  func fault(_ words: String, at place: Place) -> ConfigurationFileError {
    .wrong(path: path, ConfigurationError(.other(words), at: place))
  }

  /// Does what may fail over something that the file says, so that the failure names the place.
  func located<Result>(_ place: Place, _ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch let error as ValidationError {
      throw fault(error.message, at: place)
    } catch let error as ConfigurationFileError {
      throw error
    } catch {
      throw fault("\(error)", at: place)
    }
  }

  /// Refuses what can be seen to be wrong before anything is started with it.
  func check() throws {
    for target in configuration.forward {
      try check(
        located(target.place) { try ForwardOptions.rule(target.value, among: configuration.providers).url },
        target)
    }
    for target in configuration.endpoints.compactMap(\.forward) {
      try check(located(target.place) { try AppURL.option("--forward", target.value) }, target)
    }
    for secret in allSecrets { try checkSource(secret.source) }
    _ = try options()
  }

  /// The URLs of all apps, with a provider's name in front or without.
  var forwardTargets: [Placed<String>] {
    configuration.forward + configuration.endpoints.compactMap(\.forward)
  }

  private var allSecrets: [Configuration.Secret] {
    configuration.secrets + configuration.endpoints.flatMap(\.secrets)
  }

  private func check(_ url: AppURL, _ target: Placed<String>) throws {
    guard standing != .found || url.isLoopback else {
      throw fault(
        """
        found \(url.text), which is not on this machine: a file found in the working folder forwards to loopback only; \
        to trust it, give --config \(path)
        """, at: target.place)
    }
  }

  private func checkSource(_ source: Placed<String>) throws {
    switch SecretSource(source.value) {
    case .environment(let name):
      guard !name.isEmpty else {
        throw fault("found env: without a name, expected env:VAR", at: source.place)
      }
    case .file(let name): _ = try path(Placed(name, source.place))
    case .prompt: throw fault("found prompt: a file can't ask, use env:VAR or file:PATH", at: source.place)
    case .literal:
      guard isPrivate else {
        throw fault(
          "this is a secret, and others can read the file: chmod 600 \(path), or use env:VAR or file:PATH",
          at: source.place)
      }
    }
  }
}

extension ConfigurationFile {
  /// The folder that relative paths in the file begin at: its own.
  private var folder: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path that the file names, as it can be opened.
  /// - Throws: `ConfigurationFileError`, where it leads out of a folder that it must not leave.
  func path(_ name: Placed<String>) throws -> String {
    let full = name.value.hasPrefix("/") ? name.value : "\(folder)/\(name.value)"
    guard standing == .found else { return full }
    guard let real = Self.real(full), let root = Self.real(folder),
      real.hasPrefix(root == "/" ? root : root + "/")
    else {
      throw fault(
        """
        found \(name.value), which is not below this folder: a file found in the working folder reaches nothing else; \
        to trust it, give --config \(path)
        """, at: name.place)
    }
    return real
  }

  /// The path without links; also of a file that is yet to be made. nil where a link leads nowhere.
  private static func real(_ path: String) -> String? {
    if let real = realpath(path, nil) {
      defer { free(real) }
      return String(cString: real)
    }
    var status = stat()
    guard lstat(path, &status) != 0, errno == ENOENT, let slash = path.lastIndex(of: "/") else { return nil }
    let name = path[path.index(after: slash)...]
    guard !name.isEmpty, name != "..", name != ".", let folder = realpath(String(path[..<slash]), nil) else {
      return nil
    }
    defer { free(folder) }
    return "\(String(cString: folder))/\(name)"
  }
}
