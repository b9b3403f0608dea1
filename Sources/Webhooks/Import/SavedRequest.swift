internal import JSON

/// A request that another program has saved: what it was, and when, as far as the file says so.
public struct SavedRequest: Sendable {
  public var request: Request
  public var time: Timestamp?
}

/// The forms in which other programs save requests, told by what the file holds.
public enum SavedForm: String, CaseIterable, Sendable {
  /// The bytes of a request as they go over the wire, or several in a `.http` file.
  case dump
  /// An HTTP archive.
  case har
  /// Commands that send requests.
  case curl

  /// Whether a file that begins so may be one of these.
  public static func mayBe(_ start: [UInt8]) -> Bool {
    let start = start.trimmedStart
    return HARReader.mayBeArchive(start) || CurlReader.isCommand(start) || RequestDump.isDump(start)
  }

  /// Returns nil for anything else, a body among it.
  public init?(of bytes: [UInt8]) {
    let start = bytes.trimmedStart
    if HARReader.mayBeArchive(start) {
      guard HARReader.isArchive(bytes) else { return nil }
      self = .har
    } else if CurlReader.isCommand(start) {
      self = .curl
    } else if RequestDump.isDump(start) {
      self = .dump
    } else {
      return nil
    }
  }

  /// What the file is called in a sentence.
  public var title: String {
    switch self {
    case .dump: "an HTTP request"
    case .har: "an HTTP archive"
    case .curl: "a curl command"
    }
  }

  /// The requests in a file of this form, in order.
  /// - Parameter file: the content of a file beside this one, by its name; nil if there is none that may be read.
  /// - Throws: `SavedFault`; nothing in the file is run, whatever it says.
  public func requests(
    in bytes: [UInt8], file: (String) -> [UInt8]?
  ) throws(SavedFault) -> [SavedRequest] {
    switch self {
    case .dump: try RequestDump.requests(in: bytes, file)
    case .har: try HARReader.requests(in: bytes)
    case .curl: try CurlReader.requests(in: bytes, file)
    }
  }
}

/// Why a saved request can't be read, and where.
public struct SavedFault: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Place: Sendable, Equatable {
    case line(Int)
    case entry(Int)
    case file
  }

  public enum Reason: Sendable, Equatable {
    /// The file holds no request.
    case none
    case requestLine
    case header
    case tooManyHeaders(limit: Int)
    case method
    case target
    /// A body that is described and not given.
    case bodyParts
    case bodyEncoding
    /// It is not JSON, or has more values than are read.
    case notJSON
    /// Something that a shell would do, which is not done here.
    case expansion(String)
    /// A command for another command line than a shell's.
    case windows
    /// A quotation mark without its partner.
    case openQuote
    case nul
    case option(String)
    case noValue(option: String)
    case url(count: Int)
    /// A file that may not be read, or is not there.
    case file(String)
  }

  public let place: Place
  public let reason: Reason

  init(_ place: Place, _ reason: Reason) {
    self.place = place
    self.reason = reason
  }

  public var description: String {
    switch place {
    case .line(let line): "line \(line): \(words)"
    case .entry(let entry): "entry \(entry): \(words)"
    case .file: words
    }
  }

  private var words: String {
    switch reason {
    case .none: "there is no request with a body that can be signed in it"
    case .requestLine: "expected a request line such as POST /hook HTTP/1.1"
    case .header: "expected a header such as Content-Type: application/json"
    case .tooManyHeaders(let limit): "there are more than \(limit) headers"
    case .method: "the method is not one of HTTP"
    case .target: "the URL holds spaces or control characters"
    case .bodyParts: "the body is given as form fields, which do not say its bytes: save it as text"
    case .bodyEncoding: "the body says that it is base64, and is not"
    case .notJSON: "it is not JSON, or has more values than are read"
    case .expansion(let text):
      "a shell would expand \(text), which is not done here: put it in single quotes, or leave it out"
    case .windows: "it is a command for Windows: in the browser, choose Copy as cURL (bash)"
    case .openQuote: "a quotation mark is not closed"
    case .nul: "a word holds a NUL, which no command line can"
    case .option(let name):
      "the option \(name) can't be read here: leave it out, or save the request in another form"
    case .noValue(let option): "the value of \(option) is missing"
    case .url(let count): "expected one URL, found \(count)"
    case .file(let name):
      "the file \(name) is not read: name a file in this file's own folder, without a path"
    }
  }
}

extension [UInt8] {
  /// What follows blank lines and a byte order mark at the start.
  var trimmedStart: ArraySlice<UInt8> {
    let start = self.starts(with: SessionLines.byteOrderMark) ? self[3...] : self[...]
    return start.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
  }
}

/// The lines of a saved file, one after the other; a carriage return before a line's end is a part of that.
struct SavedLines {
  let bytes: [UInt8]
  private(set) var at: Int
  /// The number of the next line, from 1.
  private(set) var number: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    at = bytes.starts(with: SessionLines.byteOrderMark) ? 3 : 0
    number = 1
  }

  /// The next line without its end; nil behind the last one.
  var next: ArraySlice<UInt8>? {
    guard at < bytes.count else { return nil }
    let line = bytes[at..<end]
    return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
  }

  private var end: Int { bytes.newline(from: at) ?? bytes.count }

  mutating func take() {
    at = min(end + 1, bytes.count)
    number += 1
  }

  /// Passes over bytes that are no lines.
  mutating func skip(_ count: Int) { at = min(at + count, bytes.count) }
}
