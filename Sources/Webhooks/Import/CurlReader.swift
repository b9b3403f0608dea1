internal import JSON

/// Reads the requests that saved `curl` commands would send. Nothing is run, nothing is sent, and no file is read but one
/// that stands beside the saved one.
enum CurlReader {
  /// Options without a value that change nothing of a request.
  private static let flags = [
    "--silent", "--show-error", "--insecure", "--location", "--include", "--verbose", "--fail",
    "--globoff",
    "--progress-bar", "--no-progress-meter", "--compressed", "--path-as-is", "--http1.1", "--http2",
    "--http2-prior-knowledge",
    "--ipv4", "--ipv6", "--no-buffer", "--fail-with-body", "--no-keepalive", "--tcp-nodelay",
    "--tlsv1.2", "--tlsv1.3",
  ]
  private static let shortFlags = Array("sSkLivfg#46N".utf8)
  /// Options whose value changes nothing of a request.
  private static let ignored = [
    "--output", "--write-out", "--max-time", "--connect-timeout", "--retry", "--retry-delay",
    "--proxy", "--noproxy",
    "--resolve", "--connect-to", "--cacert", "--cert", "--key", "--interface", "--cookie-jar",
    "--limit-rate", "--ciphers",
  ]
  private static let shortIgnored: [UInt8: String] = [
    0x6F: "--output", 0x77: "--write-out", 0x6D: "--max-time", 0x78: "--proxy",
    0x63: "--cookie-jar", 0x45: "--cert",
  ]
  private static let shortNames: [UInt8: String] = [
    0x58: "--request", 0x48: "--header", 0x64: "--data", 0x41: "--user-agent", 0x65: "--referer",
    0x62: "--cookie",
    0x75: "--user",
  ]

  static func isCommand(_ start: ArraySlice<UInt8>) -> Bool {
    var rest = start
    // Comments, and the prompt that was copied along.
    while rest.first == UInt8(ascii: "#"), let end = rest.firstIndex(of: 0x0A) {
      rest = rest[end...].drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }
    if rest.starts(with: "$ ".utf8) || rest.starts(with: "% ".utf8) { rest = rest.dropFirst(2) }
    return rest.starts(with: "curl".utf8)
      && rest.dropFirst(4).first.map { $0 == 0x20 || $0 == 0x09 || $0 == 0x5C } == true
  }

  static func requests(
    in bytes: [UInt8], _ file: (String) -> [UInt8]?
  ) throws(SavedFault) -> [SavedRequest] {
    var requests: [SavedRequest] = []
    // `$ ` at a prompt is no word of the command.
    var words = ShellWords(bytes)
    while let command = try words.command() {
      var rest = command[...]
      if rest.first == [UInt8(ascii: "$")] || rest.first == [UInt8(ascii: "%")] {
        rest = rest.dropFirst()
      }
      guard rest.first.map({ $0.elementsEqual("curl".utf8) }) == true else {
        let name = String(decoding: (rest.first ?? []).prefix(20), as: UTF8.self)
        throw SavedFault(.line(words.commandLine), .expansion(name))
      }
      var reader = CommandReader(rest.dropFirst(), line: words.commandLine)
      requests.append(SavedRequest(request: try reader.request(file)))
    }
    guard !requests.isEmpty else { throw SavedFault(.file, .none) }
    return requests
  }

  /// What is known of one command's options.
  private struct CommandReader {
    private var words: ArraySlice<[UInt8]>
    private let place: SavedFault.Place
    private var method: [UInt8]?
    private var urls: [[UInt8]] = []
    private var target: [UInt8]?
    private var headers = Headers()
    private var data: [(bytes: [UInt8], isJSON: Bool)] = []
    private var version = Request.Version.http11

    init(_ words: ArraySlice<[UInt8]>, line: Int) {
      self.words = words
      place = .line(line)
    }

    mutating func request(_ file: (String) -> [UInt8]?) throws(SavedFault) -> Request {
      while let word = words.popFirst() { try take(word, file) }
      guard urls.count == 1 else { throw SavedFault(place, .url(count: urls.count)) }
      let name = String(
        decoding: method ?? Array((data.isEmpty ? "GET" : "POST").utf8), as: UTF8.self)
      guard HTTPText.isToken(ByteString(name)) else { throw SavedFault(place, .method) }
      let target = target.map { ByteString($0) } ?? SavedURL(Self.withScheme(urls[0])[...]).target
      guard HTTPText.isTarget(target) else { throw SavedFault(place, .target) }
      var body: [UInt8] = []
      for (index, part) in data.enumerated() {
        // curl joins what several options give as the fields of a form, but not documents.
        if index > 0, !part.isJSON { body.append(UInt8(ascii: "&")) }
        body += part.bytes
      }
      return Request(method: name, target: target, version: version, headers: headers, body: body)
    }

    private static func withScheme(_ url: [UInt8]) -> [UInt8] {
      url.index(of: Array("://".utf8)) == nil ? Array("http://".utf8) + url : url
    }

    private mutating func take(_ word: [UInt8], _ file: (String) -> [UInt8]?) throws(SavedFault) {
      guard word.first == UInt8(ascii: "-"), word.count > 1 else { return urls.append(word) }
      guard word.starts(with: "--".utf8) else { return try takeShort(word.dropFirst(), file) }
      let name = String(decoding: word, as: UTF8.self)
      if CurlReader.flags.contains(where: { $0.utf8.elementsEqual(word) }) { return }
      if name == "--http1.0" {
        version = .http10
        return
      }
      if CurlReader.ignored.contains(where: { $0.utf8.elementsEqual(word) }) {
        _ = try value(of: name)
      } else {
        try take(name, try value(of: name), file)
      }
    }

    private mutating func takeShort(
      _ letters: ArraySlice<UInt8>, _ file: (String) -> [UInt8]?
    ) throws(SavedFault) {
      for (index, letter) in zip(letters.indices, letters) {
        if CurlReader.shortFlags.contains(letter) { continue }
        if letter == UInt8(ascii: "0") {
          version = .http10
          continue
        }
        let name = CurlReader.shortNames[letter] ?? CurlReader.shortIgnored[letter]
        guard let name else { throw unknown("-\(Character(Unicode.Scalar(letter)))") }
        // The value may stand in the same word.
        let rest = Array(letters[(index + 1)...])
        let value = rest.isEmpty ? try value(of: name) : rest
        if CurlReader.shortNames[letter] != nil { try take(name, value, file) }
        return
      }
    }

    private func unknown(_ name: String) -> SavedFault {
      SavedFault(place, .option(String(name.prefix(40))))
    }

    private mutating func value(of name: String) throws(SavedFault) -> [UInt8] {
      guard let value = words.popFirst() else {
        throw SavedFault(place, .noValue(option: String(name.prefix(40))))
      }
      return value
    }

    private mutating func take(
      _ name: String, _ value: [UInt8], _ file: (String) -> [UInt8]?
    ) throws(SavedFault) {
      switch name {
      case "--request": method = value
      case "--url": urls.append(value)
      case "--request-target": target = value
      case "--header": try takeHeader(value)
      case "--user-agent": try add("User-Agent", value)
      case "--referer": try add("Referer", value)
      case "--cookie":
        guard value.contains(UInt8(ascii: "=")) else { throw unknown(name) }
        try add("Cookie", value)
      case "--user": try add("Authorization", Array("Basic ".utf8) + Base64.encoded(value))
      case "--data", "--data-ascii":
        let (content, isFile) = (try content(value, file), value.first == UInt8(ascii: "@"))
        // Of a file, curl leaves line ends out.
        data.append((isFile ? content.filter { ![0, 0x0A, 0x0D].contains($0) } : content, false))
      case "--data-raw": data.append((value, false))
      case "--data-binary": data.append((try content(value, file), false))
      case "--json":
        data.append((try content(value, file), true))
        for (field, type) in [("Content-Type", "application/json"), ("Accept", "application/json")]
        where !headers.contains(field) {
          try add(field, Array(type.utf8))
        }
      default: throw unknown(name)
      }
    }

    /// What an option gives that takes a file's content where its value begins with @.
    private func content(_ value: [UInt8], _ file: (String) -> [UInt8]?) throws(SavedFault)
      -> [UInt8]
    {
      guard value.first == UInt8(ascii: "@") else { return value }
      let name = String(decoding: value.dropFirst(), as: UTF8.self)
      guard let content = file(name) else {
        throw SavedFault(place, .file(String(name.prefix(80))))
      }
      return content
    }

    private mutating func takeHeader(_ line: [UInt8]) throws(SavedFault) {
      guard let end = line.firstIndex(where: { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ";") })
      else {
        throw SavedFault(place, .header)
      }
      let value = Array(line[(end + 1)...].trimmingSpaces)
      // Without a value, a colon takes a field away that curl would add, and a semicolon sends an empty one.
      if line[end] == UInt8(ascii: ":"), value.isEmpty { return }
      guard line[end] == UInt8(ascii: ":") || value.isEmpty else {
        throw SavedFault(place, .header)
      }
      try add(line[..<end], value)
    }

    private mutating func add(_ name: String, _ value: [UInt8]) throws(SavedFault) {
      try add(Array(name.utf8)[...], value)
    }

    private mutating func add(_ name: ArraySlice<UInt8>, _ value: [UInt8]) throws(SavedFault) {
      guard HTTPText.isToken(ByteString(name)), HTTPText.isFieldValue(ByteString(value)) else {
        throw SavedFault(place, .header)
      }
      guard headers.count < SessionFields.maximumHeaders else {
        throw SavedFault(place, .tooManyHeaders(limit: SessionFields.maximumHeaders))
      }
      headers.append(name, value)
    }
  }
}
