internal import ArgumentParser
internal import Receiver

/// Whether the receiver speaks TLS, and the certificate that it is known by.
struct TLSOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Speak TLS with the certificate chain in this PEM file, the server's own first.", valueName: "file"),
    completion: .file())
  var tlsCert: String?

  @Option(
    help: ArgumentHelp("The unencrypted private key of --tls-cert, in a PEM file.", valueName: "file"),
    completion: .file())
  var tlsKey: String?

  @Flag(help: "Speak TLS with a certificate made for this run; its fingerprint is shown.")
  var tlsSelfSigned = false

  func validate() throws {
    guard !tlsSelfSigned || (tlsCert == nil && tlsKey == nil) else {
      throw ValidationError(
        "--tls-self-signed makes a certificate of its own: give it alone, or --tls-cert and --tls-key.")
    }
    guard (tlsCert == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-cert and --tls-key belong together: give both.")
    }
  }

  var isGiven: Bool { tlsSelfSigned || tlsCert != nil || tlsKey != nil }

  /// Reads or makes the certificate, and says what looks wrong with it; nil if TLS is not asked for.
  func identity(host: String) throws(TLSFileError) -> TLSIdentity? {
    if tlsSelfSigned { return try TLSIdentity.selfSigned(host: host) }
    guard let tlsCert, let tlsKey else { return nil }
    let identity = try TLSIdentity(certificates: Self.file(tlsCert), key: Self.file(tlsKey))
    if let warning = identity.warning { Console.warn(warning) }
    return identity
  }

  private static func file(_ path: String) throws(TLSFileError) -> PEMFile {
    do throws(FileError) {
      return PEMFile(path: path, bytes: try FileStream(path).readToEnd(atMost: PEMFile.sizeLimit))
    } catch {
      throw .unreadable(reason: error.description)
    }
  }
}

extension TLSIdentity {
  /// What the user must be told to make the certificate known; nil for one that they have brought.
  var announcement: String? {
    isMadeForThisRun ? "self-signed certificate, SHA-256 fingerprint \(fingerprint)" : nil
  }

  /// The greeting on the screen, which hides what was said before it, with what is to be said of the certificate.
  func greeting(after other: String?) -> String? {
    let own = isMadeForThisRun ? "Certificate SHA-256 \(fingerprint)" : warning.map { "warning: \($0)" }
    guard let other, isMadeForThisRun else { return other ?? own }
    return "\(other); ? shows the certificate"
  }
}
