public import JSON
public import Webhooks

/// What can be seen of a delivery before anything is tried.
public struct DiagnosisFacts: Sendable, Equatable {
  public let header: HeaderFacts
  public let clock: ClockFacts
  public let body: BodyFacts
}

/// What can be seen of the signature header, right or wrong.
public struct HeaderFacts: Sendable, Equatable {
  /// Each line of the provider's signature header, without white space at its ends.
  public let lines: [ByteString]
  /// The byte of the first line, counted from 0, that makes it malformed: where a caret belongs.
  public let faultOffset: Int?
  /// Other headers that may carry the signature; none where the provider's own did.
  public let near: [NearHeader]
  /// What the header looks like instead, where it is malformed and looks like something.
  public let resemblance: HeaderResemblance?

  init(_ subject: DiagnosisSubject) {
    lines = subject.signatureLines.map(\.trimmingSpaces)
    let header = lines.first.flatMap { line in
      subject.provider.map { SignatureReading(line, under: $0.scheme) }
    }
    let isOdd = subject.verdict.status == .malformed || subject.verdict.status == .unchecked
    faultOffset = isOdd ? subject.verdict.faultOffset ?? (header?.fault ?? header?.unusable)?.offset : nil
    near =
      subject.isSigned
      ? []
      : NearHeader.all(in: subject.request.headers, besides: subject.providers, of: subject.provider)
    resemblance =
      header?.fault != nil || header?.unusable != nil
      ? lines.first.flatMap { line in
        subject.provider.flatMap { HeaderResemblance(line.bytes.prefix(4096), under: $0.scheme) }
      } : nil
  }
}

/// The times that a delivery speaks of, and how far they lie apart.
public struct ClockFacts: Sendable, Equatable {
  /// When the last byte of the body came.
  public let arrival: Timestamp
  /// `t` in unix seconds, where it can be understood, odd spellings included.
  public let t: Double?
  /// When the body says that the event came about.
  public let createdAt: Timestamp?

  /// Arrival less `t` in seconds.
  public var age: Double? { t.map { arrival.seconds - $0 } }
  /// `t` less the body's own time in seconds.
  public var signedAfterCreation: Double? {
    t.flatMap { t in createdAt.map { t - $0.seconds } }
  }

  init(_ subject: DiagnosisSubject, readings: [HeaderReading]) {
    arrival = subject.receivedAt
    t = subject.verdict.timestamp.map(Double.init) ?? readings.first?.time
    // The envelope's is the same, where it was read.
    createdAt =
      subject.envelope.createdAt
      ?? subject.provider.flatMap { provider in
        JSONFieldQuery([provider.createdAtPath]).fields(in: subject.request.body)[0]
      }.flatMap { Timestamp($0) }
  }
}

/// What can be seen of a body without knowing what was signed.
public struct BodyFacts: Sendable, Equatable {
  /// In bytes.
  public let size: Int
  /// What the request says its size is, where it says so.
  public let contentLength: Int?
  /// What keeps it from being JSON; nil if it is.
  public let jsonFault: JSONFault?
  /// The compression that its first bytes are of, or that the request speaks of where the bytes are no text.
  public let compression: String?
  /// Where the first U+FFFD stands, in bytes from the start.
  public let replacementOffset: Int?
  /// Whether the bytes are UTF-8.
  public let isUTF8: Bool
  /// Whether it is a form rather than a document.
  public let isForm: Bool

  init(_ request: Request) {
    let body = request.body
    size = body.count
    contentLength = request.headers.first("Content-Length").flatMap { Int($0.text) }
    jsonFault = JSONFieldQuery([]).fields(in: body).fault
    replacementOffset = Self.replacementOffset(body)
    isUTF8 = body.isUTF8
    let coding = isUTF8 ? nil : request.headers.first("Content-Encoding")
    compression =
      Self.magics.first { body.starts(with: $0.1) }?.0
      ?? coding.flatMap { coding in ["gzip", "deflate", "br", "zstd"].first { coding.speaksOf($0) } }
    let saysForm = request.headers.first("Content-Type")?.speaksOf("x-www-form-urlencoded") ?? false
    let isDocument = jsonFault == nil || body.first == UInt8(ascii: "{") || body.first == UInt8(ascii: "[")
    isForm = !isDocument && (saysForm || body.starts(with: "payload=".utf8))
  }

  private static let magics: [(String, [UInt8])] = [
    ("gzip", [0x1F, 0x8B]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("deflate", [0x78, 0x9C]),
    ("deflate", [0x78, 0xDA]), ("bzip2", Array("BZh".utf8)),
  ]

  private static func replacementOffset(_ body: [UInt8]) -> Int? {
    body.indices.dropLast(2).first { body[$0] == 0xEF && body[$0 + 1] == 0xBF && body[$0 + 2] == 0xBD }
  }
}
