/// A body in one of the views of the body pane, line by line.
///
/// Lines are counted as shown, folds applied, and there is always at least one. A body that has no pretty
/// view is shown raw, and `fault` says why.
public struct PayloadDocument: Sendable {
  /// The largest body that can be laid out, in bytes: what a 32-bit offset reaches.
  public static let sizeLimit = Int(UInt32.max) - 1

  /// The most that an index of a body may take, in bytes; a body that needs more is shown in a view that needs less.
  ///
  /// An index takes up to fifteen times the body's size, so that the largest body that the receiver takes unless told
  /// otherwise always has room.
  public static let indexLimit = 256 << 20

  private enum View: Sendable {
    case pretty(PrettyPayload)
    case raw(RawPayload)
    case hex(HexPayload)
    case arranged(ArrangedPayload)
  }

  /// The bytes that segments refer to: those that were sent, or what has been made of them to be read.
  public let body: [UInt8]
  /// Why the view asked for could not be made, or `nil` if it is the one shown.
  public let fault: JSONFault?
  private var view: View

  /// Lays `body` out as `mode`, or as near to it as the body allows; reads it once.
  /// - Parameters:
  ///   - hexWidth: how many bytes stand on a line in hexadecimal, 8 or 16.
  ///   - isCancelled: called every few thousand lines; once it returns true, the result is incomplete.
  public init(
    _ body: [UInt8], mode: PayloadMode, hexWidth: Int = 16, isCancelled: () -> Bool = { false }
  ) {
    self.body = body
    do throws(JSONFault) {
      view = try Self.view(of: body, mode, hexWidth, isCancelled)
      fault = nil
    } catch {
      view = Self.plain(body, hexWidth)
      fault = error
    }
  }

  /// Shows a body that can't be laid out as it should be, for this reason.
  public init(_ body: [UInt8], fault: JSONFault, hexWidth: Int = 16) {
    self.body = body
    self.fault = fault
    view = Self.plain(body, hexWidth)
  }

  /// Shows a body that has been written out to be read.
  public init(_ arranged: ArrangedPayload) {
    body = arranged.text
    fault = nil
    view = .arranged(arranged)
  }

  /// The view that nearly every body has.
  private static func plain(_ body: [UInt8], _ hexWidth: Int) -> View {
    (try? .raw(RawPayload(body))) ?? .hex(HexPayload(body, width: hexWidth))
  }

  /// Returns the columns that a line in hexadecimal with so many bytes takes.
  public static func hexColumns(bytes: Int) -> Int { 8 + bytes / 8 * 25 + 2 + bytes }

  private static func view(
    of body: [UInt8], _ mode: PayloadMode, _ hexWidth: Int, _ isCancelled: () -> Bool
  ) throws(JSONFault) -> View {
    switch mode {
    case .pretty: .pretty(try PrettyPayload(body, isCancelled: isCancelled))
    case .raw: .raw(try RawPayload(body))
    case .hex: .hex(HexPayload(body, width: hexWidth))
    }
  }

  /// The view that is shown, which `fault` may have made another than the one asked for.
  public var mode: PayloadMode {
    switch view {
    case .pretty, .arranged: .pretty
    case .raw: .raw
    case .hex: .hex
    }
  }

  /// Whether its nodes can be folded.
  public var folds: Bool { if case .pretty = view { true } else { false } }

  /// What the view takes beside the body, in bytes.
  public var indexBytes: Int {
    switch view {
    case .pretty(let pretty): pretty.indexBytes
    case .raw(let raw): raw.indexBytes
    case .hex: 0
    case .arranged(let arranged): arranged.indexBytes
    }
  }

  /// How many lines are shown.
  public var lineCount: Int {
    switch view {
    case .pretty(let pretty): pretty.lineCount
    case .raw(let raw): raw.lineCount
    case .hex(let hex): hex.lineCount
    case .arranged(let arranged): max(1, arranged.lineCount)
    }
  }

  /// Returns the line shown at `line`, counted from 0; an empty one outside of the view.
  public func line(at line: Int) -> PayloadLine {
    switch view {
    case .pretty(let pretty): pretty.line(at: line)
    case .raw(let raw): raw.line(at: line)
    case .hex(let hex): hex.line(at: line)
    case .arranged(let arranged): arranged.line(at: line)
    }
  }

  /// Returns the line that shows the byte at `offset`: its own, or that of the folded node around it.
  ///
  /// White space between tokens belongs to the line before it. An offset outside of the body gives the
  /// nearest line.
  public func line(containing offset: Int) -> Int {
    switch view {
    case .pretty(let pretty): pretty.line(containing: offset)
    case .raw(let raw): raw.line(containing: offset)
    case .hex(let hex): hex.line(containing: offset)
    case .arranged(let arranged): arranged.line(containing: offset)
    }
  }

  /// Returns the offset of the first byte that `line` shows; an offset in the nearest line outside of the view.
  public func byteOffset(ofLine line: Int) -> Int {
    byteRange(ofLine: line).lowerBound
  }

  /// Returns the bytes from the first one of `line` up to the first one of the next, contents of a fold included.
  public func byteRange(ofLine line: Int) -> Range<Int> {
    let line = max(0, min(line, lineCount - 1))
    return switch view {
    case .pretty(let pretty): pretty.byteRange(ofLine: line)
    case .raw(let raw): raw.byteRange(ofLine: line)
    case .hex(let hex): hex.byteRange(ofLine: line)
    case .arranged(let arranged): arranged.byteRange(ofLine: line)
    }
  }

  /// Returns the byte of the body as it was sent that `line` begins with.
  public func origin(ofLine line: Int) -> Int {
    guard case .arranged(let arranged) = view else { return byteOffset(ofLine: line) }
    return arranged.origin(ofLine: max(0, min(line, lineCount - 1)))
  }

  /// Returns the line that shows the byte at `origin` of the body as it was sent.
  public func line(from origin: Int) -> Int {
    guard case .arranged(let arranged) = view else { return line(containing: origin) }
    return arranged.line(from: origin)
  }

  /// Whether the lines are made of the bytes of the body as they were sent.
  public var showsSentBytes: Bool { if case .arranged = view { false } else { true } }

  /// Folds or opens the node that begins on `line`, else the one that `line` stands in.
  ///
  /// Gives the line where that node is shown afterwards; other views and lines outside change nothing.
  /// - Parameter isCancelled: called every few thousand nodes; once it returns true, the document is incomplete.
  @discardableResult
  public mutating func fold(line: Int, isCancelled: () -> Bool = { false }) -> Int {
    guard 0..<lineCount ~= line else { return line }
    return editPretty { $0.fold(line: line, isCancelled) } ?? line
  }

  /// Folds every node below the outermost one.
  /// - Parameter isCancelled: as for `fold`.
  public mutating func foldAll(isCancelled: () -> Bool = { false }) {
    _ = editPretty { $0.setAll(folded: true, isCancelled) }
  }

  /// Opens every node.
  /// - Parameter isCancelled: as for `fold`.
  public mutating func unfoldAll(isCancelled: () -> Bool = { false }) {
    _ = editPretty { $0.setAll(folded: false, isCancelled) }
  }

  /// Opens the nodes that hide the byte at `offset`; gives the line where it is shown afterwards.
  @discardableResult
  public mutating func reveal(offset: Int) -> Int {
    editPretty { $0.reveal(offset) } ?? line(containing: offset)
  }

  private mutating func editPretty<Result>(_ edit: (inout PrettyPayload) -> Result) -> Result? {
    guard case .pretty(var pretty) = view else { return nil }
    // The stored copy lets go first, so that the edit happens in place.
    view = .hex(HexPayload([]))
    defer { view = .pretty(pretty) }
    return edit(&pretty)
  }
}

/// How the body pane lays a body out.
public enum PayloadMode: String, Sendable, CaseIterable {
  /// JSON, each member and element on a line of its own.
  case pretty
  /// The bytes as sent, split at line feeds.
  case raw
  /// Sixteen or eight bytes a line, in hexadecimal and ASCII.
  case hex
}
