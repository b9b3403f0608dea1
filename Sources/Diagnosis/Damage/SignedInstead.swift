internal import JSON
internal import Webhooks

/// A text that a sender signed in place of the body: a value as its language prints it, or a part of the document.
enum SignedInstead: Sendable, Equatable {
  case pythonBytes, pythonValue, rubyValue, rubySpacedValue
  case jsonString, jsonStringTwice, jsonStringASCII, jsonStringTwiceASCII
  case nothing, fixed(String)
  case rubySymbols, rubySymbolKeys, javaMap, goMap
  /// The hash of the body in a spelling.
  case hash(PlainHash, Spelling)
  /// The value of one member, as it was sent.
  case member(String)

  /// How the bytes of a hash are written.
  enum Spelling: Sendable, Equatable, CaseIterable {
    case hexadecimal, base64, bytes
  }

  /// All but the members, the most common ones first.
  private static let all: [SignedInstead] = [
    .pythonBytes, .pythonValue, .jsonString, .nothing, .fixed("[object Object]"), .rubyValue,
    .rubySpacedValue, .jsonStringTwice, .jsonStringASCII, .jsonStringTwiceASCII, .fixed("undefined"),
    .fixed("null"), .fixed("{}"),
    .fixed("None"),
    .fixed("Array"), .fixed("\"\""), .fixed("nil"), .fixed("[]"), .fixed("NaN"), .fixed("false"),
    .fixed("true"),
    .fixed("<nil>"), .rubySymbols, .rubySymbolKeys, .javaMap, .goMap,
    .hash(.sha256, .hexadecimal), .hash(.sha256, .base64), .hash(.sha256, .bytes), .hash(.md5, .hexadecimal),
    .hash(.md5, .base64), .hash(.sha1, .hexadecimal), .hash(.sha512, .hexadecimal),
  ]

  /// Hands each text that may have been signed in place of `body` to `visit`, until that says to stop; gives whether it
  /// did.
  static func visit(
    _ body: [UInt8], _ memory: SearchMemory, _ visit: (SignedInstead, [UInt8]) -> Bool
  ) -> Bool {
    for instead in all {
      if let text = instead.text(for: body, memory), visit(instead, text) { return true }
    }
    return members(of: body, memory).contains { name, value in visit(.member(name), value) }
  }

  /// The text that was signed for `body`; nil if the body is of another kind, has more tokens than allowed, or is
  /// asked for a member, which only `visit` finds.
  func text(for body: [UInt8], _ memory: SearchMemory = .byHand) -> [UInt8]? {
    switch self {
    case .pythonBytes: return PythonText.bytes(body)
    case .pythonValue: return PrintedValue.python.text(for: body, memory)
    case .rubyValue: return PrintedValue.ruby.text(for: body, memory)
    case .rubySpacedValue: return PrintedValue.rubySpaced.text(for: body, memory)
    case .jsonString: return BodyWrapping.jsonString.applied(to: body)
    case .jsonStringASCII:
      return BodyWrapping.jsonString.applied(to: body).flatMap {
        Reserialisations.written($0, in: .python, memory: memory)
      }
    case .jsonStringTwiceASCII:
      return Self.jsonStringASCII.text(for: body, memory).flatMap(BodyWrapping.jsonString.applied)
    case .jsonStringTwice:
      return BodyWrapping.jsonString.applied(to: body).flatMap(BodyWrapping.jsonString.applied)
    case .rubySymbols: return PrintedValue.rubySymbols.text(for: body, memory)
    case .rubySymbolKeys: return PrintedValue.rubySymbolKeys.text(for: body, memory)
    case .javaMap: return PrintedValue.java.text(for: body, memory)
    case .goMap: return PrintedValue.go.text(for: body, memory)
    case .hash(let function, let spelling):
      return function.digest([body]).map { digest in
        spelling.written(digest)
      }
    case .nothing: return []
    case .fixed(let text): return Array(text.utf8)
    case .member: return nil
    }
  }

  /// The members of the outermost object, and what is an object or an array further inside, as they are in `body`.
  private static func members(of body: [UInt8], _ memory: SearchMemory) -> [(name: String, value: [UInt8])] {
    let body = EdgeChange.markAdded.undone(body) ?? body
    guard let outline = JSONOutline(body, limit: memory.tokens), outline.tokens.first?.kind == .beginObject
    else { return [] }
    // What is in an envelope was wrapped on the way.
    let inner = BodyWrapping.inner(of: outline).filter { !BodyWrapping.isEnvelope($0, of: outline) }
    let scalars = outline.keys(ofObjectAt: 0).map { $0 + 1 }.filter {
      !outline.tokens[$0].kind.isOpening && !BodyWrapping.isDocument(outline.text(at: $0))
    }
    let values = inner.map {
      (BodyWrapping.name(of: $0, in: outline), BodyWrapping.value(at: $0, of: outline))
    }
    return values + scalars.prefix(32).map { (BodyWrapping.name(of: $0, in: outline), outline.text(at: $0)) }
  }

  /// What was signed, as the object of a sentence.
  var words: String {
    switch self {
    case .pythonBytes: "the body as Python prints bytes, b'...'"
    case .pythonValue: "the parsed body as Python prints it, {'key': True}"
    case .rubyValue: "the parsed body as Ruby prints it, {\"key\"=>true}"
    case .rubySpacedValue: "the parsed body as Ruby prints it, {\"key\" => true}"
    case .jsonString, .jsonStringASCII: "the body encoded as a JSON string once more"
    case .jsonStringTwice, .jsonStringTwiceASCII: "the body encoded as a JSON string twice more"
    case .rubySymbols: "the parsed body as Ruby prints it, {:key=>true}"
    case .rubySymbolKeys: "the parsed body as Ruby prints it, {key: true}"
    case .javaMap: "the parsed body as Java prints a map, {key=true}"
    case .goMap: "the parsed body as Go prints a map, map[key:true]"
    case .hash(let function, let spelling): "the \(function.title) of the body\(spelling.words)"
    case .nothing: "an empty body"
    case .fixed(let text): "the text \(text)"
    case .member(let name): "only the member \(name) of the body"
    }
  }
}

extension SignedInstead.Spelling {
  var words: String {
    switch self {
    case .hexadecimal: " in hexadecimal"
    case .base64: " in base64"
    case .bytes: ""
    }
  }
}

extension PlainHash {
  /// The function as it is written.
  var title: String {
    switch self {
    case .sha256: "SHA-256"
    case .sha1: "SHA-1"
    case .md5: "MD5"
    case .sha512: "SHA-512"
    case .sha384: "SHA-384"
    case .sha3: "SHA3-256"
    case .sha3Long: "SHA3-512"
    }
  }
}
