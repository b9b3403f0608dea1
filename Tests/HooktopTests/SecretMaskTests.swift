import Testing

@testable import hooktop

struct SecretMaskTests {
  /// A command line, a message that quotes it, and the message as it may be shown.
  struct Case: Sendable {
    let arguments: [String]
    let message: String
    let shown: String

    init(_ arguments: String..., message: String, shown: String) {
      (self.arguments, self.message, self.shown) = (arguments, message, shown)
    }
  }

  private static func mask(_ sample: Case) -> SecretMask {
    SecretMask(arguments: sample.arguments, prefixes: ["whsec_", "sk-hook-"])
  }

  @Test(
    "what may be a secret on the command line is not repeated",
    arguments: [
      Case(
        "watch", "parlay=hunter2", message: "Unexpected argument 'parlay=hunter2'",
        shown: "Unexpected argument 'parlay=...'"),
      Case(
        "send", "parlay=hunter2", message: "no sample of parlay=hunter2: x",
        shown: "no sample of parlay=...: x"),
      Case(
        "--secret", "parlay", "hunter2", message: "2 unexpected arguments: 'parlay', 'hunter2'",
        shown: "2 unexpected arguments: '...', '...'"),
      Case(
        "--port", "whsec_ab", message: "The value 'whsec_ab' is invalid", shown: "The value '...' is invalid"),
      Case("--secret=hunter2", message: "quoting 'hunter2'", shown: "quoting '...'"),
      Case("tail", "-s", "hunter2", message: "but 'hunter2' was", shown: "but '...' was"),
      Case("--json=parlay=hunter2", message: "but 'parlay=hunter2' was", shown: "but 'parlay=...' was"),
      Case(
        "--secret", "parlay=file:whsec_ab", message: "whsec_ab can't be opened",
        shown: "whsec_... can't be opened"),
      Case(
        "parlay", "list", "pk_sandbox_hunter2", message: "Unexpected argument 'pk_sandbox_hunter2'",
        shown: "Unexpected argument 'pk_...'"),
      Case(
        "--secret", "acme=env:sk-hook-1", message: "sk-hook-1 and 'sk-hook-2', sk-hook- too",
        shown: "sk-hook-... and 'sk-hook-...', sk-hook- too"),
      Case("a=secret", "a=secret-and-more", message: "'a=secret-and-more'", shown: "'a=...'"),
    ])
  func hidden(_ sample: Case) {
    #expect(Self.mask(sample).hiding(in: sample.message) == sample.shown)
  }

  @Test(
    "what is no secret stays",
    arguments: [
      Case("bogus", message: "Unexpected argument 'bogus'", shown: "Unexpected argument 'bogus'"),
      Case("--secret", "e", message: "There is one 'event'", shown: "There is one 'event'"),
      Case(
        "--secret", "a", "--count", "x", message: "The value 'x' is invalid",
        shown: "The value 'x' is invalid"),
      Case("=", "--secret=", message: "x = y ''", shown: "x = y ''"),
    ])
  func shown(_ sample: Case) {
    #expect(Self.mask(sample).hiding(in: sample.message) == sample.shown)
  }
}
