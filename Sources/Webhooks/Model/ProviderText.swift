internal import JSON

/// A sender's facts as a file gives them: what `Provider.init(from:)` reads, from YAML or from JSON.
public enum ProviderText: Sendable, Equatable {
  case text(String)
  /// A number, or `true` or `false`.
  case plain(String)
  case list([ProviderText])
  case members([Member])

  /// A key and its value.
  public struct Member: Sendable, Equatable {
    public let key: String
    public let value: ProviderText

    init(_ key: String, _ value: ProviderText) { (self.key, self.value) = (key, value) }

    init(_ key: String, _ text: String) { self.init(key, .text(text)) }
  }
}

extension ProviderText {
  /// Describes a sender: only what differs from what is taken where nothing is said.
  public init(_ provider: Provider) {
    let facts = provider.facts
    let usual = Provider.Facts(facts.name, title: facts.name, scheme: facts.scheme)
    var members: [Member] = []
    func add<Value: Equatable>(
      _ key: String, _ fact: KeyPath<Provider.Facts, Value>, _ written: (Value) -> ProviderText
    ) {
      let value = facts[keyPath: fact]
      if value != usual[keyPath: fact] { members.append(Member(key, written(value))) }
    }
    func texts(_ texts: [String]) -> ProviderText { .list(texts.map { .text($0) }) }
    add("title", \.title) { .text($0) }
    members.append(Member("signature", .members(Self.members(of: facts.scheme))))
    add("secret-prefix", \.secretPrefix) { .text($0 ?? "") }
    add("other-prefixes", \.otherPrefixes, texts)
    add("secret-variables", \.secretVariables, texts)
    add("event-header", \.eventHeader) { .text($0) }
    add("delivery-header", \.deliveryHeader) { .text($0) }
    add("id-header", \.eventIDHeader) { .text($0) }
    add("user-agent", \.userAgentPrefix) { .text($0 ?? "") }
    add("event", \.eventPath) { .text(BodyPath($0).text) }
    add("id", \.eventIDPath) { .text(BodyPath($0).text) }
    add("delivery", \.deliveryIDPath) { .text(BodyPath($0 ?? []).text) }
    add("created-at", \.createdAtPath) { .text(BodyPath($0).text) }
    add("started-at", \.startedAtPath) { .text(BodyPath($0 ?? []).text) }
    add("livemode", \.livemodePath) { Self.livemode(at: $0 ?? [], facts.liveValue) }
    add("attempts-share-delivery-id", \.deliveryIDNamesChain) { .plain("\($0)") }
    add("answer-within", \.answerDue) { .text(Self.span($0)) }
    add("retries", \.retrySchedule) { .list($0.map { .text(Self.span(Int($0))) }) }
    add("events", \.events, texts)
    add("challenges", \.challenges) { .list($0.map(Self.challenge)) }
    add("sends", \.constantFields) { texts($0.map { "\($0.name): \($0.value)" }) }
    add("documented-bodies", \.documentedBodies) { .list($0.map { Self.body($0.event, $0.body) }) }
    add("sample-verifiers", \.sampleVerifiers, texts)
    add("samples", \.samples) { .list($0.map { Self.body($0.event, $0.body) }) }
    self = .members(members)
  }

  private static func livemode(at path: [String], _ live: String?) -> ProviderText {
    let place = BodyPath(path).text
    return live.map { .members([Member("at", place), Member("live", $0)]) } ?? .text(place)
  }

  private static func body(_ event: String?, _ body: String) -> ProviderText {
    .members((event.map { [Member("event", $0)] } ?? []) + [Member("body", body)])
  }

  private static func challenge(_ challenge: Challenge) -> ProviderText {
    let sign = [Member("at", BodyPath(challenge.place).text), Member("is", challenge.value)]
    let event = challenge.event == challenge.value ? [] : [Member("event", challenge.event)]
    let token = challenge.token.isEmpty ? [] : [Member("token", BodyPath(challenge.token).text)]
    let answer = challenge.answer.isEmpty ? [] : [Member("answer", challenge.answer)]
    return .members(event + [Member("when", .members(sign))] + token + answer)
  }

  /// `30s`, `5m`, `2h` or `1d`.
  private static func span(_ seconds: Int) -> String {
    let units = [(86_400, "d"), (3600, "h"), (60, "m")]
    guard let (size, unit) = units.first(where: { seconds > 0 && seconds % $0.0 == 0 }) else {
      return "\(seconds)s"
    }
    return "\(seconds / size)\(unit)"
  }

  private static func members(of scheme: SignatureScheme) -> [Member] {
    var members: [Member] = []
    func names(_ names: [String]) -> ProviderText {
      names.count == 1 ? .text(names[0]) : .list(names.map { .text($0) })
    }
    if scheme.kind != .hmac { members.append(Member("kind", scheme.kind.rawValue)) }
    members += [Member("header", names(scheme.headers)), Member("format", scheme.format.template)]
    if !scheme.format.holdsTime, let separator = scheme.format.separator {
      members.append(Member("separator", String(decoding: [separator], as: UTF8.self)))
    }
    if scheme.takesSeveral != (scheme.format.separator != nil) {
      members.append(Member("several", .plain("\(scheme.takesSeveral)")))
    }
    if scheme.kind != .token { members.append(Member("text", scheme.text.template)) }
    if scheme.digest != .sha256 { members.append(Member("digest", scheme.digest.rawValue)) }
    members += Self.key(of: scheme)
    switch scheme.time {
    case .nowhere, .signature: break
    case .headers(let headers): members.append(Member("time", names(headers)))
    case .body(let path): members.append(Member("time", BodyPath(path).text))
    }
    if scheme.timeUnit != .seconds { members.append(Member("unit", scheme.timeUnit.rawValue)) }
    if let window = scheme.window {
      members.append(Member("window", .plain(ShortDecimal.text(window, decimals: 3) ?? "0")))
    }
    if !scheme.refusesFuture { members.append(Member("future", "allowed")) }
    if !scheme.idHeaders.isEmpty { members.append(Member("id", names(scheme.idHeaders))) }
    return members
  }

  private static func key(of scheme: SignatureScheme) -> [Member] {
    guard !scheme.kind.isOneWay else { return [] }
    let form: String
    switch scheme.keyForm {
    case .utf8: return []
    case .base64: form = "base64"
    case .hex: form = "hex"
    }
    let prefix = scheme.keyForm.prefix
    return [Member("key", form)] + (prefix.isEmpty ? [] : [Member("prefix", prefix)])
  }
}

extension ProviderText {
  /// The sender called `name` as a file with nothing else would define it.
  public func yaml(of name: String) -> String {
    ProviderText.members([Member("providers", .members([Member(name, self)]))]).lines(indent: 0)
      .map { $0 + "\n" }.joined()
  }

  private func lines(indent: Int) -> [String] {
    guard case .members(let members) = self else { return [] }
    let margin = String(repeating: " ", count: indent)
    return members.flatMap { member -> [String] in
      let key = margin + member.key + ":"
      if let short = member.value.inline { return ["\(key) \(short)"] }
      if case .list(let values) = member.value {
        return [key] + values.flatMap { $0.entryLines(indent: indent + 2) }
      }
      return [key] + member.value.lines(indent: indent + 2)
    }
  }

  /// A list's entry, with a dash in front.
  private func entryLines(indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    if let short = inline { return ["\(margin)- \(short)"] }
    return lines(indent: indent + 2).enumerated().map { index, line in
      index == 0 ? "\(margin)- " + line.dropFirst(indent + 2) : line
    }
  }

  /// The value on the line of its key; nil if it takes lines of its own.
  private var inline: String? {
    switch self {
    case .text(let text): return Self.scalar(text)
    case .plain(let text): return text
    case .list(let values):
      let texts = values.compactMap(\.inline)
      let line = "[\(texts.joined(separator: ", "))]"
      return texts.count == values.count && line.utf8.count <= 100 ? line : nil
    case .members: return nil
    }
  }

  /// A text in YAML: as it stands where nothing else could be meant, else in double quotes.
  private static func scalar(_ text: String) -> String {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "none"]
    let isPlain =
      text.utf8.first?.isASCIILetter ?? false && (text == "none" || !words.contains(text.lowercased()))
      && text.utf8.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "-_./".utf8.contains($0) }
    return isPlain ? text : "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  /// Letters and what ASCII prints stand as they are; all else is escaped, since some of it drives a terminal.
  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"", "\\": "\\\(scalar)"
    case " "..."~": String(scalar)
    case _ where scalar.properties.isAlphabetic && scalar.value > 0xA0: String(scalar)
    case _ where scalar.value > 0xFFFF: "\\U" + Hex.text(scalar.value, width: 8)
    default: "\\u" + Hex.text(scalar.value, width: 4)
    }
  }

  /// The same in JSON, with the sender's name among the facts, as `Provider.init(from:)` reads it.
  public func json(of name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    guard case .members(let members) = self else { return bytes }
    ProviderText.members([Member("name", name)] + members).write(to: &bytes)
    return bytes
  }

  private func write(to bytes: inout [UInt8]) {
    switch self {
    case .text(let text): JSONText.appendPlain(text, to: &bytes)
    case .plain(let text): bytes += text.utf8
    case .list(let values):
      Self.write(values, between: "[]", to: &bytes) { $0.write(to: &$1) }
    case .members(let members):
      Self.write(members, between: "{}", to: &bytes) { member, bytes in
        JSONText.appendPlain(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
    }
  }

  private static func write<Part>(
    _ parts: [Part], between brackets: StaticString, to bytes: inout [UInt8],
    _ write: (Part, inout [UInt8]) -> Void
  ) {
    let signs = Array("\(brackets)".utf8)
    bytes.append(signs[0])
    for (place, part) in parts.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      write(part, &bytes)
    }
    bytes.append(signs[1])
  }
}
