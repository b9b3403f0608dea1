/// A second reader of HTTP for tests: takes only the plainest POSTs, so that there is no doubt about any of them.
///
/// What it takes the receiver must take alike; of what it does not take it says nothing.
struct PlainHTTP {
  struct Message: Equatable {
    var target: String
    /// Names and values as they stand in the lines.
    var fields: [[String]]
    var body: [UInt8]
  }

  /// The plain requests that the bytes begin with.
  private(set) var messages: [Message] = []
  /// Whether the bytes hold nothing else.
  private(set) var isAll = false
  private var rest: ArraySlice<UInt8>
  private let maxBody: Int

  init(_ bytes: [UInt8], maxBody: Int) {
    rest = bytes[...]
    self.maxBody = maxBody
    while !rest.isEmpty {
      let start = rest
      guard let message = message() else {
        rest = start
        return
      }
      messages.append(message)
    }
    isAll = true
  }

  private mutating func message() -> Message? {
    guard let start = line()?.split(separator: " ", omittingEmptySubsequences: false),
      start.count == 3, start[0] == "POST", start[2] == "HTTP/1.1", Self.isPlainTarget(start[1])
    else { return nil }
    var fields: [[String]] = []
    while let line = line(), fields.count < 100 {
      if line.isEmpty {
        return body(fields).map { Message(target: String(start[1]), fields: fields, body: $0) }
      }
      guard let field = Self.field(line) else { return nil }
      fields.append(field)
    }
    return nil
  }

  /// The next line without its end; nil if it does not end with CR LF, is long or is not plain ASCII.
  private mutating func line() -> String? {
    guard let end = rest.firstIndex(of: 0x0D), end + 1 < rest.endIndex, rest[end + 1] == 0x0A else {
      return nil
    }
    let line = rest[..<end]
    guard line.count < 500, line.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
    rest = rest[(end + 2)...]
    return String(decoding: line, as: UTF8.self)
  }

  private static func isPlainTarget(_ text: Substring) -> Bool {
    text.hasPrefix("/") && text.allSatisfy { $0.isLetter || $0.isNumber || "/?=&._-".contains($0) }
  }

  private static let notPlain = ["connection", "proxy-connection", "upgrade", "expect", "trailer", "te"]

  private static func field(_ line: String) -> [String]? {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts[1].hasPrefix(" "), !parts[0].isEmpty,
      parts[0].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }),
      !notPlain.contains(parts[0].lowercased())
    else { return nil }
    let value = String(parts[1].dropFirst())
    guard !value.hasPrefix(" "), !value.hasSuffix(" "), !value.isEmpty else { return nil }
    return [parts[0], value]
  }

  private mutating func body(_ fields: [[String]]) -> [UInt8]? {
    func values(_ name: String) -> [String] { fields.filter { $0[0].lowercased() == name }.map { $0[1] } }
    let hosts = values("host")
    guard hosts.count == 1, !hosts[0].contains(where: { #" "/<>?@\^`{|}#"#.contains($0) }) else { return nil }
    switch (values("content-length"), values("transfer-encoding")) {
    case ([], []): return []
    case (let lengths, []) where lengths.count == 1: return Self.number(lengths[0], 10).flatMap { take($0) }
    case ([], ["chunked"]): return chunks()
    default: return nil
    }
  }

  private mutating func chunks() -> [UInt8]? {
    var body: [UInt8] = []
    while let size = line().flatMap({ Self.number($0, 16) }) {
      if size == 0 { return line() == "" ? body : nil }
      guard let bytes = take(size), line() == "" else { return nil }
      body += bytes
      guard body.count <= maxBody else { return nil }
    }
    return nil
  }

  private mutating func take(_ count: Int) -> [UInt8]? {
    guard count <= maxBody, count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  private static func number(_ text: String, _ radix: Int) -> Int? {
    guard (1...6).contains(text.utf8.count), text.allSatisfy({ $0.isHexDigit }) else { return nil }
    return Int(text, radix: radix)
  }
}
