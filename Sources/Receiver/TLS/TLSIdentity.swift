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
