public import Webhooks

// Tests are about the senders that hooktop comes with, unless they say otherwise.

extension Envelope {
  public init(reading request: Request) { self.init(reading: request, providers: .documented) }
}

extension Filter {
  public init(_ expression: String) throws(FilterError) { try self.init(expression, providers: .documented) }

  public init(_ expression: String, providers: Providers, causes: [String] = []) throws(FilterError) {
    try self.init(expression, providers: providers, causes: causes, zone: .utc)
  }
}

extension AnswerRule {
  public init(_ text: String, providers: Providers) throws(AnswerRuleError) {
    try self.init(text, providers: providers, zone: .utc)
  }
}

extension SessionReader {
  public init(limit: Int = SessionReader.defaultLimit) { self.init(providers: .documented, limit: limit) }
}

extension SessionRecord {
  public init(line: [UInt8]) throws(SessionError) { try self.init(line: line, providers: .documented) }
}
