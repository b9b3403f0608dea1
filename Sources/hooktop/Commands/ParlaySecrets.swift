internal import ArgumentParser
internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Sender
internal import Webhooks

extension Parlay {
  struct Register: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Register a webhook, and print its signing secret, which is shown only once.",
      discussion: """
        Examples:
          hooktop parlay register --url https://example.test/hook \\
            --events analysis.failed
          hooktop parlay register --url http://127.0.0.1:4747 \\
            --events webhook.test --save
        """)

    @Option(help: ArgumentHelp("Where the events are sent, http or https.", valueName: "url"))
    var url: String

    @Option(
      help: ArgumentHelp("The event types to send, separated by commas.", valueName: "types"),
      completion: .list(Provider.parlay.events))
    var events: String

    @Option(help: "What the webhook is called.")
    var name = "hooktop"

    @OptionGroup var saving: SaveOption
    @OptionGroup var api: APIOptions

    private var types: [String] {
      events.split(separator: ",").map { String($0.trimmed { $0 == " " }) }.filter { !$0.isEmpty }
    }

    func validate() throws {
      _ = try AppURL.option("--url", url)
      guard !types.isEmpty else {
        throw ValidationError("--events takes event types, such as analysis.completed,analysis.failed.")
      }
    }

    func run() throws {
      try reportingFailures { _ in
        try SecretRun(api, saving).run(.registerWebhook(url: url, name: name, events: types))
      }
    }
  }

  struct Rotate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a new signing secret for a webhook, and print it; the old one stops at once.",
      discussion: """
        With --save, a running hooktop watch uses the new secret as soon as it is saved, and explains deliveries that \
        were signed before the rotation.

        Example:
          hooktop parlay rotate wh_2k4xJzaB --save
        """)

    @Argument(help: "The webhook's id.") var id: IDArgument
    @OptionGroup var saving: SaveOption
    @OptionGroup var api: APIOptions

    func run() throws {
      try reportingFailures { _ in try SecretRun(api, saving).run(.rotateWebhook(id.id), id: id.id) }
    }
  }

  /// Whether a new secret goes to a file.
  struct SaveOption: ParsableArguments {
    @Flag(
      help:
        "Save the secret in $XDG_STATE_HOME/hooktop/secrets, where watch finds it, instead of printing it.")
    var save = false
  }
}

/// Has a signing secret made, and sees to it that it is not lost: it is saved, or else printed.
private struct SecretRun {
  private let run: APIRun
  private let saved: SavedSecrets?
  /// From when it is made, a signal must not end hooktop before it is saved or printed.
  private let signals: EndingSignals

  init(_ api: APIOptions, _ saving: Parlay.SaveOption) throws {
    run = try APIRun(api, for: .parlay)
    saved = saving.save ? try .ofUser() : nil
    // What can't be saved must not be made.
    try saved?.prepare()
    signals = try EndingSignals()
  }

  /// - Throws: the exit code 1 where the secret was to be saved, and is printed instead.
  func run(_ call: APICall, id: APIID? = nil) throws {
    let (made, path): (MadeSecret, Result<String?, SavedSecretError>)
    do {
      (made, path) = try make(call, id)
    } catch let stop as StoppedBySignal {
      // Here the secret is locked no more.
      Console.say(stop.words)
      EndingSignals.die(by: stop.signal)
    }
    switch path {
    case .success(let path): try print(made, path)
    case .failure(let error):
      Console.say("\(error)")
      try print(made, nil)
      throw ExitCode(1)
    }
    if let signal = signals.received { EndingSignals.die(by: signal) }
  }

  /// Has it made and saves it, while nobody else does that.
  private func make(
    _ call: APICall, _ id: APIID?
  ) throws -> (MadeSecret, path: Result<String?, SavedSecretError>) {
    let lock = try id.flatMap { try waitForLock(of: $0) }
    return try withExtendedLifetime(lock) {
      let response = try run.perform(call, unless: signals) { Self.wordsOnStopping(id, mayBeDone: $0) }
      let made = try MadeSecret(response, of: call, known: id)
      do throws(SavedSecretError) {
        guard let saved else { return (made, .success(nil)) }
        return (made, .success(try Self.save(made, in: saved)))
      } catch {
        return (made, .failure(error))
      }
    }
  }

  /// Waits until nobody else rotates the secret, or a signal ends that.
  private func waitForLock(of id: APIID) throws -> SavedSecretLock? {
    while let saved {
      do throws(SavedSecretError) { return try saved.lock(of: .parlay, id) } catch .busy {}
      try signals.check { Self.wordsOnStopping(id, mayBeDone: false) }
      var waiting = pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)
      poll(&waiting, 1, 50)
    }
    return nil
  }

  /// - Parameter mayBeDone: whether the API may have made the secret.
  private static func wordsOnStopping(_ id: APIID?, mayBeDone: Bool) -> String {
    switch (id, mayBeDone) {
    case (let id?, false): "stopped before anything was done: \(id) keeps its signing secret"
    case (let id?, true):
      "stopped before the answer came: \(id) may have a new signing secret that nobody has seen, and the old one may be dead: run hooktop parlay rotate \(id) again"
    case (nil, false): "stopped before anything was done: no webhook is registered"
    case (nil, true):
      "stopped before the answer came: a webhook may be registered whose signing secret nobody has seen: look for it with hooktop parlay list, and rotate or delete it"
    }
  }

  private static func save(_ made: MadeSecret, in saved: SavedSecrets) throws(SavedSecretError) -> String {
    guard let id = made.id else { throw .noID }
    return try saved.save(made.secret, of: .parlay, id)
  }

  /// Prints what was made: the secret itself where it is in no file.
  private func print(_ made: MadeSecret, _ path: String?) throws {
    do {
      if run.json {
        let line = made.document.compact(
          without: path == nil ? [] : ["signing_secret"], adding: [("saved_to", path)])
        return try run.output(line)
      }
      let others = made.document.members.filter { !$0.name.elementsEqual("signing_secret".utf8) }
      try run.print(others.map { ($0.name.text, $0.value.words.text) })
      if let path { return try run.print([("secret saved to", path)]) }
      try run.output(Array("signing_secret  ".utf8) + Self.printable(made))
    } catch let error as OutputError {
      // Nobody shows it again: better on standard error than nowhere.
      if path == nil {
        Console.say("the signing secret: \(String(decoding: Self.printable(made), as: UTF8.self))")
      }
      throw error
    }
    Console.say(
      "the secret is shown only once: keep it, or use --save, which puts it where hooktop watch finds it")
    if let old = made.id.flatMap({ try? SavedSecrets.ofUser().file(of: .parlay, $0) }) {
      Console.say(
        "\(old) still holds the secret from before: put the new one into it, or rotate again with --save")
    }
  }

  /// The secret as it is; one that could drive a terminal as the JSON string that has come.
  private static func printable(_ made: MadeSecret) -> [UInt8] {
    let bytes = Array(made.secret.utf8)
    guard !bytes.allSatisfy({ (0x21..<0x7F).contains($0) }) else { return bytes }
    return made.document["signing_secret"]?.compact ?? JSONText.string(bytes)
  }
}
