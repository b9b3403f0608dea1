import Testing

/// What the program says about itself.
@Suite struct HelpTests {
  @Test("every command explains itself with an example and exits 0")
  func help() async throws {
    let commands = try await Hooktop.commands()
    #expect(Set(commands).isSuperset(of: ["watch", "demo", "tail", "verify", "send"]))
    for arguments in [["--help"], ["help"], ["-h"]] + commands.flatMap({ [[$0, "--help"], ["help", $0]] }) {
      let outcome = try await Hooktop.run(arguments)
      #expect(outcome.end == .exit(0))
      #expect(outcome.errors.isEmpty)
      #expect(outcome.output.contains(#/Examples?:\n  (PARLAY_SIGNING_SECRET=\S+ )?hooktop/#), "\(arguments)")
      #expect(outcome.output.contains("USAGE: hooktop"))
    }
  }

  @Test("--version prints the version alone")
  func version() async throws {
    let outcome = try await Hooktop.run(["--version"])
    #expect(outcome.end == .exit(0))
    #expect(outcome.output.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
  }
}
