internal import COpenSSL

/// A file of certificates or of a private key, in the text form that most tools write.
public struct PEMFile: Sendable {
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
