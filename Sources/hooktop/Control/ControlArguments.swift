internal import JSON
internal import Monitor
internal import Diagnosis
internal import Webhooks

/// What a tool is called with, read with words for what is wrong.
struct ControlArguments {
  /// The longest filter, in bytes.
  private static let longestFilter = 4096

  private let members: JSONObject?

  /// - Parameter known: the names that there are.
  /// - Throws: `ToolFailure`, where it is no object, or names something else.
  init(_ value: JSONValue?, known: [String]) throws(ToolFailure) {
    guard let value, !value.isNull else {
      members = nil
      return
    }
    guard let members = value.members, let object = value.object else {
      throw ToolFailure("arguments must be a JSON object")
    }
    for member in members where !known.contains(where: { $0.utf8.elementsEqual(member.name) }) {
      let names = known.isEmpty ? "none" : known.joined(separator: ", ")
      throw ToolFailure("there is no such argument; this tool takes \(names)")
    }
    self.members = object
  }

  private func value(_ name: String) -> JSONValue? {
    members?[name].flatMap { $0.isNull ? nil : $0 }
  }

  func integer(_ name: String, _ range: ClosedRange<Int>) throws(ToolFailure) -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = value.integer.flatMap({ Int(exactly: $0) }), range.contains(number) else {
      throw ToolFailure("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The number of a delivery.
  func sequence(_ name: String) throws(ToolFailure) -> UInt64? {
    try integer(name, 0...Int.max).map(UInt64.init)
  }

  func seconds(_ name: String, upTo limit: Double) throws(ToolFailure) -> Double? {
    guard let value = value(name) else { return nil }
    guard let number = Double(String(decoding: value.raw.prefix(40), as: UTF8.self)),
      (0...limit).contains(number)
    else { throw ToolFailure("\(name) must be a number of seconds from 0 to \(Int(limit))") }
    return number
  }

  func text(_ name: String, upTo limit: Int = 4096) throws(ToolFailure) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.text, text.count <= limit else {
      throw ToolFailure("\(name) must be a string of at most \(limit) bytes")
    }
    return text.text
  }

  /// The filter; nil if it is not given.
  func filter(_ providers: Providers) throws(ToolFailure) -> Filter? {
    guard let text = try text("filter", upTo: Self.longestFilter) else { return nil }
    do throws(FilterError) {
      return try Filter(text, providers: providers, causes: Cause.all.map(\.id.rawValue), zone: .local)
    } catch {
      throw ToolFailure("filter, column \(error.column + 1): \(error)")
    }
  }
}

/// Why a tool did not do what it was asked to, in a sentence of hooktop's own.
struct ToolFailure: Error, Equatable {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}
