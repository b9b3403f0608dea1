internal import ArgumentParser
internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Webhooks

/// The program: `hooktop` and its commands.
@main
struct Hooktop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hooktop",
    abstract: "top, for webhooks: receive, verify and watch deliveries in the terminal.",
    discussion: """
      Receives webhook deliveries from \(Providers.atStart.titles) on http://127.0.0.1:4747, verifies each \
      signature against the bytes on the wire, and shows them live.

      Examples:
        hooktop demo
        PARLAY_SIGNING_SECRET=whsec_... hooktop
        hooktop tail --json --secret parlay=file:secret.txt

      The default command is watch: hooktop help watch lists its options (--port, --secret, --record, ...).

      Exit codes: 0 done; 64 wrong usage; 1 any other failure, with one line that says what to do. verify also exits \
      with 10 missing, 11 malformed, 12 mismatch, 13 stale or 14 unchecked, wait with 15 on time-out, check with 16 if \
      the app is wrong.

      Shell completions:
        hooktop --generate-completion-script bash \\
          > ~/.local/share/bash-completion/completions/hooktop
        hooktop --generate-completion-script zsh \\
          > _hooktop    # in a folder of $fpath
        hooktop --generate-completion-script fish \\
          > ~/.config/fish/completions/hooktop.fish
      """,
    version: Version.words,
    subcommands: [
      Watch.self, Demo.self, Tail.self, Wait.self, Verify.self, Send.self, Open.self, Replay.self,
      Export.self,
      Check.self, SandboxCommand.self, Parlay.self, Parable.self, ProvidersCommand.self, ConfigCommand.self,
      MCP.self,
    ],
    defaultSubcommand: Watch.self)

  /// Runs the command of the command line; what goes wrong is said without the secrets on it.
  static func main() {
    StandardStreams.openClosed()
    CryptoLibrary.keepUntilTheEnd()
    _ = UserLocale.charset
    do {
      // Swift reads them there, and would run the default command without them.
      guard !CommandLine.arguments.isEmpty else { throw CommandName.Unreadable() }
      let arguments = CommandLine.arguments.dropFirst()
      if Array(arguments) == ["--generate-completion-script", "bash"] { return try printBashCompletions() }
      try CommandName.check(arguments, among: commandNames)
      var command = try parseAsRoot()
      do {
        try command.run()
      } catch let error as ValidationError {
        end(with: error, of: type(of: command))
      }
    } catch {
      end(with: error)
    }
  }

  /// Where there is nothing of hooktop's to offer, bash is to offer files, as for any other program.
  private static func printBashCompletions() throws {
    let script = completionScript(for: .bash).replacing(
      "complete -o filenames", with: "complete -o default -o filenames")
    try Console.output(Array((script + "\n").utf8))
  }

  private static var commandNames: [String] {
    configuration.subcommands.map { $0.configuration.commandName ?? $0._commandName } + ["help"]
  }

  /// Says what is wrong with the options of a command that only its work could find, as for any other option.
  private static func end(with error: ValidationError, of command: any ParsableCommand.Type) -> Never {
    // The usage goes on with its arguments and options, some of which it must be given.
    let name = usageString(for: command).prefix { $0 != "[" && $0 != "<" }.split(separator: " ")
      .prefix { !$0.hasPrefix("-") }.joined(separator: " ")
    explain("Error: \(error.message)\nSee '\(name) --help' for more information.")
    exit(withError: ExitCode.validationFailure)
  }

  /// Does what argument-parser does, but for the secrets, and for the usage, which is longer than what is wrong.
  private static func end(with error: any Error) -> Never {
    if let error = error as? CommandName.Unknown {
      explain("Error: \(error)")
      exit(withError: ExitCode.validationFailure)
    }
    if let error = error as? CommandName.Unreadable {
      explain("Error: \(error)")
      exit(withError: ExitCode.failure)
    }
    let code = exitCode(for: error)
    let lines = fullMessage(for: error).split(separator: "\n").filter { !$0.hasPrefix("Usage: ") }
    if !code.isSuccess, !lines.isEmpty {
      explain(lines.map { $0.hasPrefix("  See ") ? $0.dropFirst(2) : $0 }.joined(separator: "\n"))
      exit(withError: code)
    }
    exit(withError: error)
  }

  private static func explain(_ message: String) {
    Console.explain(SecretMask.ofCommandLine.hiding(in: message))
  }
}

extension Providers {
  /// Those that are known before anything is read: what help can name, and what every command begins with.
  static let atStart = Providers.builtIn
}

/// The word on the command line that says which command is meant.
enum CommandName {
  /// A word that is no command's.
  struct Unknown: Error, CustomStringConvertible {
    let word: String
    /// The command that it resembles.
    let nearest: String?

    var description: String {
      "there is no command \(word)" + (nearest.map { "; did you mean \($0)?" } ?? ".")
        + " See 'hooktop --help' for the commands."
    }
  }

  /// The words of the command line are not to be had.
  struct Unreadable: Error, CustomStringConvertible {
    var description: String { "the command line can't be read from /proc/self/cmdline: mount /proc" }
  }

  /// - Throws: `Unknown`, where the first word, or the one after `help`, is no command's.
  static func check(_ arguments: some Sequence<String>, among names: [String]) throws(Unknown) {
    var words = Array(arguments)[...]
    if words.first == "help" { words = words.dropFirst() }
    guard let word = words.first, !word.hasPrefix("-"), !names.contains(word) else { return }
    throw Unknown(word: word, nearest: EditDistance.nearest(to: word, among: names))
  }
}

/// Runs a command's work with the providers in force, and turns what goes wrong into one line and an exit code.
///
/// Where nobody reads the output any more it dies of that, whatever the command.
///
/// - Throws: what argument-parser makes an exit code of: 64 for usage, 1 for any other failure.
func reportingFailures<Result>(_ work: (Providers) throws -> Result) throws -> Result {
  try reportingFailures(reading: .nothing) { try work($0.providers) }
}

/// The same, with what the configuration file says.
func reportingFailures<Result>(
  reading options: ConfigurationOptions, _ work: (Setup) throws -> Result
) throws -> Result {
  do {
    return try work(Setup(options))
  } catch OutputError.nobodyReads {
    // As cat, curl and jq end, and as this does by itself where nothing has the signal ignored, which sockets do: a shell
    // with pipefail must see that not all was done.
    EndingSignals.die(by: SIGPIPE)
  } catch let error as ExitCode {
    throw error
  } catch let error as ValidationError {
    throw error
  } catch {
    Console.say(SecretMask.ofCommandLine.hiding(in: "\(error)"))
    throw ExitCode(1)
  }
}
