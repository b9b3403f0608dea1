internal import ArgumentParser
internal import Glibc
internal import OperatingSystem
internal import Synchronization
internal import Webhooks

/// `hooktop mcp`: a monitor's deliveries for coding agents.
struct MCP: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Give coding agents access to a monitor's deliveries, over the Model Context Protocol.",
    discussion: """
      Speaks the protocol on standard input and output, as agents start it. Attaches to a running hooktop, or starts a \
      receiver of its own if none runs or --port is given; the options of hooktop tail are for that receiver.

      Agents can list deliveries, read them, wait for them, and ask why a signature fails. With --allow-actions they can \
      replay to apps on this machine and send samples. They never see signing secrets.

      Examples:
        hooktop mcp
        hooktop mcp --port 0 --secret parlay=env:SECRET --allow-actions
      """)

  @Flag(help: "Let agents replay deliveries to apps on this machine, and send samples.")
  var allowActions = false

  @Option(help: ArgumentHelp("Attach to the running hooktop that listens on this port.", valueName: "port"))
  var attach: Int?

  @OptionGroup var options: ReceiverOptions

  func validate() throws {
    guard attach == nil || options.givenPort == nil else {
      throw ValidationError(
        "--attach is for a hooktop that runs, --port for a receiver of its own: give one of them.")
    }
  }

  func run() throws {
    try reportingFailures(reading: options.file) { setup in
      if let (port, socket) = try monitorToAttach() {
        guard options.hidden.redact.isEmpty else { throw AttachError.redacting(port: port) }
        Console.say("attached to the hooktop on port \(port)")
        warnOfUnused()
        return try MCPLoop(.running(socket: socket), allowsActions: allowActions).run()
      }
      let filled = try options.filled(from: setup.file)
      try filled.requireApp(in: setup)
      let secrets = try filled.secrets.named(in: setup).load()
      let saved = SavedSecretWatch(providers: setup.providers)
      for warning in saved.warnings { Console.warn(warning) }
      var station = try Station(
        options, setup, secrets, saved: saved, isControlled: !options.withoutControl, isPrinted: false)
      station.announce()
      if let announcement = setup.announcement { Console.say(announcement) }
      let loop = try MCPLoop(.own(station.control), allowsActions: allowActions)
      try loop.run(wokenBy: station.waker) {
        _ = (station.takeRotations(), station.tellChanges())
      } closing: {
        station.stop()
      }
    }
  }

  /// Says which options are for a receiver of its own.
  private func warnOfUnused() {
    let used = ["--allow-actions", "--attach", "--config", "--no-config"]
    let names = CommandLine.arguments.dropFirst().map { $0.prefix { $0 != "=" } }
    let unused = names.filter { $0.wholeMatch(of: #/-[a-z]|--[a-z-]+/#) != nil && !used.contains(String($0)) }
    guard !unused.isEmpty else { return }
    let (list, verb) = (unused.joined(separator: ", "), unused.count == 1 ? "is" : "are")
    Console.warn(
      "that hooktop has options of its own: \(list) \(verb) not used; --port starts a receiver with them")
  }

  /// The monitor to attach to; nil if there is to be a receiver of its own.
  private func monitorToAttach() throws -> (port: Int, socket: String)? {
    guard options.givenPort == nil else { return nil }
    if let attach {
      for folder in ControlFolder.allOfUser() {
        if let socket = Self.monitors(in: folder)[attach] { return (attach, socket) }
      }
      throw AttachError.none(port: attach)
    }
    // What runs where this program would put its own socket goes before what runs elsewhere.
    let monitors = ControlFolder.allOfUser().lazy.map(Self.monitors).first { !$0.isEmpty } ?? [:]
    // The usual port goes before others.
    if let socket = monitors[options.port] { return (options.port, socket) }
    guard monitors.count < 2 else { throw AttachError.several(monitors.keys.sorted()) }
    return monitors.first.map { ($0.key, $0.value) }
  }

  /// The sockets of the monitors that run, by their ports.
  private static func monitors(in folder: ControlFolder) -> [Int: String] {
    do throws(ControlError) {
      return try folder.ports().reduce(into: [:]) { $0[$1] = folder.socket(ofPort: $1) }
    } catch {
      Console.warn("\(error)")
      return [:]
    }
  }
}

/// Why an agent can't be attached to a monitor.
enum AttachError: Error, Equatable, CustomStringConvertible {
  case none(port: Int)
  case several([Int])
  /// Values were to be hidden, which only the monitor itself can do.
  case redacting(port: Int)

  var description: String {
    switch self {
    case .none(let port):
      "no hooktop of yours answers on port \(port): start it without --no-control, or leave --attach out"
    case .several(let ports):
      "hooktop runs on ports \(ports.map(String.init).joined(separator: ", ")): choose one with --attach PORT"
    case .redacting(let port):
      "the hooktop on port \(port) may show what --redact hides: start that one with --redact, and leave it out here"
    }
  }
}
