internal import Glibc

/// The process's environment variables.
enum Environment {
  /// A variable's value as it stands, which need not be UTF-8; nil where it is not set.
  static func bytes(_ name: String) -> [UInt8]? {
    getenv(name).map { value in Array(UnsafeRawBufferPointer(start: value, count: strlen(value))) }
  }
}
