public import JSON

/// How a signature header is written, made from a template such as `t={t},v1={hex}` or `v1,{base64}`.
public struct SignatureFormat: Sendable, Equatable {
  /// How the bytes of a signature are written.
  public enum Encoding: String, Sendable, Equatable, CaseIterable {
    case hex, base64
    /// Hexadecimal in upper case.
    case uppercaseHex = "HEX"
    /// As it stands, which only tokens are.
    case token
  }

  /// What stands between and around the parts.
  enum Shape: Sendable, Equatable {
    /// `key=value` parts with one separator: a time and signatures, each under a name of its own.
    case pairs(time: [UInt8], signature: [UInt8], separator: UInt8, gap: [UInt8])
    /// Entries that begin with a text of their own; `separator` is nil if there can be one only.
    case entries(prefix: [UInt8], separator: UInt8?)
  }

  /// The template, as it is shown to the user.
  public let template: String
  public let encoding: Encoding
  let shape: Shape

  /// Whether the header holds the time beside the signature.
  public var holdsTime: Bool {
    if case .pairs = shape { true } else { false }
  }

  /// Reads a template: text with one of `{hex}`, `{HEX}`, `{base64}` and `{token}`, and at most one `{t}`.
  /// - Parameter separator: what stands between several signatures, where the template has no `{t}`.
  /// - Returns: nil for a template that can't be read back from what it writes.
  public init?(_ template: String, separator: Character? = nil) {
    guard let encoding = Encoding.allCases.first(where: { template.contains("{\($0.rawValue)}") }) else {
      return nil
    }
    self.template = template
    self.encoding = encoding
    let digest = "{\(encoding.rawValue)}"
    guard
      let shape = template.contains("{t}")
        ? Self.pairs(template, digest)
        : Self.entries(template, digest, separator)
    else { return nil }
    self.shape = shape
  }

  private static func pairs(_ template: String, _ digest: String) -> Shape? {
    guard let start = template.firstRange(of: "={t}"), template.hasSuffix("=" + digest) else { return nil }
    let between = template[start.upperBound...].dropLast(digest.count + 1)
    guard let separator = between.utf8.first, [UInt8(ascii: ","), UInt8(ascii: ";")].contains(separator)
    else {
      return nil
    }
    let name = between.dropFirst().drop { $0 == " " }
    return .pairs(
      time: Array(template[..<start.lowerBound].utf8), signature: Array(name.utf8), separator: separator,
      gap: Array(between.dropLast(name.count).utf8))
  }

  private static func entries(_ template: String, _ digest: String, _ separator: Character?) -> Shape? {
    guard template.hasSuffix(digest) else { return nil }
    return .entries(
      prefix: Array(template.dropLast(digest.count).utf8), separator: separator.flatMap(\.asciiValue))
  }

  private init(template: String, encoding: Encoding, shape: Shape) {
    self.template = template
    self.encoding = encoding
    self.shape = shape
  }

  /// `t={t},v1={hex}`.
  static let timeAndHex = timed("t", "v1")

  /// A time and a signature in hexadecimal, under these names; the gap begins with a comma or a semicolon.
  static func timed(_ time: StaticString, _ signature: StaticString, gap: StaticString = ",")
    -> SignatureFormat
  {
    let gapBytes = Array("\(gap)".utf8)
    return SignatureFormat(
      template: "\(time)={t}\(gap)\(signature)={hex}", encoding: .hex,
      shape: .pairs(
        time: Array("\(time)".utf8), signature: Array("\(signature)".utf8),
        separator: gapBytes.first ?? UInt8(ascii: ","), gap: gapBytes))
  }

  /// A signature behind a text of its own, such as `sha256=`.
  static func entry(_ prefix: StaticString = "", _ encoding: Encoding, separator: Character? = nil)
    -> SignatureFormat
  {
    SignatureFormat(
      template: "\(prefix){\(encoding.rawValue)}", encoding: encoding,
      shape: .entries(prefix: Array("\(prefix)".utf8), separator: separator.flatMap(\.asciiValue)))
  }

  /// What a signature is called on screen: its name in the header, or `sig` where it has none.
  public var signatureName: String {
    if case .pairs(_, let name, _, _) = shape { String(decoding: name, as: UTF8.self) } else { "sig" }
  }

  /// What the time is called in the header; nil if it does not stand there.
  public var timeName: [UInt8]? {
    if case .pairs(let name, _, _, _) = shape { name } else { nil }
  }

  /// What stands in front of each signature: its name and an equals sign, or what an entry begins with.
  public var signaturePrefix: [UInt8] {
    switch shape {
    case .pairs(_, let name, _, _): name + [UInt8(ascii: "=")]
    case .entries(let prefix, _): prefix
    }
  }

  /// What stands between the parts of the header; nil if it is one part.
  public var separator: UInt8? {
    switch shape {
    case .pairs(_, _, let separator, _): separator
    case .entries(_, let separator): separator
    }
  }

  /// Returns the text of the first signature in a header's value, whatever it is, or nil if none begins as it should.
  public func firstSignature(in value: ByteString) -> ByteString? {
    let prefix = signaturePrefix
    let parts = separator.map { mark in value.split { $0 == mark } } ?? [value[...]]
    return parts.first { $0.starts(with: prefix) }.map { ByteString($0.dropFirst(prefix.count)) }
  }

  /// Returns the header's value for a signature made at `time`.
  public func written(_ mac: [UInt8], time: [UInt8]) -> [UInt8] {
    switch shape {
    case .pairs(let timeName, let name, _, let gap):
      timeName + [UInt8(ascii: "=")] + time + gap + name + [UInt8(ascii: "=")] + encoded(mac)
    case .entries(let prefix, _): prefix + encoded(mac)
    }
  }

  private func encoded(_ mac: [UInt8]) -> [UInt8] {
    switch encoding {
    case .hex: Array(Hex.text(mac).utf8)
    case .uppercaseHex: Array(Hex.text(mac).uppercased().utf8)
    case .base64: Base64.encoded(mac)
    case .token: mac
    }
  }
}

/// A signature header in its parts, as a format has it: taken apart, changed in one of them, and written again.
public struct SignatureHeader: Sendable, Equatable {
  /// A name with the sign behind it, as `v1=` or `sha256=`, and what follows it.
  public struct Part: Sendable, Equatable {
    public var name: [UInt8]
    public var value: [UInt8]

    public init(name: [UInt8], value: [UInt8]) {
      (self.name, self.value) = (name, value)
    }
  }

  public var parts: [Part]
  /// What stands between two parts.
  public var gap: [UInt8]
  private let names: (time: [UInt8]?, signature: [UInt8])

  /// Takes apart what `format` has written.
  public init(_ value: [UInt8], as format: SignatureFormat) {
    let pieces = format.separator.map { mark in value.split(separator: mark) } ?? [value[...]]
    parts = pieces.map { format.part($0.trimmingSpaces) }
    names = (format.timeName.map { $0 + [UInt8(ascii: "=")] }, format.signaturePrefix)
    switch format.shape {
    case .pairs(_, _, _, let gap): self.gap = gap
    case .entries(_, let separator): gap = separator.map { [$0] } ?? []
    }
  }

  /// The header's value.
  public var bytes: [UInt8] { Array(parts.map { $0.name + $0.value }.joined(separator: gap)) }

  /// Where the first part that holds the time is; nil if none does.
  public var timeIndex: Int? { parts.firstIndex { $0.name == names.time } }

  /// Where the first signature is; nil if there is none.
  public var signatureIndex: Int? { parts.firstIndex { $0.name == names.signature } }

  public static func == (left: SignatureHeader, right: SignatureHeader) -> Bool {
    left.parts == right.parts && left.gap == right.gap
  }
}

extension SignatureFormat {
  /// One part of a header, taken apart behind its name.
  fileprivate func part(_ text: ArraySlice<UInt8>) -> SignatureHeader.Part {
    let prefix = signaturePrefix
    let mark = prefix.last.flatMap { text.firstIndex(of: $0) }
    let end =
      text.starts(with: prefix) ? text.startIndex + prefix.count : mark.map { $0 + 1 } ?? text.startIndex
    return SignatureHeader.Part(name: Array(text[..<end]), value: Array(text[end...]))
  }
}
