import Testing

/// What the program says about itself.
@Suite struct HelpTests {
  @Test("every command explains itself with an example, which can be copied from 80 columns, and exits 0")
  func help() async throws {
    let commands = try await Hooktop.commands()
    #expect(Set(commands).isSuperset(of: ["watch", "demo", "tail", "verify", "send"]))
    var asked = [["--help"], ["help"], ["-h"]] + commands.flatMap { [[$0, "--help"], ["help", $0]] }
    for command in ["parlay", "parable"] {
      let calls = try await Hooktop.commands(of: [command])
      #expect(calls.contains("list"))
      asked += calls.map { [command, $0, "--help"] }
    }
    for arguments in asked {
      let outcome = try await Hooktop.run(arguments)
      #expect(outcome.end == .exit(0))
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.contains(#/Examples?:\n  (PARLAY_SIGNING_SECRET=\S+ )?hooktop/#), "\(arguments)")
      #expect(outcome.output.contains("USAGE: hooktop"))
      #expect(!outcome.output.contains(#/\n  hooktop [^\n]*\n\S/#), "a command is broken: \(arguments)")
    }
  }

  @Test(
    "a wrong word on the command line is said in two short lines, without the usage",
    arguments: [
      ["tail", "--prot", "1"], ["tail", "--port", "x"], ["send", "--count", "0"], ["verify", "a", "b"],
      ["check", "--to", "http://127.0.0.1:9", "--provider", "nobody"],
      ["parlay", "register", "--url", "http://127.0.0.1:9", "--events", ""],
    ])
  func usage(arguments: [String]) async throws {
    let outcome = try await Hooktop.run(arguments)
    #expect(outcome.end == .exit(64))
    #expect(outcome.errors.hasPrefix("Error: ") && !outcome.errors.contains("Usage:"), "\(outcome.errors)")
    let command = arguments.prefix { !$0.hasPrefix("-") && $0 != "a" }.joined(separator: " ")
    #expect(outcome.errors.contains("See 'hooktop \(command) --help'"), "\(outcome.errors)")
  }

  @Test("a command that there is not is wrong, after help too", arguments: [["verfy"], ["help", "verfy"]])
  func unknownCommand(arguments: [String]) async throws {
    let outcome = try await Hooktop.run(arguments)
    #expect(outcome.end == .exit(64))
    #expect(outcome.errors.contains("did you mean verify?") && outcome.errorLines.count == 1)
  }

  @Test("--version prints the version and the commit, alone")
  func version() async throws {
    let outcome = try await Hooktop.run(["--version"])
    #expect(outcome.end == .exit(0))
    let due = #/\d+\.\d+\.\d+ \((commit [0-9A-Za-z-]+|unknown commit)\)\n/#
    #expect(outcome.output.wholeMatch(of: due) != nil)
  }
}
