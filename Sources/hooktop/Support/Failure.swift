internal import ArgumentParser

/// Runs a command's work and turns what goes wrong into one line and an exit code.
///
/// - Throws: what argument-parser makes an exit code of: 64 for usage, 1 for any other failure.
func reportingFailures<Result>(_ work: () throws -> Result) throws -> Result {
  do {
    return try work()
  } catch let error as ExitCode {
    throw error
  } catch let error as ValidationError {
    throw error
  } catch {
    Console.say(SecretMask(arguments: CommandLine.arguments).hiding(in: "\(error)"))
    throw ExitCode(1)
  }
}
