/// A delivery that carries a hostile text in one of the places where a stranger can put it.
struct HostileDelivery {
  /// Where the text stands.
  enum Place: CaseIterable {
    /// It is the body.
    case body
    /// In the body's ids, event name, keys and values, as far as JSON lets it stand.
    case json
    /// In the same places, in ASCII until it is unescaped.
    case escapedJSON
    /// In the values of headers, as far as HTTP lets it stand; and in the path, percent-encoded.
    case headers
    /// In a header's name and value and in the path as it is: mostly not a delivery.
    case rawHead
  }

  let text: HostileText
  let place: Place

  private static let signature = Array("X-Parlay-Signature: t=1745518397,v1=00".utf8)

  /// Gives the status of the answer.
  func send(over barrage: Barrage) throws -> Int? {
    switch place {
    case .body: try barrage.post(text.bytes, headers: [Self.signature])
    case .json: try barrage.post(json(text.jsonString), headers: [Self.signature])
    case .escapedJSON: try barrage.post(json(text.escapedJSONString), headers: [Self.signature])
    case .headers: try barrage.post([], target: encodedPath, headers: headers(text.headerValue))
    case .rawHead:
      try barrage.post([], target: [0x2F] + text.bytes, headers: headers(text.bytes) + [text.bytes + [0x3A]])
    }
  }

  private func json(_ string: [UInt8]) -> [UInt8] {
    let members = [#"{"id":"#, #","event":"#, #","data":{"key":"#].map { Array($0.utf8) + string }
    let last: [UInt8] = [0x2C] + string + [0x3A] + string
    return members.joined() + last + Array("}}".utf8)
  }

  private func headers(_ value: [UInt8]) -> [[UInt8]] {
    ["X-Parlay-Event: ", "X-Parlay-Delivery: ", "User-Agent: ", "X-Parlay-Signature: t=1,v1="]
      .map { Array($0.utf8) + value }
  }

  private var encodedPath: [UInt8] {
    let digits = text.bytes.prefix(200).map { ($0 < 0x10 ? "%0" : "%") + String($0, radix: 16) }
    return Array("/\(digits.joined())".utf8)
  }
}

extension HostileText {
  /// Without what ends a header or is refused in one, and not longer than one may be.
  fileprivate var headerValue: [UInt8] {
    Array(bytes.filter { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }.prefix(2000))
  }
}
