internal import JSON

/// Reads the requests of an HTTP archive (HAR 1.2): those with a method that brings a body.
enum HARReader {
  /// The most values of an archive that are read: each costs memory many times its size.
  private static let valueLimit = 4_000_000
  private static let methods = ["POST", "PUT", "PATCH"]

  /// Whether a text begins as an archive does, whose one member is its log.
  static func mayBeArchive(_ start: ArraySlice<UInt8>) -> Bool {
    start.first == UInt8(ascii: "{")
      && start.dropFirst().drop { $0 == 0x20 || (0x09...0x0D).contains($0) }.starts(
        with: "\"log\"".utf8)
  }

  static func isArchive(_ bytes: [UInt8]) -> Bool { entries(bytes) != nil }

  private static func entries(_ bytes: [UInt8]) -> [JSONValue]? {
    let text = bytes.starts(with: SessionLines.byteOrderMark) ? Array(bytes[3...]) : bytes
    return JSONValue(text, limit: valueLimit)?.object?["log"]?.object?["entries"]?.elements
  }

  static func requests(in bytes: [UInt8]) throws(SavedFault) -> [SavedRequest] {
    guard let entries = entries(bytes) else { throw SavedFault(.file, .notJSON) }
    var requests: [SavedRequest] = []
    for (index, entry) in entries.enumerated() {
      guard let entry = entry.object, let request = entry["request"]?.object,
        let method = request["method"]?.string, methods.contains(method)
      else { continue }
      let place = SavedFault.Place.entry(index + 1)
      requests.append(
        SavedRequest(
          request: try read(request, method, place),
          time: entry["startedDateTime"]?.string.flatMap { Timestamp($0) }))
    }
    guard !requests.isEmpty else { throw SavedFault(.file, .none) }
    return requests
  }

  private static func read(
    _ request: JSONObject, _ method: String, _ place: SavedFault.Place
  ) throws(SavedFault) -> Request {
    let target = SavedURL(request["url"]?.text?.bytes ?? []).target
    guard HTTPText.isTarget(target) else { throw SavedFault(place, .target) }
    let version = request["httpVersion"]?.text?.elementsEqual("HTTP/1.0".utf8) == true
    return Request(
      method: method, target: target, version: version ? .http10 : .http11,
      headers: try headers(request["headers"]?.elements ?? [], place),
      body: try body(request["postData"]?.object, place))
  }

  private static func headers(
    _ list: [JSONValue], _ place: SavedFault.Place
  ) throws(SavedFault) -> Headers {
    guard list.count <= SessionFields.maximumHeaders else {
      throw SavedFault(place, .tooManyHeaders(limit: SessionFields.maximumHeaders))
    }
    var headers = Headers()
    for field in list.compactMap(\.object) {
      guard let name = field["name"]?.text else { throw SavedFault(place, .header) }
      // What HTTP/2 has in place of a request line.
      if name.first == UInt8(ascii: ":") { continue }
      let value = field["_base64"]?.bytes.map { ByteString($0) } ?? field["value"]?.text
      guard let value, HTTPText.isToken(name), HTTPText.isFieldValue(value) else {
        throw SavedFault(place, .header)
      }
      headers.append(name, value)
    }
    return headers
  }

  private static func body(_ data: JSONObject?, _ place: SavedFault.Place) throws(SavedFault)
    -> [UInt8]
  {
    guard let data else { return [] }
    guard let text = data["text"]?.text else {
      guard data["params"]?.elements?.isEmpty ?? true else { throw SavedFault(place, .bodyParts) }
      return []
    }
    let encoding = (data["_encoding"] ?? data["encoding"])?.text
    guard encoding?.elementsEqual("base64".utf8) == true else { return Array(text) }
    guard let body = data["text"]?.bytes else { throw SavedFault(place, .bodyEncoding) }
    return body
  }
}
