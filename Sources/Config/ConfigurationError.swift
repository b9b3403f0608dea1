internal import JSON

/// A place in a file, both counted from 1; columns in Unicode scalars.
public struct Place: Sendable, Hashable {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// A value, and where it stands in the file.
public struct Placed<Value> {
  public let value: Value
  public let place: Place

  public init(_ value: Value, _ place: Place) {
    self.value = value
    self.place = place
  }
}

extension Placed: Sendable where Value: Sendable {}

/// Why a configuration file can't be used.
public struct ConfigurationError: Error, Equatable {
  public enum Fault: Sendable, Equatable {
    /// More bytes than are read.
    case tooLarge
    case notUTF8
    case control(UInt8)
    case tab
    case tooDeep
    /// More values than a configuration has, once its aliases stand for what they name.
    case tooMany
    case aliasInKey
    /// What libyaml says.
    case syntax(String)
    case unknownKey(String, nearest: String?, known: [String])
    case repeatedKey(String)
    /// A key that has to be there.
    case missing(String)
    /// What was found, and what is expected.
    case unexpected(String, expected: String)
    /// In words of its own.
    case other(String)
  }

  /// nil: the file as a whole.
  public let place: Place?
  public let fault: Fault

  public init(_ fault: Fault, at place: Place?) {
    self.fault = fault
    self.place = place
  }

  /// The error in one line that begins with where it is: `hooktop.yaml:3:7: …`. It may quote the file.
  public func line(file: String) -> String {
    "\(file):" + (place.map { "\($0.line):\($0.column):" } ?? "") + " \(fault)"
  }
}

extension ConfigurationError.Fault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLarge:
      "larger than \(YAMLDocument.sizeLimit >> 10) KiB, so it is not a configuration file: name another"
    case .notUTF8: "found a byte that is not UTF-8: save the file as UTF-8"
    case .control(let byte):
      "found the control character \(Hex.text([byte])): remove it, or write it as \\x\(Hex.text([byte])) in double quotes"
    case .tab: "found a tab, which YAML does not take here: indent with spaces"
    case .tooDeep: "found values nested more than \(YAMLDocument.depthLimit) deep: a configuration is flatter"
    case .tooMany:
      "found more than \(YAMLDocument.nodeLimit) values, with what the aliases stand for: write fewer"
    case .aliasInKey: "found an alias or a list as a key: write the key out"
    case .syntax(let problem): "not YAML: \(problem)"
    case .unknownKey(let key, let nearest?, _):
      "found \(Self.cut(key)), which is not a key: did you mean \(nearest)?"
    case .unknownKey(let key, nil, let known):
      "found \(Self.cut(key)), which is not a key here: expected \(Self.list(known))"
    case .repeatedKey(let key): "found \(Self.cut(key)), which is given twice: leave one"
    case .missing(let key): "expected the key \(key), which is missing"
    case .unexpected(let found, let expected): "found \(Self.cut(found)), expected \(expected)"
    case .other(let words): words
    }
  }

  private static func list(_ words: [String]) -> String {
    guard words.count > 1, let last = words.last else { return words.joined() }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  /// What was found, on one line that stays readable.
  private static func cut(_ text: String) -> String {
    let line = String(text.prefix(60).map { $0.isNewline ? " " : $0 })
    return text.count > 60 ? line + "…" : line
  }
}
