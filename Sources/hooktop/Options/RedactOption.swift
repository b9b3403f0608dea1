internal import ArgumentParser
internal import JSON
internal import Webhooks

/// The option that hides values in what is recorded, printed or exported.
struct RedactOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Hide the values at this path of JSON bodies, such as '$.data.email' or '$..phone'. Repeatable. Bodies that are not JSON are hidden as a whole.",
      valueName: "path"))
  var redact: [String] = []

  func validate() throws { _ = try redaction }

  /// What is to be hidden.
  var redaction: Redaction {
    get throws {
      Redaction(
        try redact.map { try Self.path($0) })
    }
  }

  /// What is to be hidden, by the configuration file where the command line names no path.
  func redaction(beside file: ConfigurationFile?) throws -> Redaction {
    guard redact.isEmpty, let file else { return try redaction }
    return try file.redaction
  }

  /// - Throws: `ValidationError`, with the column.
  static func path(_ text: String) throws -> JSONMask.Path {
    do throws(JSONMask.Path.Fault) {
      return try JSONMask.Path(text)
    } catch {
      throw ValidationError("--redact '\(text)', column \(error.column): expected \(error.due).")
    }
  }
}
