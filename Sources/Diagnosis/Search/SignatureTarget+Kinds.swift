internal import JSON
internal import Webhooks

// What is no HMAC.
extension SignatureTarget {
  /// What a signature of a private key may be that the strict reader took, which looks at its size only.
  static func taken(_ signature: [UInt8], under scheme: SignatureScheme) -> [SignatureTarget] {
    let found = forms(of: signature, scheme.kind)
    return (found.isEmpty ? [(signature, [])] : found).map { signature, oddities in
      SignatureTarget(.signature(signature), digestSize: scheme.digest.size, oddities: oddities)
    }
  }

  /// The token that a header's value is, or holds in another spelling.
  static func tokens(in value: ArraySlice<UInt8>, under scheme: SignatureScheme) -> [SignatureTarget] {
    guard value.count <= 4096 else { return [] }
    var oddities: [HeaderOddity] = []
    var targets: [SignatureTarget] = []
    func add(_ text: ArraySlice<UInt8>, _ oddity: HeaderOddity?) {
      if let oddity { oddities.append(oddity) }
      guard !text.isEmpty else { return }
      targets.append(
        SignatureTarget(.token(Array(text)), digestSize: scheme.digest.size, oddities: oddities))
    }
    var text = value.trimmingSpaces
    add(text, nil)
    for word in ["Bearer ", "Token ", "Basic ", "token="] {
      let size = word.utf8.count
      guard text.prefix(size).speaksOf(word.lowercased()) else { continue }
      text = text.dropFirst(size).trimmingSpaces
      add(text, .prefix(word.filter { $0 != " " }))
    }
    if case let bare = text.trimmingQuotes, bare.count < text.count {
      text = bare
      add(text, .quotes)
    }
    if case let bare = text.trimmed(where: { $0 == 0x20 || 0x09...0x0D ~= $0 }), bare.count < text.count {
      text = bare
      add(text, .space)
    }
    if text.contains(0x25), let plain = PercentCoding.decoded(text, plusIsSpace: false) {
      add(plain[...], .encoded)
    }
    return targets
  }

  /// The signatures of a private key that a text may stand for, in whatever encoding.
  static func signatures(
    in text: ArraySlice<UInt8>, _ oddities: [HeaderOddity], _ scheme: SignatureScheme
  ) -> [SignatureTarget] {
    guard (16...512).contains(text.count) else { return [] }
    let isBase64 = scheme.format.encoding == .base64
    let readings: [([UInt8]?, [HeaderOddity])] = [
      (Hex.decoded(text), isBase64 ? [.hexadecimal] : []),
      (Base64.decodedLeniently(text), isBase64 ? [] : [.base64]),
    ]
    return readings.flatMap { bytes, more in
      forms(of: bytes ?? [], scheme.kind).map { signature, form in
        SignatureTarget(
          .signature(signature), digestSize: scheme.digest.size, oddities: oddities + more + form)
      }
    }
  }

  /// A signature as libcrypto takes it.
  private static func forms(
    of bytes: [UInt8], _ kind: SignatureScheme.Kind
  ) -> [([UInt8], [HeaderOddity])] {
    guard kind == .ecdsaP256 else { return bytes.count == 64 ? [(bytes, [])] : [] }
    let isDER = (8...72).contains(bytes.count) && bytes.first == 0x30
    let asDER: [([UInt8], [HeaderOddity])] =
      bytes.count == 64 ? [(der(bytes), [.withoutDER])] : []
    return isDER ? [(bytes, [])] + asDER : asDER
  }

  /// The two numbers of an ECDSA signature, which follow each other in `raw`, in DER.
  private static func der(_ raw: [UInt8]) -> [UInt8] {
    let numbers = [raw.prefix(32), raw.suffix(32)].flatMap { number -> [UInt8] in
      var bytes = Array(number.drop { $0 == 0 })
      // The first bit is the sign.
      if (bytes.first ?? 0x80) >= 0x80 { bytes.insert(0, at: 0) }
      return [0x02, UInt8(bytes.count)] + bytes
    }
    return [0x30, UInt8(numbers.count)] + numbers
  }
}
