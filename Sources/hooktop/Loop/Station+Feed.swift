internal import ArgumentParser
internal import Config
internal import Monitor
internal import Receiver
internal import OperatingSystem
internal import Screen
internal import Sender
internal import Webhooks

/// What the screen reads of a receiver at work, and has it do.
extension Station: Feed {
  var source: Source {
    .receiver(address: receiver.reachableAddress, record: recording?.fileName)
  }

  var fingerprint: String? { tls?.fingerprint }

  var forward: String? { forwarder.current?.targets }

  var usesMouse: Bool? { reconfiguring.setup.file?.configuration.values[.mouse].map { $0.value == "true" } }

  var apps: Apps {
    Apps(
      url: { [forwarder] in forwarder.current?.url(for: $0) },
      fault: { url in
        AppURL(url) == nil ? "Give an http or https URL, such as http://127.0.0.1:3000/hook" : nil
      })
  }

  var tellsLife: Bool { life != nil }

  var losesDeliveries: Bool { !isDemo }

  var recordPath: String? { recording }

  var wordsOnStopping: String { "hooktop is stopped: nothing is received until fg" }

  var kept: any Kindred { journal }

  mutating func read() -> [Message] {
    let rotations = takeRotations()
    let batch = journal.read(after: &cursor)
    return readConfiguration() + (rotations.isEmpty ? [] : [.rotated(rotations)])
      + (batch.isEmpty ? [] : [.arrived(batch)])
      + (file?.takeNotice().map { [.noticed($0)] } ?? [])
      + errands.takeResults() + readRules()
  }

  /// Which saved secrets have come or changed since it was last asked; the receiver has them then.
  func takeRotations() -> [Rotation] {
    let rotations = saved.untold
    guard !rotations.isEmpty else { return [] }
    // First, so that a delivery that comes meanwhile finds them in one place or the other.
    receiver.changeKeyring { $0.take(rotations) }
    saved.forget(rotations.count)
    return rotations
  }

  /// What a changed configuration file has brought, for the screen.
  private mutating func readConfiguration() -> [Message] {
    switch takeConfiguration() {
    case .success(let change?): [.reconfigured(change)]
    case .success(nil): []
    case .failure(let error): [.noticed("\(error.reason); what was in force stays")]
    }
  }

  /// Puts a changed configuration file in force; gives what has changed, or why nothing has.
  mutating func takeConfiguration() -> Result<Reconfiguration?, UnusableConfiguration> {
    guard configurationWatch?.takeChange() == true else { return .success(nil) }
    do {
      let change = try reconfiguring.change(listeningOn: receiver.host, receiver.port)
      return .success(change.map { use($0) })
    } catch let error as ValidationError {
      return .failure(UnusableConfiguration(reason: error.message))
    } catch {
      return .failure(UnusableConfiguration(reason: SecretMask.ofCommandLine.hiding(in: "\(error)")))
    }
  }

  private mutating func use(_ change: Reconfiguring.Change) -> Reconfiguration {
    providers = change.options.providers(in: change.setup)
    tolerance = change.options.window.tolerance
    endpoints = Endpoints(change.setup.endpoints.map(\.endpoint))
    let (known, now) = (self, Timestamp.now())
    receiver.change {
      ($0.providers, $0.endpoints, $0.verifier.tolerance) = (
        known.providers, known.endpoints, known.tolerance
      )
      $0.verifier.keyring.take(change.secrets, at: now)
    }
    rules.replace(change.formerRules, by: change.rules)
    if let next = change.forwarder { forwarder.replace(by: next) }
    errands.change(providers, tolerance: tolerance)
    if change.keys.contains(.theme) { background = change.options.screen.background }
    return Reconfiguration(
      providers: providers, endpoints: endpoints, tolerance: tolerance, forward: forward,
      secrets: change.secrets, moment: now, words: change.words)
  }

  mutating func takeBackground() -> Background? {
    defer { background = nil }
    return background
  }

  /// The rules in force, where they are others than the screen knows of.
  private mutating func readRules() -> [Message] {
    let armed = rules.armed
    guard armed != shownRules else { return [] }
    shownRules = armed
    return [.armed(armed)]
  }

  mutating func begin(_ order: Order) -> [Message] {
    switch order {
    case .replay(let order): return errands.replay(order, receiver.keyring)
    case .replayAll(let order): return errands.replay(order, receiver.keyring)
    case .check(let order): return errands.check(order)
    case .call(let order): return errands.call(order)
    case .stop(let number): errands.stop(number)
    case .arm(let rule): rules.arm(rule)
    case .disarmAll: rules.disarmAll()
    case .tell(let step): life?.begin(step, at: receiver.loopbackURL)
    case .endLife: life?.close()
    // Done beside the feed, for a session as well.
    case .copy, .export, .mouse: break
    case .record(let path): return [.recording(record(to: path))]
    case .clear:
      journal.clear()
      return [.arrived(journal.read(after: &cursor))]
    }
    return readRules()
  }

  /// Records to another file from now on, or no more.
  private mutating func record(to path: String?) -> RecordingChange {
    guard let path else {
      journal.record(with: nil)
      file = nil
      return .ended
    }
    do throws(RecordError) {
      let file = try SessionFile(path.inHome)
      journal.record(with: file.hiding(redaction))
      self.file = file
      return .began(path: path)
    } catch {
      return .failed(error.description)
    }
  }

  func use(_ keyring: Keyring) {
    receiver.changeKeyring {
      $0 = keyring
      // What the screen is only about to be told.
      $0.take(saved.untold)
    }
  }

  func keep(_ outcome: Outcome, of sequence: UInt64) { journal.append(outcome, to: sequence) }

  func join(_ sequences: [UInt64]) { journal.join(sequences) }

  mutating func mark(_ sequences: [UInt64], _ isMarked: Bool) -> [Message] {
    let refusal = journal.mark(sequences, isMarked)
    return read() + [.marked(sequences, isMarked, refusal)]
  }
}

/// Why a changed configuration file is not put in force.
struct UnusableConfiguration: Error {
  /// In one line.
  let reason: String
}
