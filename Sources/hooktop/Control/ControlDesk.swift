internal import ArgumentParser
internal import Diagnosis
internal import Glibc
internal import JSON
internal import Monitor
internal import OperatingSystem
internal import Receiver
internal import Sender
internal import Synchronization
internal import Webhooks

/// Does what the control socket is asked: tells what a running monitor has received, and why signatures fail.
final class ControlDesk: Sendable {
  /// A call of a tool, and who waits for what comes of it.
  struct Call {
    let arguments: ControlArguments
    /// The connection that it came on; a call ends with it.
    let connection: Int32

    var isAbandoned: Bool { UnixSocket.isEnded(connection) }
  }

  /// The most values in a request.
  private static let requestTokens = 4096
  /// The longest that a call may wait for a delivery, in seconds.
  static let longestWait = 600.0

  let journal: Journal
  let receiver: WebhookReceiver
  let actions: ControlActions
  let facts: Facts
  private let bell: Bell
  /// Held while a diagnosis is made: one takes a core for seconds.
  private let diagnosing = Mutex(())

  /// What is told of a monitor beside what has come.
  struct Facts: Sendable {
    let address: String
    let recording: String?
    /// What has deliveries sent on, as far as it is in force.
    let forwarder: ForwarderSwitch
    /// What is hidden in all that is told.
    let redaction: Redaction
  }

  /// - Parameter bell: rings at each change of the journal.
  init(
    journal: Journal, receiver: WebhookReceiver, facts: Facts, bell: Bell, actions: ControlActions
  ) {
    self.journal = journal
    self.receiver = receiver
    self.facts = facts
    self.bell = bell
    self.actions = actions
  }

  /// The senders that are known now: a changed configuration file may have named others.
  var providers: Providers { receiver.known.providers }

  /// The line that answers a line.
  /// - Parameter connection: where it came from.
  func answer(_ line: SessionLines.Content, from connection: Int32) -> [UInt8] {
    var json = JSONWriter()
    do throws(ToolFailure) {
      let result = try result(of: line, from: connection)
      json.object { $0.field("result", raw: result) }
    } catch {
      json.object { $0.field("error", error.sentence) }
    }
    json.endLine()
    return json.bytes
  }

  private func result(of line: SessionLines.Content, from connection: Int32) throws(ToolFailure) -> [UInt8] {
    guard case .whole(let bytes) = line else {
      throw ToolFailure("the request is longer than \(ControlServer.lineLimit) bytes")
    }
    guard let request = JSONValue(bytes, limit: Self.requestTokens)?.object, let name = request["tool"]?.text
    else { throw ToolFailure("a request is a JSON object on one line, with tool and arguments") }
    guard let tool = ControlTool.named(name) else { throw ToolFailure("there is no such tool") }
    let arguments = try ControlArguments(request["arguments"], known: tool.arguments)
    return try tool.run(self, Call(arguments: arguments, connection: connection))
  }
}

extension ControlDesk {
  func status() -> [UInt8] {
    let counts = journal.counts
    var json = JSONWriter()
    json.object { json in
      json.field("address", facts.address)
      json.field("version", Hooktop.configuration.version)
      json.field("received", counts.received)
      json.field("failed", counts.failed)
      json.field("evicted", counts.evicted)
      json.field("incidents", counts.incidents)
      json.field("disagreements", counts.disagreements)
      json.field("newest_sequence", newest)
      json.field("recording_to", facts.recording)
      json.field("forwarding_to", facts.forwarder.current?.targets)
      json.array("secrets") { list in
        for secret in receiver.keyring.secrets {
          list.object {
            $0.field("provider", secret.provider.name)
            $0.field("label", secret.label)
            $0.field("retired", secret.retiredAt != nil)
          }
        }
      }
    }
    return json.bytes
  }

  /// The number of the newest delivery that is kept; 0 if there is none.
  private var newest: UInt64 { journal.deliveries(before: .max, atMost: 1).last?.sequence ?? 0 }

  func list(_ call: Call) throws(ToolFailure) -> [UInt8] {
    let limit = try call.arguments.integer("limit", 1...200) ?? 20
    let filter = try call.arguments.filter(providers)
    var before = try call.arguments.sequence("before") ?? .max
    var found: [Delivery] = []
    let report = report
    search: while !call.isAbandoned {
      let slice = journal.deliveries(before: before, atMost: 256)
      guard let first = slice.first else { break }
      for delivery in slice.reversed() where isMatch(delivery, filter, report) {
        found.append(delivery)
        if found.count > limit { break search }
      }
      before = first.sequence
    }
    return untrusted { json in
      json.array("deliveries") { list in
        for delivery in found.prefix(limit) {
          list.object { writeSummary(of: delivery, to: &$0) }
        }
      }
      json.field("next_before", found.count > limit ? found[limit - 1].sequence : nil)
    }
  }

  func get(_ call: Call) throws(ToolFailure) -> [UInt8] {
    let delivery = try delivery(call)
    let limit = try call.arguments.integer("body_limit", 0...AgentReport.Limit.largestBody)
    return untrusted { json in
      report.write(
        facts.redaction.hiding(in: delivery), outcomes(of: delivery),
        bodyLimit: limit ?? AgentReport.Limit.body, to: &json)
    }
  }

  /// What happened to a delivery, as it may be told.
  func outcomes(of delivery: Delivery) -> [Outcome] {
    facts.redaction.hiding(in: journal.outcomes(of: delivery.sequence), of: delivery)
  }

  private func writeSummary(of delivery: Delivery, to json: inout JSONWriter) {
    let told = facts.redaction.hiding(in: delivery)
    report.writeSummary(of: told, journal.outcomes(of: delivery.sequence), to: &json)
  }

  func explain(_ call: Call) throws(ToolFailure) -> [UInt8] {
    let delivery = try delivery(call)
    let known = receiver.known
    let subject = DiagnosisSubject(
      delivery, providers: known.providers, tolerance: known.verifier.tolerance, zone: .local)
    let connection = call.connection
    let diagnosis = diagnosing.withLock { _ in
      Diagnosis(
        of: subject, keyring: known.verifier.keyring,
        // A clock at its end ends the search.
        budget: .onDemand { UnixSocket.isEnded(connection) ? .max : Clock.now }
      ) { journal.neighbours(of: delivery, limit: 64, reach: 1000, isOver: $0) }
    }
    let (reason, scheme) = (delivery.verdict.reason, delivery.envelope.provider?.scheme)
    return untrusted { json in
      json.field("sequence", delivery.sequence)
      json.write(delivery.verdict, withTolerance: true)
      json.field("summary", reason.summary(under: scheme))
      json.field("remedy", delivery.verdict.status == .valid ? nil : reason.remedy(under: scheme))
      json.write(diagnosis, inGeneral: !facts.redaction.isEmpty)
    }
  }

  /// Waits for a delivery after a given one, or after the newest there is.
  func wait(_ call: Call) throws(ToolFailure) -> [UInt8] {
    let filter = try call.arguments.filter(providers)
    let seconds = try call.arguments.seconds("timeout_seconds", upTo: Self.longestWait) ?? 30
    let start = Clock.now
    let deadline = start + UInt64(seconds * 1e9)
    var next = (try call.arguments.sequence("after") ?? newest) + 1
    let first = next
    guard let waker = try? Waker() else {
      throw ToolFailure("hooktop has no descriptors left: try again later")
    }
    let found: Delivery? = bell.listening(with: waker) {
      while true {
        if let found = firstMatch(from: &next, filter) { return found }
        guard Clock.now < deadline, UnixSocket.wait(for: waker, until: deadline, orEndOf: call.connection)
        else {
          return firstMatch(from: &next, filter)
        }
        // What happens to a delivery later may make it match.
        if filter?.asksForOutcomes == true { next = first }
      }
    }
    return untrusted { json in
      json.field("matched", found != nil)
      json.field("waited_seconds", Double(Clock.now - start) / 1e9, decimals: 1)
      guard let found else { return json.null("delivery") }
      json.object("delivery") { writeSummary(of: found, to: &$0) }
    }
  }

  /// The first delivery from a number on that a filter takes; leaves the number behind those that were looked at.
  private func firstMatch(from next: inout UInt64, _ filter: Filter?) -> Delivery? {
    var found: Delivery?
    var last = next - 1
    let report = report
    journal.walk(from: next) { delivery in
      last = delivery.sequence
      if isMatch(delivery, filter, report) { found = delivery }
      return found == nil
    }
    next = last + 1
    return found
  }
}

extension ControlDesk {
  /// The delivery that a call names.
  func delivery(_ call: Call) throws(ToolFailure) -> Delivery {
    guard let sequence = try call.arguments.sequence("sequence") else {
      throw ToolFailure("sequence is missing: list_deliveries gives the numbers")
    }
    guard let delivery = journal.find(sequence) else {
      throw ToolFailure(
        "there is no delivery \(sequence), or it has been evicted: list_deliveries gives the numbers")
    }
    return delivery
  }

  var report: AgentReport { AgentReport(hiding: receiver.keyring) }

  /// An object that says that what is in it was received.
  func untrusted(_ content: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.field("untrusted", AgentReport.warning)
      content(&$0)
    }
    return json.bytes
  }

  /// Goes by what may be told: an agent could find out anything else by filters, piece by piece.
  private func isMatch(_ delivery: Delivery, _ filter: Filter?, _ report: AgentReport) -> Bool {
    guard let filter else { return true }
    let delivery =
      filter.quotesRequests
      ? report.told(facts.redaction.hiding(in: delivery), withText: filter.readsRequests) : delivery
    guard filter.asksForOutcomes || delivery.answer == nil else { return filter.matches(delivery) }
    var outcomes = Outcomes()
    outcomes.take(
      Journal.OutcomeChange(sequence: delivery.sequence, outcomes: journal.outcomes(of: delivery.sequence)))
    return filter.matches(delivery, outcomes)
  }
}
