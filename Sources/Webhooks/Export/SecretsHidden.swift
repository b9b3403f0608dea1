internal import JSON

/// Hides the signing secrets in what leaves the program: some senders send theirs along, and mistakes do.
extension Keyring {
  /// What stands in a secret's place.
  private static let mask = Array("[secret]".utf8)
  /// A shorter one stands in texts of its own accord, in bytes.
  private static let leastLength = 6

  /// The text without any of the secrets, retired ones neither.
  public func hidingSecrets(in text: [UInt8]) -> [UInt8] {
    // A secret may be part of another one.
    let all = secrets.map(\.bytes).filter { $0.count >= Self.leastLength }.sorted { $0.count > $1.count }
    return all.reduce(text) { $0.substituting($1, with: Self.mask) ?? $0 }
  }

  /// The request without any of the secrets, nor that of a provider who sends it along, be it known or not.
  public func hidingSecrets(in request: Request, of provider: Provider? = nil) -> Request {
    let tokens = provider.map { $0.scheme.kind == .token ? $0.scheme.headers : [] } ?? []
    guard !secrets.isEmpty || !tokens.isEmpty else { return request }
    var hidden = request
    hidden.target = ByteString(hidingSecrets(in: Array(request.target)))
    hidden.headers = Headers(
      request.headers.map { field in
        let isToken = tokens.contains(where: field.name.equalsIgnoringASCIICase)
        let value = isToken ? Self.mask : hidingSecrets(in: Array(field.value))
        return Headers.Field(field.name, ByteString(value))
      })
    hidden.body = hidingSecrets(in: request.body)
    return hidden
  }
}
