internal import ArgumentParser
internal import OperatingSystem
internal import Webhooks

/// The program: `hooktop` and its commands.
@main
struct Hooktop: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hooktop",
    abstract: "top, for webhooks: receive, verify and watch deliveries in the terminal.",
    discussion: """
      Receives webhook deliveries of Parlay and Parable on http://127.0.0.1:4747, verifies each \
      signature against the bytes on the wire, and shows them live.

      Examples:
        hooktop demo
        PARLAY_SIGNING_SECRET=whsec_... hooktop
        hooktop tail --json --secret parlay=file:secret.txt

      Without a command it is watch: hooktop help watch lists what that takes (--port, --secret, --record, ...).
      """,
    version: "0.1.0",
    subcommands: [Watch.self, Demo.self, Tail.self, Verify.self, Send.self, Open.self],
    defaultSubcommand: Watch.self)

  /// Runs the command of the command line; what goes wrong is said without the secrets on it.
  static func main() {
    StandardStreams.openClosed()
    CryptoLibrary.keepUntilTheEnd()
    _ = UserLocale.charset
    do {
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

  /// Says what is wrong with the options of a command that only its work could find, as for any other option.
  private static func end(with error: ValidationError, of command: any ParsableCommand.Type) -> Never {
    let usage = usageString(for: command)
    let help = "See '\(usage.prefix { $0 != "[" && $0 != "<" })--help' for more information."
    explain("Error: \(error.message)\nUsage: \(usage)\n  \(help)")
    exit(withError: ExitCode.validationFailure)
  }

  /// Does what argument-parser does, but for the secrets.
  private static func end(with error: any Error) -> Never {
    let code = exitCode(for: error)
    let message = fullMessage(for: error)
    if !code.isSuccess, !message.isEmpty {
      explain(message)
      exit(withError: code)
    }
    exit(withError: error)
  }

  private static func explain(_ message: String) {
    Console.explain(SecretMask(arguments: CommandLine.arguments).hiding(in: message))
  }
}

extension Providers {
  /// Those that are known before anything is read: what help can name, and what every command begins with.
  static let atStart = Providers.builtIn
}

/// Runs a command's work with the providers in force, and turns what goes wrong into one line and an exit code.
///
/// - Throws: what argument-parser makes an exit code of: 64 for usage, 1 for any other failure.
func reportingFailures<Result>(_ work: (Providers) throws -> Result) throws -> Result {
  do {
    return try work(.atStart)
  } catch let error as ExitCode {
    throw error
  } catch let error as ValidationError {
    throw error
  } catch {
    Console.say(SecretMask(arguments: CommandLine.arguments).hiding(in: "\(error)"))
    throw ExitCode(1)
  }
}
