/// Where a value is in a JSON text: the keys and the places in arrays that lead to it.
struct JSONPath: Sendable {
  enum Step: Sendable {
    /// A key as it was sent, with its quotes.
    case key(ByteString)
    /// A place in an array, from 0.
    case index(Int)
  }

  var steps: [Step] = []

  /// How many steps are written at the start and at the end of a long path.
  private static let (head, tail) = (6, 10)
  /// How many bytes of a key are written.
  private static let keyLimit = 80

  /// The path as jq writes it: `.data.items[3]["a b"]`. The middle of a long one is left out.
  var text: ByteString { text(to: nil) }

  /// The same of a path that has one more step. It takes no longer for a long path: thousands of values may differ at
  /// the end of the same one.
  func text(to last: Step?) -> ByteString {
    let count = steps.count + (last == nil ? 0 : 1)
    guard count > 0 else { return "." }
    let left = count - Self.head - Self.tail
    let (head, tail) = left > 1 ? (Self.head, count - Self.tail) : (count, count)
    var text: [UInt8] = []
    func write(_ places: Range<Int>) {
      for place in places {
        if let step = place < steps.count ? steps[place] : last { Self.write(step, to: &text) }
      }
    }
    write(0..<head)
    if left > 1 { text += Array(" (\(left) more) ".utf8) }
    write(tail..<count)
    return ByteString(text)
  }

  /// The path with nothing left out, for jq to take.
  var whole: ByteString {
    var text: [UInt8] = []
    for step in steps { Self.write(step, to: &text, keyLimit: .max) }
    return text.isEmpty ? "." : ByteString(text)
  }

  private static func write(_ step: Step, to text: inout [UInt8], keyLimit: Int = Self.keyLimit) {
    switch step {
    case .index(let index):
      if text.isEmpty { text.append(UInt8(ascii: ".")) }
      text += Array("[\(index)]".utf8)
    case .key(let quoted):
      let name = quoted.part(1..<max(1, quoted.count - 1))
      guard !isPlain(name, keyLimit) else {
        text.append(UInt8(ascii: "."))
        text += name
        return
      }
      if text.isEmpty { text.append(UInt8(ascii: ".")) }
      text += Array("[".utf8) + Array(cut(quoted, keyLimit)) + Array("]".utf8)
    }
  }

  private static func cut(_ quoted: ByteString, _ keyLimit: Int) -> [UInt8] {
    quoted.count <= keyLimit ? Array(quoted) : Array(quoted.cut(to: keyLimit)) + Array("...\"".utf8)
  }

  /// Whether jq needs no quotes for a name.
  private static func isPlain(_ name: ByteString, _ keyLimit: Int) -> Bool {
    guard let first = name.first, !first.isASCIIDigit, name.count < keyLimit else { return false }
    return name.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") }
  }
}
