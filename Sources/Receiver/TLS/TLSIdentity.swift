internal import COpenSSL
import NIOCore
import NIOSSL
public import Webhooks

/// The certificate and the private key by which senders know a receiver that speaks TLS.
public struct TLSIdentity: Sendable {
  /// The receiver's own certificate in DER.
  public let certificate: [UInt8]
  /// The SHA-256 of the certificate as openssl prints it: `AB:CD:…`.
  public let fingerprint: String
  /// Whether it was made for this run, so that no sender can know it yet.
  public let isMadeForThisRun: Bool
  /// What the user should see to before long; nil for nothing.
  public let warning: String?
  let context: NIOSSLContext

  /// Makes a key and a certificate for this run, for the names of this machine and for `host`.
  /// - Throws: `TLSFileError.cannotMake`.
  public static func selfSigned(host: String, at now: Timestamp = .now()) throws(TLSFileError) -> TLSIdentity
  {
    let made = try SelfSignedCertificate(for: CertificateNames(host: host), at: now)
    do {
      let context = try Self.context([made.certificate], made.key)
      return TLSIdentity(made.certificate, context, isMadeForThisRun: true, warning: nil)
    } catch {
      throw .cannotMake(reason: "\(error)")
    }
  }

  /// Takes a certificate, with those that vouch for it behind it, and its key.
  /// - Throws: `TLSFileError`, where senders could not be served with them `now`.
  public init(
    certificates file: PEMFile, key keyFile: PEMFile, at now: Timestamp = .now()
  ) throws(TLSFileError) {
    let certificates = try file.certificates()
    let key = try keyFile.privateKey()
    guard let certificate = certificates.first, let validity = certificate.validity else {
      throw .damagedCertificate(path: file.path)
    }
    guard certificate.belongs(to: key) else { throw .mismatch(certificate: file.path, key: keyFile.path) }
    guard validity.until > now else { throw .expired(path: file.path, on: validity.until) }
    guard validity.from <= now else { throw .notYetValid(path: file.path, until: validity.from) }
    let context: NIOSSLContext
    do {
      context = try Self.context(certificates, key)
    } catch {
      throw .unusable(path: file.path, reason: "\(error)")
    }
    self.init(
      certificate, context, isMadeForThisRun: false,
      warning: Self.warning(of: file.path, end: validity.until, at: now))
  }

  /// Whether a sender that trusts this certificate alone can deliver to `host`, a name or an address.
  public func canBeTrusted(at host: String) -> Bool {
    guard let certificate = Certificate(der: certificate) else { return false }
    return certificate.isSelfSigned && certificate.names(host)
  }

  private init(
    _ certificate: Certificate, _ context: NIOSSLContext, isMadeForThisRun: Bool, warning: String?
  ) {
    self.certificate = certificate.der
    fingerprint = certificate.fingerprint
    self.isMadeForThisRun = isMadeForThisRun
    self.warning = warning
    self.context = context
  }

  private static func context(_ certificates: [Certificate], _ key: PrivateKey) throws -> NIOSSLContext {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try certificates.map {
        .certificate(try NIOSSLCertificate(bytes: $0.der, format: .der))
      },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: key.der, format: .der)))
    configuration.minimumTLSVersion = .tlsv12
    configuration.maximumTLSVersion = .tlsv13
    configuration.applicationProtocols = ["http/1.1"]
    // How long a peer that is told of the end may leave that unanswered: it must not hold up the end itself.
    configuration.shutdownTimeout = .seconds(1)
    return try NIOSSLContext(configuration: configuration)
  }

  private static func warning(of path: String, end: Timestamp, at now: Timestamp) -> String? {
    let days = Int((end.seconds - now.seconds) / 86400)
    guard days < 7 else { return nil }
    let left = days < 1 ? "in less than a day" : days == 1 ? "in a day" : "in \(days) days"
    return "the certificate in \(path) expires \(left): renew it"
  }
}

/// A file of certificates or of a private key, in the text form that most tools write.
public struct PEMFile: Sendable {
  /// The largest file that is read, in bytes: chains of certificates take some thousands.
  public static let sizeLimit = 1 << 20

  public let path: String
  private let bytes: [UInt8]

  /// - Parameter bytes: what the file holds.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// All certificates in their order, one at least.
  func certificates() throws(TLSFileError) -> [Certificate] {
    guard !bytes.isEmpty else { throw .empty(path: path) }
    ERR_clear_error()
    var certificates: [Certificate] = []
    withMemoryFile { file in
      while let handle = PEM_read_bio_X509(file, nil, refusePassword, nil) {
        certificates.append(Certificate(owning: handle))
      }
    }
    let error = ERR_peek_last_error()
    ERR_clear_error()
    // The end is told as the lack of another beginning.
    guard ERR_GET_REASON(error) == PEM_R_NO_START_LINE else { throw .damagedCertificate(path: path) }
    guard !certificates.isEmpty else { throw .noCertificate(path: path) }
    return certificates
  }

  /// The first private key.
  func privateKey() throws(TLSFileError) -> PrivateKey {
    guard !bytes.isEmpty else { throw .empty(path: path) }
    var isEncrypted = false
    var handle: OpaquePointer?
    withMemoryFile { file in
      withUnsafeMutablePointer(to: &isEncrypted) {
        handle = PEM_read_bio_PrivateKey(file, nil, refusePassword, $0)
      }
    }
    ERR_clear_error()
    guard let handle else {
      throw isEncrypted ? .encryptedKey(path: path) : .noKey(path: path)
    }
    return PrivateKey(owning: handle)
  }

  private func withMemoryFile(_ body: (OpaquePointer) -> Void) {
    bytes.withUnsafeBytes { buffer in
      guard let file = BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count)) else { return }
      defer { BIO_free(file) }
      body(file)
    }
  }
}

/// Gives no password, and notes that one was asked for.
///
/// Without it libcrypto would ask on the terminal.
private func refusePassword(
  _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, wasAsked: UnsafeMutableRawPointer?
) -> Int32 {
  wasAsked?.assumingMemoryBound(to: Bool.self).pointee = true
  return -1
}

/// Why a receiver can't speak TLS; its description says what to do.
public enum TLSFileError: Error, Equatable, CustomStringConvertible {
  /// `reason` names the file.
  case unreadable(reason: String)
  case empty(path: String)
  case noCertificate(path: String)
  case damagedCertificate(path: String)
  case noKey(path: String)
  case encryptedKey(path: String)
  case mismatch(certificate: String, key: String)
  case expired(path: String, on: Timestamp)
  case notYetValid(path: String, until: Timestamp)
  case unusable(path: String, reason: String)
  case cannotMake(reason: String)

  public var description: String {
    switch self {
    case .unreadable(let reason):
      "\(reason): give --tls-cert and --tls-key readable files"
    case .empty(let path):
      "\(path) is empty: give --tls-cert the certificate, and --tls-key its key, in PEM form"
    case .noCertificate(let path):
      "\(path) holds no certificate in PEM form: give --tls-cert the server's certificate, and --tls-key its key"
    case .damagedCertificate(let path):
      "a certificate in \(path) is damaged: copy the file again"
    case .noKey(let path):
      "\(path) holds no private key in PEM form: give --tls-key the key of the certificate"
    case .encryptedKey(let path):
      "the key in \(path) is encrypted: decrypt it with openssl pkey, and give --tls-key the result"
    case .mismatch(let certificate, let key):
      "the key in \(key) does not match the first certificate in \(certificate): give --tls-key the matching key, and put the server's certificate first"
    case .expired(let path, let moment):
      "the certificate in \(path) expired on \(moment.toTheSecond): renew it, or give --tls-self-signed instead"
    case .notYetValid(let path, let moment):
      "the certificate in \(path) is not valid before \(moment.toTheSecond): check this machine's clock, or give another one"
    case .unusable(let path, let reason):
      "the certificate in \(path) can't be used (\(reason)): make one with an EC P-256 or RSA 2048 key, or give --tls-self-signed instead"
    case .cannotMake(let reason):
      "no certificate could be made (\(reason)): give --tls-cert and --tls-key instead"
    }
  }
}

extension Timestamp {
  /// `2026-11-21 18:02:11 UTC`.
  fileprivate var toTheSecond: String { "\(iso8601.prefix(19).replacing("T", with: " ")) UTC" }
}
