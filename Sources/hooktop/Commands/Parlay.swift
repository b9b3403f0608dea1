internal import ArgumentParser
internal import JSON
internal import Sender
internal import Webhooks

/// `hooktop parlay`: Parlay's own API, from the registration of a webhook to its end.
struct Parlay: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Register and manage webhooks with Parlay's API.",
    discussion: """
      The API's address comes from --api-url or PARLAY_API_URL, the key from PARLAY_API_KEY or --key-file. \
      There is no default address: hooktop sandbox starts a stand-in on this machine, and prints a key for it.

      A call that can't be answered now (429, 5xx, no connection) is tried again three times, with the same \
      Idempotency-Key, so that it is carried out once.

      Examples:
        hooktop parlay register --url https://example.test/hook --events webhook.test
        hooktop parlay test wh_2k4xJzaB
        hooktop parlay rotate wh_2k4xJzaB --save
        PARLAY_API_URL=http://127.0.0.1:4800 hooktop parlay list
      """,
    subcommands: [
      ListWebhooks.self, Register.self, ShowWebhook.self, TestWebhook.self, Rotate.self, Pause.self,
      Resume.self,
      DeleteWebhook.self,
    ])
}

extension Parlay {
  struct ListWebhooks: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the webhooks, one a line.",
      discussion: """
        Not in Parlay's documentation: works with hooktop sandbox, elsewhere only with --undocumented.

        Example:
          hooktop parlay list --json
        """)

    @OptionGroup var api: APIOptions
    @OptionGroup var permission: UndocumentedOption

    func run() throws {
      try reportingFailures { _ in
        let run = try APIRun(api, for: .parlay)
        try permission.check(.listWebhooks, at: run.access)
        let document = try run.document(.listWebhooks)
        guard !run.json else { return try run.output(document.compact) }
        let webhooks = try run.items(of: document, after: .listWebhooks)
        for webhook in webhooks { try run.print(Self.line(webhook)) }
        if webhooks.isEmpty { Console.say("no webhooks: hooktop parlay register makes one") }
      }
    }

    private static func line(_ webhook: APIDocument) -> String {
      let state = webhook["paused"]?.bool.map { $0 ? "paused" : "active" }
      let words =
        [webhook["id"]?.words.text, state] + ["url", "enabled_events"].map { webhook[$0]?.words.text }
      return words.map { $0 ?? "-" }.joined(separator: "  ")
    }
  }

  struct ShowWebhook: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show a webhook: its URL, events and state.",
      discussion: """
        Not in Parlay's documentation: works with hooktop sandbox, elsewhere only with --undocumented.

        Example:
          hooktop parlay show wh_2k4xJzaB
        """)

    @Argument(help: "The webhook's id.") var id: IDArgument
    @OptionGroup var api: APIOptions
    @OptionGroup var permission: UndocumentedOption

    func run() throws {
      try reportingFailures { _ in
        let run = try APIRun(api, for: .parlay)
        let call = APICall.showWebhook(id.id)
        try permission.check(call, at: run.access)
        let document = try run.document(call)
        guard !run.json, !document.members.isEmpty else { return try run.output(document.compact) }
        try run.print(Self.rows(document))
      }
    }

    /// Names and values; each of the last deliveries has a row of its own.
    private static func rows(_ webhook: APIDocument) -> [(String, String)] {
      webhook.members.flatMap { member -> [(String, String)] in
        let (name, value) = (member.name.text, member.value)
        guard member.name.elementsEqual("last_deliveries".utf8), let deliveries = value.items,
          !deliveries.isEmpty
        else {
          return [(name, value.words.text)]
        }
        return deliveries.enumerated().map { ($0 == 0 ? name : "", delivery($1)) }
      }
    }

    /// `2026-11-29T18:00:28.121661+00:00  webhook.test  attempt 1  500  next 2026-11-29T18:00:28.227193+00:00`.
    private static func delivery(_ record: APIDocument) -> String {
      func words(_ name: String, _ title: String = "") -> String? {
        record[name].flatMap { $0.isNull ? nil : title + $0.words.text }
      }
      let isGivenUp = record["given_up"]?.bool == true
      let parts = [
        words("at"), words("event"), words("attempt", "attempt "), words("status") ?? words("error"),
        words("next_attempt_at", "next "), isGivenUp ? "given up" : nil,
      ]
      return parts.compactMap { $0 }.joined(separator: "  ")
    }
  }

  /// The webhook that a command has something done with, and the API that does it.
  struct WebhookOptions: ParsableArguments {
    @Argument(help: "The webhook's id.") var id: IDArgument
    @OptionGroup var api: APIOptions

    /// Makes a call about the webhook, and says what it has done.
    func act(_ call: (APIID) -> (APICall, saying: String)) throws {
      try reportingFailures { _ in
        let (call, words) = call(id.id)
        try APIRun(api, for: .parlay).act(call, saying: words)
      }
    }
  }

  struct TestWebhook: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "test", abstract: "Have Parlay send a webhook.test to the webhook's URL.",
      discussion: """
        Example:
          hooktop parlay test wh_2k4xJzaB
        """)

    @OptionGroup var webhook: WebhookOptions

    func run() throws {
      try webhook.act { (.testWebhook($0), "Parlay sends webhook.test to \($0)") }
    }
  }

  struct Pause: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Pause a webhook: events are queued for up to 24 hours, then dropped.",
      discussion: """
        Example:
          hooktop parlay pause wh_2k4xJzaB
        """)

    @OptionGroup var webhook: WebhookOptions

    func run() throws {
      try webhook.act { (.pauseWebhook($0, true), "\($0) is paused: events are queued for up to 24 hours") }
    }
  }

  struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Resume a paused webhook: what was queued is sent.",
      discussion: """
        Example:
          hooktop parlay resume wh_2k4xJzaB
        """)

    @OptionGroup var webhook: WebhookOptions

    func run() throws {
      try webhook.act { (.pauseWebhook($0, false), "\($0) is active: what was queued is sent now") }
    }
  }

  struct DeleteWebhook: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "delete", abstract: "Delete a webhook.",
      discussion: """
        Not in Parlay's documentation: works with hooktop sandbox, elsewhere only with --undocumented.

        Example:
          hooktop parlay delete wh_2k4xJzaB
        """)

    @Argument(help: "The webhook's id.") var id: IDArgument
    @OptionGroup var api: APIOptions
    @OptionGroup var permission: UndocumentedOption

    func run() throws {
      try reportingFailures { _ in
        let run = try APIRun(api, for: .parlay)
        try permission.check(.deleteWebhook(id.id), at: run.access)
        try run.act(.deleteWebhook(id.id), saying: "\(id.id) is deleted")
        if let file = try? SavedSecrets.ofUser().file(of: .parlay, id.id) {
          Console.say("\(file) still holds its secret: remove it once no delivery is on its way")
        }
      }
    }
  }
}
