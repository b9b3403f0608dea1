internal import COpenSSL
internal import Synchronization

/// An HMAC key set up once, so that each delivery costs only the hashing of its own bytes.
public final class MACKey: Sendable {
  // The context is keyed here and afterwards only read, by EVP_MAC_CTX_dup, which takes it as const;
  // so threads may share it.
  nonisolated(unsafe) private let keyed: OpaquePointer
  // A context that the last code left for the next one; whoever takes it out is its only user.
  nonisolated(unsafe) private let spare = Atomic<OpaquePointer?>(nil)

  /// Creates a key for HMAC with `digest`, made of any byte string, the empty one too; nil if libcrypto refuses HMAC,
  /// as it may in a restricted mode or with a provider missing.
  public convenience init?(_ key: [UInt8], digest: SignatureScheme.Digest = .sha256) {
    self.init(key, digestName: digest.rawValue.uppercased())
  }

  /// A key for the digest that libcrypto calls `digestName`.
  init?(_ key: [UInt8], digestName: String) {
    let context = key.withUnsafeBufferPointer { Self.context(key: $0, digest: digestName) }
    guard let context else { return nil }
    keyed = context
  }

  deinit {
    EVP_MAC_CTX_free(keyed)
    EVP_MAC_CTX_free(spare.exchange(nil, ordering: .acquiring))
  }

  // Looked up once, and never changed or freed; nil where libcrypto has no HMAC.
  nonisolated(unsafe) private static let algorithm = EVP_MAC_fetch(nil, "HMAC", nil)

  private static func context(key: UnsafeBufferPointer<UInt8>, digest: String) -> OpaquePointer? {
    guard let algorithm, let context = EVP_MAC_CTX_new(algorithm) else { return nil }
    // A null key means "keep the key" to EVP_MAC_init, so an empty one needs an address.
    var empty: UInt8 = 0
    let ready = withParameters(digest: digest) { parameters in
      key.isEmpty
        ? EVP_MAC_init(context, &empty, 0, parameters)
        : EVP_MAC_init(context, key.baseAddress, key.count, parameters)
    }
    guard ready == 1 else {
      EVP_MAC_CTX_free(context)
      return nil
    }
    return context
  }

  /// Calls `body` with parameters that name the digest; they hold addresses of texts that live for that long only.
  private static func withParameters(digest: String, _ body: ([OSSL_PARAM]) -> Int32) -> Int32 {
    OSSL_MAC_PARAM_DIGEST.withCString { key in
      var digest = Array(digest.utf8CString)
      return digest.withUnsafeMutableBufferPointer { digest in
        body([OSSL_PARAM_construct_utf8_string(key, digest.baseAddress, 0), OSSL_PARAM_construct_end()])
      }
    }
  }

  /// The code of a signed text; nil if libcrypto could not make one.
  func authenticate(_ text: SignedText) -> MAC? { mac { Self.update($0, text) } }

  /// Returns the code of the parts, whatever its length: 20 bytes for SHA-1, 64 for SHA-512, or nil if libcrypto
  /// could not make one.
  public func digest(_ parts: [[UInt8]]) -> [UInt8]? {
    digest { context in parts.allSatisfy { Self.update(context, $0) } }
  }

  /// Returns the code of a signed text, whatever its length, or nil if libcrypto could not make one.
  public func digest(_ text: SignedText) -> [UInt8]? { digest { Self.update($0, text) } }

  private func digest(of feed: (OpaquePointer) -> Bool) -> [UInt8]? {
    var isMade = false
    let code = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
      let size = digest(into: UnsafeMutableRawBufferPointer(buffer), of: feed)
      isMade = size != nil
      count = size ?? 0
    }
    return isMade ? code : nil
  }

  /// Returns the beginning of a code, to be fed piece by piece, or nil if libcrypto could not make one.
  public func state() -> MACState? { MACState(copying: keyed) }

  private func mac(of feed: (OpaquePointer) -> Bool) -> MAC? {
    var mac = MAC(size: 0)
    var span = mac.bytes.mutableSpan
    guard let count = span.withUnsafeMutableBytes({ digest(into: $0, of: feed) }) else { return nil }
    mac.size = count
    return mac
  }

  private func digest(into output: UnsafeMutableRawBufferPointer, of feed: (OpaquePointer) -> Bool) -> Int? {
    guard let context = context() else { return nil }
    // A copy takes longer than the code of a small body.
    defer {
      EVP_MAC_CTX_free(
        Self.restarts ? spare.exchange(context, ordering: .acquiringAndReleasing) : context)
    }
    guard feed(context) else { return nil }
    var count = 0
    let bytes = output.bindMemory(to: UInt8.self)
    guard EVP_MAC_final(context, bytes.baseAddress, &count, bytes.count) == 1 else { return nil }
    return count
  }

  private static let restarts = restarts(atVersion: OpenSSL_version_num())

  /// Whether a context can begin anew in a version of libcrypto: before 3.0.3 (openssl issue 17811) `EVP_MAC_init` does
  /// nothing without a key, and says that it succeeded.
  static func restarts(atVersion version: UInt) -> Bool { version >= 0x3000_0030 }

  /// A context that begins with the key: the spare one, unless another thread has it.
  private func context() -> OpaquePointer? {
    guard let spare = spare.exchange(nil, ordering: .acquiring) else { return EVP_MAC_CTX_dup(keyed) }
    guard EVP_MAC_init(spare, nil, 0, nil) == 1 else {
      EVP_MAC_CTX_free(spare)
      return EVP_MAC_CTX_dup(keyed)
    }
    return spare
  }

  private static func update(_ context: OpaquePointer, _ text: SignedText) -> Bool {
    update(context, text.before) && update(context, text.body) && update(context, text.after)
  }

  private static func update(_ context: OpaquePointer, _ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { EVP_MAC_update(context, $0.baseAddress, $0.count) } == 1
  }
}

/// A code that is being made: a copy of it shares what was hashed so far.
public final class MACState {
  private let context: OpaquePointer

  fileprivate init?(copying other: OpaquePointer) {
    guard let context = EVP_MAC_CTX_dup(other) else { return nil }
    self.context = context
  }

  deinit {
    EVP_MAC_CTX_free(context)
  }

  public func copy() -> MACState? { MACState(copying: context) }

  public func update(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBufferPointer { _ = EVP_MAC_update(context, $0.baseAddress, $0.count) }
  }

  /// Returns the code of all that was fed; the state is of no use afterwards.
  public func finish() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
      count = 0
      if EVP_MAC_final(context, buffer.baseAddress, &count, buffer.count) != 1 { count = 0 }
    }
  }
}

/// A plain hash of a text, without a key.
public enum PlainHash: Sendable, CaseIterable {
  case sha256, sha1, md5, sha512, sha384, sha3, sha3Long

  /// Returns the hash of the parts, one after the other, or nil if libcrypto refuses the function.
  public func digest(_ parts: [[UInt8]]) -> [UInt8]? {
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestInit_ex(context, function, nil) == 1 else { return nil }
    for part in parts where EVP_DigestUpdate(context, part, part.count) != 1 { return nil }
    var count: UInt32 = 0
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    guard EVP_DigestFinal_ex(context, &digest, &count) == 1 else { return nil }
    return Array(digest.prefix(Int(count)))
  }

  private var function: OpaquePointer? {
    switch self {
    case .sha256: EVP_sha256()
    case .sha1: EVP_sha1()
    case .md5: EVP_md5()
    case .sha512: EVP_sha512()
    case .sha384: EVP_sha384()
    case .sha3: EVP_sha3_256()
    case .sha3Long: EVP_sha3_512()
    }
  }
}

/// The libcrypto of the system, as far as it concerns the whole process.
public enum CryptoLibrary {
  /// Leaves the library as it is when the process ends; to be called before anything else that uses it.
  ///
  /// By default OpenSSL frees its tables at exit, while other threads may still be using them.
  public static func keepUntilTheEnd() {
    OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
  }
}
