import TestSupport
import Glibc
import Screen
import Testing
import Webhooks

@testable import Monitor

/// The program without its terminal: takes deliveries and keys, and shows frames.
struct App {
  /// Does everything at once that the program does in the background.
  private struct AtOnce: World {
    var now = Fixture.start
    /// The keyring that the receiver was told to use.
    var used: Keyring?
    var size: Size
    let journal: Journal
    /// How far the model has read the journal.
    var cursor = Journal.Cursor()

    func redraw() {}
    func suspend() -> Size { size }
    // A clock that stands still: a search ends by its bound or its end, the same on every machine.
    func run(_ job: Job) -> [Message] { [job.work { 0 }] }
    func cancel(_ key: Job.Key) {}
    mutating func use(_ keyring: Keyring) { used = keyring }
    /// What the user makes of a text in the editor.
    var editing: @Sendable (EditOrder) -> EditOutcome = { _ in .unchanged }
    func edit(_ order: EditOrder) -> (EditOutcome, Size) { (editing(order), size) }
    /// What the user has ordered.
    var orders: [Order] = []
    mutating func begin(_ order: Order) -> [Message] {
      orders.append(order)
      guard case .clear = order else { return [] }
      journal.clear()
      return [.arrived(journal.read(after: &cursor))]
    }
    func keep(_ outcome: Outcome, of sequence: UInt64) { journal.append(outcome, to: sequence) }
    func join(_ sequences: [UInt64]) { journal.join(sequences) }
    mutating func mark(_ sequences: [UInt64], _ isMarked: Bool) -> [Message] {
      let refusal = journal.mark(sequences, isMarked)
      return [.arrived(journal.read(after: &cursor)), .marked(sequences, isMarked, refusal)]
    }
  }

  private var program: Monitor.Program<AtOnce>
  private let journal: Journal
  private var cursor: Journal.Cursor {
    get { program.outside.cursor }
    set { program.outside.cursor = newValue }
  }

  var model: Model {
    get { program.model }
    set { program = Monitor.Program(newValue, in: program.outside) }
  }
  /// What the clock on the wall says.
  var now: Timestamp {
    get { program.outside.now }
    set { program.outside.now = newValue }
  }
  var used: Keyring? { program.outside.used }
  var orders: [Order] { program.outside.orders }
  /// What the user makes of a text in the editor.
  var editing: @Sendable (EditOrder) -> EditOutcome {
    get { program.outside.editing }
    set { program.outside.editing = newValue }
  }

  init(
    columns: Int = 120, rows: Int = 36, charset: Charset = .utf8,
    source: Source = .receiver(address: "http://127.0.0.1:4747"), fingerprint: String? = nil,
    providers: Providers = .documented, keyring: Keyring? = nil, keeping limit: Int = 10_000,
    losesDeliveries: Bool = false, zone: Zone = .utc, forward: String? = nil,
    apps: Apps = Apps(), apis: APIs = APIs(), timeScale: Double = 1, tellsLife: Bool = false
  ) throws {
    journal = Journal(limits: Journal.Limits(deliveries: limit))
    let setting = Setting(
      source: source, providers: providers.scaled(by: timeScale), charset: charset, zone: zone,
      fingerprint: fingerprint, kept: journal, losesDeliveries: losesDeliveries, forward: forward, apps: apps,
      apis: apis, timeScale: timeScale, tellsLife: tellsLife)
    let size = Size(columns: columns, rows: rows)
    program = Monitor.Program(
      Model(setting: setting, keyring: try keyring ?? Fixture.keyring(), size: size),
      in: AtOnce(size: size, journal: journal))
  }

  /// Lets requests arrive, a second apart, verified as the receiver does.
  mutating func receive(_ requests: [Request]) throws {
    for request in requests { take(try arrival(of: request)) }
  }

  /// Lets a request arrive, and leaves undone what is wanted in the background.
  mutating func receiveWithoutWork(_ request: Request) throws -> [Effect] {
    model.update(try arrival(of: request), at: Fixture.start)
  }

  /// Lets a delivery be replayed as this request.
  mutating func replay(_ request: Request, of sequence: UInt64) throws {
    take(try arrival(of: request, origin: .replay(of: sequence)))
  }

  /// Lets a request arrive at an endpoint.
  mutating func receive(_ request: Request, at endpoint: Endpoint) throws {
    take(try arrival(of: request, endpoint: endpoint))
  }

  private mutating func arrival(
    of request: Request, origin: Origin = .received, endpoint: Endpoint? = nil
  ) throws -> Message {
    let received = Timestamp(
      microseconds: Fixture.start.microseconds + Int64(model.counts.received) * 1_000_000)
    let envelope = Envelope(reading: request)
    let verdict = Verifier(keyring: try Fixture.keyring()).verify(
      request, provider: envelope.provider, at: received)
    let answer = Answer(status: AnswerPolicy.verified.status(for: verdict), milliseconds: 0.4)
    try journal.append(
      Arrival(
        receivedAt: received, request: request, envelope: envelope, verdict: verdict, answer: answer,
        origin: origin, endpoint: endpoint))
    return .arrived(journal.read(after: &cursor))
  }

  /// Lets arrivals come at once, with verdicts of their own.
  mutating func receive(_ arrivals: [Arrival]) throws {
    for arrival in arrivals { try journal.append(arrival) }
    take(.arrived(journal.read(after: &cursor)))
  }

  /// Lets a request arrive whose answer is up to an app.
  mutating func hold(_ request: Request) throws -> Delivery {
    let envelope = Envelope(reading: request)
    let verdict = Verifier(keyring: try Fixture.keyring()).verify(
      request, provider: envelope.provider, at: Fixture.start)
    let delivery = journal.hold(
      Arrival(receivedAt: Fixture.start, request: request, envelope: envelope, verdict: verdict, answer: nil))
    take(.arrived(journal.read(after: &cursor)))
    return delivery
  }

  /// Lets the app answer.
  mutating func settle(_ delivery: Delivery, _ exchange: Exchange) throws {
    let answer = Answer(status: exchange.gatewayStatus, milliseconds: exchange.milliseconds.total)
    try journal.settle(delivery, answer, after: exchange)
    take(.arrived(journal.read(after: &cursor)))
  }

  /// Lets something happen to a delivery.
  mutating func happen(_ outcome: Outcome, to sequence: UInt64) {
    journal.append(outcome, to: sequence)
    take(.arrived(journal.read(after: &cursor)))
  }

  mutating func receive(_ incident: Incident) {
    journal.append(incident)
    take(.arrived(journal.read(after: &cursor)))
  }

  /// Types keys as the help writes them: `jj<Enter>/text<Esc>`.
  mutating func type(_ script: String) {
    for key in Key.keys(in: script) { take(.key(key)) }
  }

  mutating func resize(_ columns: Int, _ rows: Int) {
    program.outside.size = Size(columns: columns, rows: rows)
    take(.resized(program.outside.size))
  }

  mutating func paste(_ text: String) {
    take(.paste(text))
  }

  /// Tells the model, and carries out at once what the program does in the background.
  mutating func take(_ message: Message) {
    program.tell(message)
    // What came of it may be news of the ring.
    while case let batch = journal.read(after: &cursor), !batch.isEmpty { program.tell(.arrived(batch)) }
  }

  /// The screen's rows as text, without blanks at their ends.
  var frame: [String] {
    let canvas = view(model)
    return (0..<canvas.size.rows).map { row in
      var text = canvas.text(row: row)
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  var screen: String { frame.joined(separator: "\n") }
}

extension Key {
  /// The keys of a script; names in angle brackets are the labels of the help.
  static func keys(in script: String) -> [Key] {
    var keys: [Key] = []
    var rest = script[...]
    while let first = rest.first {
      if first == "<", let end = rest.firstIndex(of: ">"),
        let key = named[String(rest[rest.index(after: rest.startIndex)..<end])]
      {
        keys.append(key)
        rest = rest[rest.index(after: end)...]
      } else {
        keys.append(.character(first))
        rest = rest.dropFirst()
      }
    }
    return keys
  }

  private static let named: [String: Key] = {
    let plain: [Key] = [
      .enter, .escape, .tab, .backTab, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .backspace,
      .delete, .function(1), .controlLeft, .controlRight, .alt(.backspace),
    ]
    let controls = "abcdefhklnpuwyz".map { Key.control($0) }
    let alts = "bdfj".map { Key.alt(.character($0)) }
    return Dictionary(uniqueKeysWithValues: (plain + controls + alts).map { ($0.label(in: .ascii), $0) })
  }()
}

/// Compares a frame with the one recorded in `Frames/NAME.txt`; `RECORD_FRAMES=1` records it anew.
func expectFrame(_ app: App, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
  let path = "/\(folder)/Frames/\(name).txt"
  let shown = app.screen + "\n"
  if getenv("RECORD_FRAMES") != nil {
    guard let file = fopen(path, "w") else {
      Issue.record("\(path) can't be written", sourceLocation: sourceLocation)
      return
    }
    fputs(shown, file)
    fclose(file)
    return
  }
  let recorded = contents(of: path)
  guard recorded != shown else { return }
  let old = recorded.split(separator: "\n", omittingEmptySubsequences: false)
  let new = shown.split(separator: "\n", omittingEmptySubsequences: false)
  let row = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
  Issue.record(
    "frame \(name) differs first in row \(row)\n--- recorded\n\(recorded)--- shown\n\(shown)",
    sourceLocation: sourceLocation)
}

func contents(of path: String) -> String {
  guard let file = fopen(path, "r") else { return "" }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(byte)) }
  return String(decoding: bytes, as: UTF8.self)
}
