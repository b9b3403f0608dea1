internal import ArgumentParser
internal import Config
internal import JSON
internal import Screen
internal import Webhooks

/// `hooktop config`: what is in force, and where each value was given.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show the configuration in force, and where each value comes from.",
    discussion: """
      The command line overrides the environment, which overrides the file. The file is hooktop.yaml in the working \
      folder, otherwise hooktop/config.yaml in $XDG_CONFIG_HOME or ~/.config, or the one that --config names. Pass the \
      options that you would pass to watch to see their effect. Secrets are shown as the first digits of their SHA-256.

      Examples:
        hooktop config
        hooktop config --keep 500 --json
        hooktop config --example > hooktop.yaml
      """)

  @Flag(help: "Print a configuration file with every key, explained by comments.")
  var example = false

  @Flag(help: "Print a line of JSON for each value.")
  var json = false

  @OptionGroup var options: ReceiverOptions

  func run() throws {
    if example { return try reportingFailures { _ in try Console.output(Array(Configuration.example.utf8)) } }
    try reportingFailures(reading: options.file) { setup in
      let rows = try InForce(options, setup).rows
      try Console.output(json ? jsonLines(rows, setup) : Array(text(rows, setup).utf8))
    }
  }

  private func text(_ rows: [InForce.Row], _ setup: Setup) -> String {
    let lines = rows.map { [$0.key, $0.value, $0.origin.words(file: setup.file?.path)] }
    let widths = (0..<2).map { column in lines.map { $0[column].count }.max() ?? 0 }
    var last = ""
    return lines.map { line in
      // A key stands before the first of its values.
      let key = line[0] == last ? "" : line[0]
      last = line[0]
      let words = [
        SafeText.padded(key, to: widths[0]), SafeText.padded(line[1], to: min(60, widths[1])), line[2],
      ]
      return SafeText.plain(words.joined(separator: "  "), charset: UserLocale.charset) + "\n"
    }.joined()
  }

  private func jsonLines(_ rows: [InForce.Row], _ setup: Setup) -> [UInt8] {
    var writer = JSONWriter()
    for row in rows {
      writer.object {
        $0.field("key", row.key)
        $0.field("value", row.value)
        $0.field("from", row.origin.kind)
        $0.field("name", row.origin.name(file: setup.file?.path))
        $0.field("line", row.origin.place?.line)
      }
      writer.endLine()
    }
    return writer.bytes
  }
}
