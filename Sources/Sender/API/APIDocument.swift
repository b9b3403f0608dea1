public import JSON
public import Webhooks

/// A JSON document that an API has answered with: read by field, and printed so that it can't drive a terminal.
public struct APIDocument: Sendable {
  /// The most tokens that are read of one.
  private static let tokenLimit = 4 << 20
  /// Controls and what hides or reorders text are escaped.
  private static let strings = JSONStringStyle.terminal

  private let value: JSONValue

  /// Returns nil for what is not JSON, or has millions of values.
  public init?(_ body: [UInt8]) {
    guard let value = JSONValue(body, limit: Self.tokenLimit) else { return nil }
    self.init(value)
  }

  private init(_ value: JSONValue) {
    self.value = value
  }

  /// The members of an object, as they were sent; none for any other value.
  public var members: [(name: ByteString, value: APIDocument)] {
    (value.members ?? []).map { ($0.name, APIDocument($0.value)) }
  }

  /// The value of a member; the last one where there are several of its name.
  public subscript(name: String) -> APIDocument? {
    members.last { $0.name.elementsEqual(name.utf8) }?.value
  }

  /// The elements of a list: the document itself, what it holds as `data`, or else the first list in it. Nil where there
  /// is none.
  public var items: [APIDocument]? {
    elements ?? self["data"]?.elements ?? members.lazy.compactMap(\.value.elements).first
  }

  private var elements: [APIDocument]? { value.elements?.map(APIDocument.init) }

  /// What a string stands for; nil for any other value.
  public var string: ByteString? { value.text }

  public var isNull: Bool { value.isNull }

  public var bool: Bool? { value.bool }

  /// A string's text, a list of strings joined by commas, or else JSON on one line: to be made safe by who prints it.
  public var words: ByteString {
    if let string { return string }
    if let texts = elements?.map(\.string), !texts.isEmpty, texts.allSatisfy({ $0 != nil }) {
      return ByteString(Array(texts.compactMap { $0.map(Array.init) }.joined(separator: ", ".utf8)))
    }
    return ByteString(compact)
  }

  /// The value as it came.
  public var raw: [UInt8] { value.raw }

  /// The value on one line, safe to print.
  public var compact: [UInt8] { rendered(.compact) }

  /// Returns an object on one line, safe to print, without some of its members and with others behind the rest.
  /// - Parameter added: names and texts; nil is null.
  public func compact(without names: [String], adding added: [(String, String?)]) -> [UInt8] {
    let own = members.filter { member in !names.contains { member.name.elementsEqual($0.utf8) } }
      .map { JSONText.string(Array($0.name)) + [UInt8(ascii: ":")] + $0.value.compact }
    let others = added.map { name, text in
      JSONText.string(Array(name.utf8)) + [UInt8(ascii: ":")]
        + (text.map { JSONText.string(Array($0.utf8)) } ?? Array("null".utf8))
    }
    return Array("{".utf8) + (own + others).joined(separator: ",".utf8) + Array("}".utf8)
  }

  /// The value on many lines, safe to print.
  public var indented: [UInt8] { rendered(.indented) }

  private func rendered(_ spacing: JSONSpacing) -> [UInt8] {
    guard let own = JSONOutline(raw) else { return [] }
    let style = JSONStyle(spacing: spacing, order: .asSent, strings: Self.strings)
    return JSONRendering.bytes(of: own, style: style, plan: .asSent, limit: .max) ?? []
  }
}

/// What Parlay's API answers where it makes a signing secret: for a new webhook, or a new secret of one.
public struct MadeSecret: Sendable {
  /// The id of the webhook; nil if the answer has none that can be used.
  public let id: APIID?
  /// The signing secret, which is shown this once.
  public let secret: String
  /// All that was answered.
  public let document: APIDocument

  /// - Parameter known: the id of a webhook that the answer need not repeat.
  /// - Throws: `APIError.unreadable`, in words that hold nothing of the answer.
  public init(_ response: APIResponse, of call: APICall, known: APIID? = nil) throws(APIError) {
    guard let document = APIDocument(response.body) else {
      throw .unreadable(call: call, detail: "it is not JSON")
    }
    guard let secret = document["signing_secret"]?.string, !secret.isEmpty else {
      throw .unreadable(call: call, detail: "it has no signing_secret")
    }
    id = known ?? document["id"]?.string.flatMap { APIID($0) }
    self.secret = secret.text
    self.document = document
  }
}
