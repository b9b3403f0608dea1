/// The values of a map by their keys; each key that is asked for is noted.
struct KeyedNode<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let entries: [ConfigurationNode.Entry]
  let codingPath: [any CodingKey]
  let place: Place
  let log: KeyLog

  var allKeys: [Key] { entries.compactMap { Key(stringValue: $0.key) } }

  func contains(_ key: Key) -> Bool {
    log.ask(key.stringValue, at: place)
    return entries.contains { $0.key == key.stringValue }
  }

  private func decoder(_ key: Key) throws -> NodeDecoder {
    guard contains(key), let entry = entries.first(where: { $0.key == key.stringValue }) else {
      throw DecodingError.keyNotFound(
        key, DecodingError.Context(codingPath: codingPath, debugDescription: "missing"))
    }
    return NodeDecoder(entry.value, codingPath + [key], log)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try decoder(key).decode(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { try decoder(key).container(keyedBy: type) }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }
  func superDecoder() throws -> any Decoder { throw unsupported }
  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

  private var unsupported: DecodingError {
    .dataCorrupted(
      DecodingError.Context(codingPath: codingPath, debugDescription: "nothing is inherited here"))
  }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder(key).decode(type) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try decoder(key).decode(type) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try decoder(key).decode(type) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try decoder(key).decode(type) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder(key).decode(type) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder(key).decode(type) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder(key).decode(type) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder(key).decode(type) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder(key).decode(type) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try decoder(key).decode(type) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder(key).decode(type) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try decoder(key).decode(type) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try decoder(key).decode(type) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try decoder(key).decode(type) }
}

/// The values of a list, one after the other.
struct NodeList: UnkeyedDecodingContainer {
  let nodes: [ConfigurationNode]
  let codingPath: [any CodingKey]
  let log: KeyLog
  private(set) var currentIndex = 0

  init(nodes: [ConfigurationNode], codingPath: [any CodingKey], log: KeyLog) {
    (self.nodes, self.codingPath, self.log) = (nodes, codingPath, log)
  }

  var count: Int? { nodes.count }
  var isAtEnd: Bool { currentIndex == nodes.count }

  private struct Index: CodingKey {
    let intValue: Int?
    var stringValue: String { intValue.map(String.init) ?? "" }
    init(intValue: Int) { self.intValue = intValue }
    init?(stringValue: String) { nil }
  }

  /// The next one's decoder; it counts as read once it could be decoded.
  private var next: NodeDecoder {
    get throws {
      let path = codingPath + [Index(intValue: currentIndex)]
      guard !isAtEnd else {
        throw DecodingError.valueNotFound(
          NodeDecoder.self,
          DecodingError.Context(codingPath: path, debugDescription: "expected one more value"))
      }
      return NodeDecoder(nodes[currentIndex], path, log)
    }
  }

  private mutating func read<Value>(_ read: (NodeDecoder) throws -> Value) throws -> Value {
    let value = try read(next)
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    let isNil = try next.decodeNil()
    if isNil { currentIndex += 1 }
    return isNil
  }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try read { try $0.decode(type) }
  }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try read { try $0.container(keyedBy: type) } }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try read { try $0.unkeyedContainer() }
  }
  mutating func superDecoder() throws -> any Decoder { try read { $0 } }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try read { try $0.decode(type) } }
  mutating func decode(_ type: String.Type) throws -> String { try read { try $0.decode(type) } }
  mutating func decode(_ type: Double.Type) throws -> Double { try read { try $0.decode(type) } }
  mutating func decode(_ type: Float.Type) throws -> Float { try read { try $0.decode(type) } }
  mutating func decode(_ type: Int.Type) throws -> Int { try read { try $0.decode(type) } }
  mutating func decode(_ type: Int8.Type) throws -> Int8 { try read { try $0.decode(type) } }
  mutating func decode(_ type: Int16.Type) throws -> Int16 { try read { try $0.decode(type) } }
  mutating func decode(_ type: Int32.Type) throws -> Int32 { try read { try $0.decode(type) } }
  mutating func decode(_ type: Int64.Type) throws -> Int64 { try read { try $0.decode(type) } }
  mutating func decode(_ type: UInt.Type) throws -> UInt { try read { try $0.decode(type) } }
  mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try read { try $0.decode(type) } }
  mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try read { try $0.decode(type) } }
  mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try read { try $0.decode(type) } }
  mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try read { try $0.decode(type) } }
}

extension NodeDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { node.content == .nothing }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

  func decode(_ type: String.Type) throws -> String {
    guard case .text(let text) = node.content else { throw mismatch(type, "a text") }
    return text
  }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard let flag = try? node.flag() else { throw mismatch(type, "true or false") }
    return flag
  }

  private func number<Value: LosslessStringConvertible>(_ type: Value.Type) throws -> Value {
    guard case .text(let text) = node.content, let number = Value(text) else {
      throw mismatch(type, "a number")
    }
    return number
  }

  func decode(_ type: Double.Type) throws -> Double { try number(type) }
  func decode(_ type: Float.Type) throws -> Float { try number(type) }
  func decode(_ type: Int.Type) throws -> Int { try number(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try number(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try number(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try number(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try number(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try number(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try number(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try number(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try number(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try number(type) }
}
