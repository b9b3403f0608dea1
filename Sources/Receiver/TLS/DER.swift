/// The binary form in which certificates and keys go from one library to another.
enum DER {
  /// What one of libcrypto's `i2d` functions writes; nothing where it can't.
  static func encoded(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
    let count = Int(encode(nil))
    guard count > 0 else { return [] }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
      // The function moves the pointer to the end of what it has written.
      var end = buffer.baseAddress
      written = max(0, Int(encode(&end)))
    }
  }
}
