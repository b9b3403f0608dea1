internal import COpenSSL
import Glibc
import JSON
import NIOCore
import Webhooks

/// An X.509 certificate, as libcrypto holds it.
final class Certificate {
  let handle: OpaquePointer

  /// Takes over `handle`, and frees it in the end.
  init(owning handle: OpaquePointer) {
    self.handle = handle
  }

  /// Reads a certificate in DER; nil if that is none.
  init?(der: [UInt8]) {
    let handle = der.withUnsafeBufferPointer { buffer in
      var start = buffer.baseAddress
      return d2i_X509(nil, &start, buffer.count)
    }
    guard let handle else { return nil }
    self.handle = handle
  }

  deinit { X509_free(handle) }

  var der: [UInt8] { DER.encoded { i2d_X509(handle, $0) } }

  /// The SHA-256 of the certificate as openssl prints it: `AB:CD:…`.
  var fingerprint: String {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    X509_digest(handle, EVP_sha256(), &digest, &count)
    return digest.prefix(Int(count)).map { Hex.text($0, width: 2, uppercase: true) }.joined(separator: ":")
  }

  /// When it begins to be valid, and when it ends; nil if that is no date.
  var validity: (from: Timestamp, until: Timestamp)? {
    guard let from = Self.moment(X509_get0_notBefore(handle)),
      let until = Self.moment(X509_get0_notAfter(handle))
    else { return nil }
    return (from, until)
  }

  /// Whether it was made for this key.
  func belongs(to key: PrivateKey) -> Bool {
    X509_check_private_key(handle, key.handle) == 1
  }

  /// Whether it can be trusted by itself: no other certificate vouches for it.
  var isSelfSigned: Bool { X509_self_signed(handle, 1) == 1 }

  /// Whether it was made for a server of this name or address.
  func names(_ host: String) -> Bool {
    let flags = UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
    return X509_check_ip_asc(handle, host, flags) == 1
      || X509_check_host(handle, host, host.utf8.count, flags, nil) == 1
  }

  private static func moment(_ time: UnsafePointer<ASN1_TIME>?) -> Timestamp? {
    var fields = tm()
    guard ASN1_TIME_to_tm(time, &fields) == 1 else { return nil }
    return Timestamp(seconds: Double(timegm(&fields)))
  }
}

/// The names and addresses that a receiver's own certificate is made for.
struct CertificateNames {
  /// As openssl's configuration writes them: `DNS:localhost,IP:127.0.0.1`.
  let text: String

  /// - Parameters:
  ///   - host: where the receiver listens; all addresses at once are no name.
  ///   - machine: this machine's own name.
  init(host: String, machine: String = Self.machine) {
    var entries: [String] = []
    // Where the receiver listens is told as an address, so a sender may know no other name.
    let address = (try? SocketAddress.makeAddressResolvingHost(host, port: 0))?.ipAddress ?? host
    let names = [host, address, "localhost", "127.0.0.1", "::1", machine]
    for name in names where name != "0.0.0.0" && name != "::" {
      guard let entry = Self.entry(name), !entries.contains(entry) else { continue }
      entries.append(entry)
    }
    text = entries.joined(separator: ",")
  }

  /// An address or a host name; nil for what is neither, which could otherwise bring entries of its own in.
  private static func entry(_ name: String) -> String? {
    // The zone of a link-local address is this machine's own word for an interface.
    let address = String(name.prefix { $0 != "%" })
    // Room for the longer of the two kinds.
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, address, &bytes) == 1 || inet_pton(AF_INET6, address, &bytes) == 1 {
      return "IP:\(address)"
    }
    let isName = !name.isEmpty && name.utf8.count <= 253 && name.utf8.allSatisfy(isNameByte)
    return isName ? "DNS:\(name)" : nil
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  private static var machine: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "" }
    return name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }
}

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

/// A private key, as libcrypto holds it.
final class PrivateKey {
  let handle: OpaquePointer

  /// Takes over `handle`, and frees it in the end.
  init(owning handle: OpaquePointer) {
    self.handle = handle
  }

  deinit { EVP_PKEY_free(handle) }

  var der: [UInt8] { DER.encoded { i2d_PrivateKey(handle, $0) } }
}
