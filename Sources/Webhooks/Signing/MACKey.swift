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
  public init?(_ key: [UInt8], digest: SignatureScheme.Digest = .sha256) {
    guard let pattern = Self.patterns[digest], let context = EVP_MAC_CTX_dup(pattern) else { return nil }
    guard key.withUnsafeBufferPointer({ Self.isKeyed(context, with: $0) }) else {
      EVP_MAC_CTX_free(context)
      return nil
    }
    keyed = context
  }

  deinit {
    EVP_MAC_CTX_free(keyed)
    EVP_MAC_CTX_free(spare.exchange(nil, ordering: .acquiring))
  }

  // A context for each digest, made once and then only copied: libcrypto takes longer to find a digest by its name than
  // to make a code.
  nonisolated(unsafe) private static let patterns: [SignatureScheme.Digest: OpaquePointer] =
    SignatureScheme.Digest.allCases.reduce(into: [:]) { patterns, digest in
      patterns[digest] = pattern(digest: digest.rawValue.uppercased())
    }

  /// A context for the digest that libcrypto calls `name`, with some key in it; nil if libcrypto refuses that.
  static func pattern(digest name: String) -> OpaquePointer? {
    guard let algorithm = EVP_MAC_fetch(nil, "HMAC", nil) else { return nil }
    defer { EVP_MAC_free(algorithm) }
    guard let context = EVP_MAC_CTX_new(algorithm) else { return nil }
    let key = [UInt8](repeating: 0, count: 32)
    guard withParameters(digest: name, { EVP_MAC_init(context, key, key.count, $0) == 1 }) else {
      EVP_MAC_CTX_free(context)
      return nil
    }
    return context
  }

  private static func isKeyed(_ context: OpaquePointer, with key: UnsafeBufferPointer<UInt8>) -> Bool {
    // A null key means "keep the key" to EVP_MAC_init, so an empty one needs an address.
    var empty: UInt8 = 0
    return key.isEmpty
      ? EVP_MAC_init(context, &empty, 0, nil) == 1
      : EVP_MAC_init(context, key.baseAddress, key.count, nil) == 1
  }

  /// Calls `body` with parameters that name the digest; they hold addresses of texts that live for that long only.
  private static func withParameters(digest: String, _ body: ([OSSL_PARAM]) -> Bool) -> Bool {
    OSSL_MAC_PARAM_DIGEST.withCString { key in
      var digest = Array(digest.utf8CString)
      return digest.withUnsafeMutableBufferPointer { digest in
        body([OSSL_PARAM_construct_utf8_string(key, digest.baseAddress, 0), OSSL_PARAM_construct_end()])
      }
    }
  }

  /// The code of a signed text; nil if libcrypto could not make one.
  package func authenticate(_ text: SignedText) -> MAC? { authenticate(text.body, in: text) }

  /// The code of a signed text with another body; nil if libcrypto could not make one.
  package func authenticate(_ body: [UInt8], in text: SignedText) -> MAC? {
    mac { Self.update($0, text.before) && Self.update($0, body) && Self.update($0, text.after) }
  }

  /// Returns the code of the parts, whatever its length: 20 bytes for SHA-1, 64 for SHA-512, or nil if libcrypto
  /// could not make one.
  public func digest(_ parts: [[UInt8]]) -> [UInt8]? {
    mac { context in parts.allSatisfy { Self.update(context, $0) } }?.array
  }

  /// Returns the beginning of a code, to be fed piece by piece, or nil if libcrypto could not make one.
  public func state() -> MACState? { MACState(copying: keyed) }

  private func mac(of feed: (OpaquePointer) -> Bool) -> MAC? {
    guard let context = context() else { return nil }
    // A copy takes longer than the code of a small body.
    defer {
      EVP_MAC_CTX_free(
        Self.restarts ? spare.exchange(context, ordering: .acquiringAndReleasing) : context)
    }
    return feed(context) ? MAC.made { Self.finish(context, $0) } : nil
  }

  /// Writes the code of what was fed; gives its size in bytes, or nil if libcrypto could not make one.
  fileprivate static func finish(_ context: OpaquePointer, _ output: UnsafeMutableRawBufferPointer) -> Int? {
    var count = 0
    let bytes = output.bindMemory(to: UInt8.self)
    return EVP_MAC_final(context, bytes.baseAddress, &count, bytes.count) == 1 ? count : nil
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

  private static func update(_ context: OpaquePointer, _ bytes: [UInt8]) -> Bool {
    bytes.isEmpty
      || bytes.withUnsafeBufferPointer { EVP_MAC_update(context, $0.baseAddress, $0.count) } == 1
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

  /// Returns the code of all that was fed, or nil if libcrypto could not make one. Ends the state.
  public func finish() -> MAC? { MAC.made { MACKey.finish(context, $0) } }
}

/// A plain hash of a text, without a key.
public enum PlainHash: Sendable, CaseIterable {
  case sha256, sha1, md5, sha512, sha384, sha3, sha3Long

  /// Returns the hash of the parts, one after the other, or nil if libcrypto refuses the function.
  public func digest(_ parts: [[UInt8]]) -> [UInt8]? {
    guard let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestInit_ex(context, Self.functions[self], nil) == 1 else { return nil }
    for part in parts where EVP_DigestUpdate(context, part, part.count) != 1 { return nil }
    var size: UInt32 = 0
    let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
      guard EVP_DigestFinal_ex(context, buffer.baseAddress, &size) == 1 else { return }
      count = Int(size)
    }
    return size > 0 ? digest : nil
  }

  // Looked up once, and never changed or freed: to find one takes longer than a hash.
  nonisolated(unsafe) private static let functions: [PlainHash: OpaquePointer] =
    allCases.reduce(into: [:]) { $0[$1] = EVP_MD_fetch(nil, $1.name, nil) }

  /// What libcrypto calls it.
  private var name: String {
    switch self {
    case .sha256: "SHA256"
    case .sha1: "SHA1"
    case .md5: "MD5"
    case .sha512: "SHA512"
    case .sha384: "SHA384"
    case .sha3: "SHA3-256"
    case .sha3Long: "SHA3-512"
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
