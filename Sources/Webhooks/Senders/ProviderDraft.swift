internal import JSON

/// A first description of an unknown sender, worked out from one of its requests: what a request can't tell is said to
/// be a guess.
public struct ProviderDraft: Sendable {
  /// The YAML that would define the sender, with a comment for each guess.
  public let yaml: String

  /// Drafts a description from a request; nil if none of its headers looks like a signature.
  public init?(from request: Request, among providers: Providers) {
    guard let shape = SignatureShape(in: request.headers, among: .init([])),
      let form = Form(shape.value) ?? Form.unknown(shape.value)
    else { return nil }
    let time = form.time ? nil : Self.timeHeader(request.headers)
    let name = "mysender"
    guard
      let format = SignatureFormat(form.template),
      let text = SignedTextTemplate(form.time || time != nil ? "{t}.{body}" : "{body}")
    else { return nil }
    let scheme = SignatureScheme(
      headers: [shape.name.text], format: format, text: text, digest: form.digest,
      time: time.map { .headers([$0.name.text]) },
      timeUnit: time.map { Self.unit($0.value) } ?? form.unit, takesSeveral: form.time)
    let provider = Provider(name, scheme: scheme) { $0.describe(request) }
    let known = SignatureShape(in: request.headers, among: providers).map(\.senders) ?? []
    yaml = Self.comments(known, form) + ProviderText(provider).yaml(of: name)
  }

  private static func comments(_ known: [Provider], _ form: Form) -> String {
    var lines = [
      "# A draft from one request. What is signed, and with which hash function, can't be seen in it:",
      "# compare text, digest and key with the sender's documentation.",
    ]
    if !known.isEmpty {
      let names = known.prefix(5).map(\.name).joined(separator: ", ")
      lines.append(
        "# These senders write their signature in the same form: \(names) (hooktop providers NAME).")
    }
    if form.isUnknown { lines.append("# The form of the signature is not known: format is only an example.") }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The header that holds a time: the name says so, and the value is a number or a date.
  private static func timeHeader(_ headers: Headers) -> Headers.Field? {
    headers.prefix(256).first { field in
      let name = field.name.map(\.asciiLowercased)
      return name.indices.contains { name[$0...].starts(with: "timestamp".utf8) } && isTime(field.value)
    }
  }

  private static func isTime(_ value: ByteString) -> Bool {
    value.count <= 40 && Timestamp(value.text) != nil
      || (13...15).contains(value.count) && value.allSatisfy(\.isASCIIDigit)
  }

  fileprivate static func unit(_ value: some Collection<UInt8>) -> SignatureScheme.TimeUnit {
    guard value.allSatisfy(\.isASCIIDigit) else { return .date }
    return value.count >= 13 ? .milliseconds : .seconds
  }
}

/// How a signature is written, as far as one shows it.
private struct Form {
  let template: String
  let digest: SignatureScheme.Digest
  /// Whether the time stands beside it, and in which unit.
  let time: Bool
  let unit: SignatureScheme.TimeUnit
  var isUnknown = false

  private init(_ template: String, _ digest: SignatureScheme.Digest, unit: SignatureScheme.TimeUnit? = nil) {
    self.template = template
    self.digest = digest
    time = unit != nil
    self.unit = unit ?? .seconds
  }

  /// What stands for a form that nobody knows.
  static func unknown(_ value: ByteString) -> Form? {
    var form = Form("{hex}", .sha256)
    form.isUnknown = true
    return form
  }

  init?(_ value: ByteString) {
    let text = value.text
    guard text.utf8.count == value.count, text.allSatisfy({ $0.isASCII && !"{}".contains($0) }) else {
      return nil
    }
    if let pairs = text.wholeMatch(of: /(\w{1,16})=(\d{9,15})([,;]) ?(\w{1,16})=([0-9a-f]+)/),
      let digest = Self.hexDigest(pairs.5)
    {
      let blank = text.contains("\(pairs.3) ") ? " " : ""
      self.init(
        "\(pairs.1)={t}\(pairs.3)\(blank)\(pairs.4)={hex}", digest, unit: ProviderDraft.unit(pairs.2.utf8))
    } else if let entry = text.wholeMatch(of: /(.{0,24}?)([0-9a-f]{40,128})/),
      let digest = Self.hexDigest(entry.2)
    {
      self.init("\(entry.1){hex}", digest)
    } else if let entry = text.wholeMatch(of: /([\w-]{1,16}[=,])?([A-Za-z0-9+\/]{27,88}={0,2})/),
      let digest = Self.base64Digest(entry.2)
    {
      self.init("\(entry.1 ?? ""){base64}", digest)
    } else {
      return nil
    }
  }

  private static func hexDigest(_ digits: Substring) -> SignatureScheme.Digest? {
    [.sha256, .sha1, .sha512].first { 2 * $0.size == digits.utf8.count }
  }

  private static func base64Digest(_ digits: Substring) -> SignatureScheme.Digest? {
    let size = Base64.decoded(Array(digits.utf8).span)?.count
    return [.sha256, .sha1, .sha512].first { $0.size == size }
  }
}

extension Provider.Facts {
  /// Takes what a request shows of event and ids.
  fileprivate mutating func describe(_ request: Request) {
    let paths = [["event"], ["type"], ["event_type"], ["topic"], ["event", "type"]]
    let ids = [["id"], ["event_id"], ["data", "id"]]
    let values = JSONFieldQuery(paths + ids).fields(in: request.body).values
    func first(_ candidates: [[String]], from start: Int) -> [String] {
      candidates.indices.first { values[start + $0]?.string != nil }.map { candidates[$0] } ?? []
    }
    eventPath = first(paths, from: 0)
    eventIDPath = first(ids, from: paths.count)
    createdAtPath = []
    eventHeader = Self.header(ending: ["-event", "-topic", "-event-type", "-event-name"], request) ?? ""
    deliveryHeader =
      Self.header(ending: ["-delivery", "-delivery-id", "-event-id", "-webhook-id"], request) ?? ""
    constantFields = [Headers.Field("Content-Type", "application/json")]
  }

  private static func header(ending endings: [String], _ request: Request) -> String? {
    request.headers.prefix(256).first { field in
      let name = field.name.map(\.asciiLowercased)
      return field.name.count <= 64 && endings.contains { name.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }?.name.text
  }
}
