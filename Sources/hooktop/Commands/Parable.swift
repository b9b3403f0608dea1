internal import ArgumentParser
internal import JSON
internal import Sender
internal import Webhooks

/// `hooktop parable`: Parable's own API, for what a push has missed and for what has changed since.
struct Parable: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read captures from Parable's API.",
    discussion: """
      The API's address comes from --api-url or PARABLE_API_URL, the key from PARABLE_API_KEY or --key-file. \
      There is no default address: hooktop sandbox starts a stand-in on this machine, and prints a key for it.

      Examples:
        hooktop parable list
        hooktop parable capture cap_123 --json | jq .speakers
      """,
    subcommands: [ListCaptures.self, ShowCapture.self])
}

extension Parable {
  struct ListCaptures: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List a page of captures, newest last.",
      discussion: """
        The cursor of the next page is printed on standard error, or is next_cursor with --json.

        Examples:
          hooktop parable list
          hooktop parable list --cursor 50
        """)

    @Option(help: "List the next page, after the cursor that the previous page ended with.")
    var cursor: String?

    @OptionGroup var api: APIOptions

    func run() throws {
      try reportingFailures { _ in
        let run = try APIRun(api, for: .parable)
        let call = APICall.listCaptures(after: cursor)
        let document = try run.document(call)
        guard !run.json else { return try run.output(document.compact) }
        let captures = try run.items(of: document, after: call)
        for capture in captures { try run.print(Self.line(capture)) }
        if captures.isEmpty { Console.say("no captures\(cursor == nil ? "" : " after this cursor")") }
        if document["has_more"]?.bool != false, let next = document["next_cursor"], !next.isNull {
          let cursor = next.words
          // It is to be copied into a shell.
          let isPlain = !cursor.isEmpty && APIID(cursor) != nil
          Console.say(
            isPlain
              ? "for the next page, use --cursor \(cursor.text)" : "there are more: --json shows next_cursor")
        }
      }
    }

    private static func line(_ capture: APIDocument) -> String {
      ["id", "started_at", "title"].compactMap { capture[$0]?.words.text }.joined(separator: "  ")
    }
  }

  struct ShowCapture: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "capture", abstract: "Show a capture as it is now, which may differ from what was pushed.",
      discussion: """
        Examples:
          hooktop parable capture cap_123
          hooktop parable capture cap_123 --json > now.json
        """)

    @Argument(help: "The capture's id.") var id: IDArgument
    @OptionGroup var api: APIOptions

    func run() throws {
      try reportingFailures { _ in
        let run = try APIRun(api, for: .parable)
        let document = try run.document(.showCapture(id.id))
        try run.output(run.json ? document.compact : document.indented)
      }
    }
  }
}
