public import JSON
internal import Webhooks

/// What can be seen of a body without knowing what was signed.
public struct BodyFacts: Sendable, Equatable {
  /// In bytes.
  public let size: Int
  /// What the request says its size is, where it says so.
  public let contentLength: Int?
  /// What keeps it from being JSON; nil where it is.
  public let jsonFault: JSONFault?
  /// The compression that it begins like, or that the request speaks of.
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
    compression = Self.compression(body, request.headers)
    replacementOffset = Self.replacementOffset(body)
    isUTF8 = body.isUTF8
    let saysForm = request.headers.first("Content-Type")?.speaksOf("x-www-form-urlencoded") ?? false
    isForm = saysForm || body.starts(with: "payload=".utf8)
  }

  private static func compression(_ body: [UInt8], _ headers: Headers) -> String? {
    for (name, magic) in magics where body.starts(with: magic) { return name }
    guard let coding = headers.first("Content-Encoding") else { return nil }
    return ["gzip", "deflate", "br", "zstd"].first { coding.speaksOf($0) }
  }

  private static let magics: [(String, [UInt8])] = [
    ("gzip", [0x1F, 0x8B]), ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("deflate", [0x78, 0x9C]),
    ("deflate", [0x78, 0xDA]), ("bzip2", Array("BZh".utf8)),
  ]

  private static func replacementOffset(_ body: [UInt8]) -> Int? {
    body.indices.dropLast(2).first { body[$0] == 0xEF && body[$0 + 1] == 0xBF && body[$0 + 2] == 0xBD }
  }
}
