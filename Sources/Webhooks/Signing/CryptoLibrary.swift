internal import COpenSSL

/// The libcrypto of the system, as far as it concerns the whole process.
public enum CryptoLibrary {
  /// Leaves the library as it is when the process ends; to be called before anything else that uses it.
  ///
  /// Of itself it frees its tables in `exit`, under the hands of the threads that verify or search just then.
  public static func keepUntilTheEnd() {
    OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
  }
}
