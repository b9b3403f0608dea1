internal import DequeModule
internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Receiver
internal import Sandbox
internal import Sender
internal import Synchronization
internal import Webhooks

/// Runs a sandbox and prints what happens in it, until a signal or a closed pipe ends it.
struct SandboxLoop {
  private let server: SandboxServer
  private let file: StateFile?
  private let queue = NewsQueue()
  private let waker: Waker
  private let json: Bool
  private let parable: AppURL?
  private let timeScale: Double

  /// Begins to take calls; everything that can fail fails here.
  init(
    _ listen: ListenAddress, rules: SandboxRules, parable: AppURL?, state: String?, json: Bool
  ) throws {
    let waker = try Waker()
    let file = try state.map { try StateFile($0) }
    let queue = queue
    self.waker = waker
    self.file = file
    self.json = json
    self.parable = parable
    timeScale = rules.timeScale
    do {
      server = try SandboxServer.start(
        host: listen.host, port: listen.port, rules: rules, parable: parable,
        restoring: try file?.lines() ?? [], journal: file
      ) {
        queue.add($0)
        waker.wake()
      }
    } catch let error as ReceiverError {
      throw ListenError(cause: error)
    }
  }

  /// - Throws: `OutputError.cannotWrite`, and what noting signals throws.
  mutating func run() throws {
    let signals = try EndingSignals()
    // A reader that goes away is seen at the next write, after which the sandbox is closed first.
    signal(SIGPIPE, SIG_IGN)
    greet()
    do throws(OutputError) {
      while signals.received == nil {
        if try !printNews() { waitForNews(or: signals) }
      }
      stop()
      while try printNews() {}
    } catch {
      stop()
      guard case .nobodyReads = error else { throw error }
    }
    EndingSignals.die(by: signals.received ?? SIGPIPE)
  }

  private func stop() {
    server.stop()
    file?.close()
  }

  private func greet() {
    var lines = [
      "hooktop sandbox: listening on \(server.address)",
      "hooktop sandbox: the API key is \(server.apiKey)",
    ]
    if let secret = server.parableSecret {
      lines.append("hooktop sandbox: Parable's signing secret is \(secret); it is not shown again")
    } else if parable != nil {
      lines.append("hooktop sandbox: Parable's endpoint keeps the signing secret of an earlier run")
    }
    Console.explain((lines + ["Try next, in two other terminals:"] + suggestions).joined(separator: "\n"))
  }

  /// Commands to be copied: what leads to the sandbox, a monitor, a webhook and an event.
  private var suggestions: [String] {
    let hook = parable?.text ?? "http://127.0.0.1:4747"
    let secret = server.parableSecret.map { ["  export PARABLE_SIGNING_SECRET=\($0)"] } ?? []
    let port = hook.split(separator: ":").last?.prefix { $0.isNumber } ?? ""
    let place = port.isEmpty || port == "4747" ? "" : " --port \(port)"
    return [
      "  export PARLAY_API_URL=\(server.address)",
      "  export PARLAY_API_KEY=\(server.apiKey)",
      "  export PARABLE_API_URL=$PARLAY_API_URL PARABLE_API_KEY=$PARLAY_API_KEY",
    ] + secret + [
      "  hooktop watch --time-scale \(ShortDecimal.text(timeScale, decimals: 6) ?? "1")\(place)",
      "  hooktop parlay register --url \(hook) \\",
      "    --events analysis.completed,analysis.failed --save",
      "  curl $PARLAY_API_URL/v1/events -H \"Authorization: Bearer $PARLAY_API_KEY\" \\",
      "    -H 'Content-Type: application/json' -d '{\"event\":\"analysis.completed\"}'",
    ]
  }

  private func waitForNews(or signals: EndingSignals) {
    var waiting = [waker.descriptor, signals.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&waiting, nfds_t(waiting.count), -1)
    waker.drain()
  }

  /// Prints some of what is new; false if nothing was.
  private func printNews() throws(OutputError) -> Bool {
    let (news, missed) = queue.take(256)
    if missed > 0 {
      Console.warn("\(missed) lines were left out: they came faster than they could be printed")
    }
    guard !news.isEmpty else { return false }
    if json {
      try Console.output(news.flatMap(\.json))
    } else {
      try Console.output(Array(news.map { SandboxLine.text($0) + "\n" }.joined().utf8))
    }
    return true
  }
}

/// Why a sandbox can't listen, with the option that it has for that.
private struct ListenError: Error, CustomStringConvertible {
  let cause: ReceiverError

  var description: String {
    switch cause {
    case .portTaken(let host, let port):
      "port \(port) on \(host) is in use by another program: stop it, or give --listen \(host):0 for any free port"
    case .privilegedPort(let port):
      "port \(port) is reserved for the administrator: give --listen a port from 1024 up"
    case .addressNotAvailable(let host), .unknownHost(let host):
      "\(host) is not an address of this machine: give --listen 127.0.0.1:4800"
    case .portOutOfRange, .cannotListen: "\(cause)".replacing("--host or --port", with: "--listen")
    }
  }
}

/// What is to be printed, filled by the sandbox and emptied by the loop; bounded, since a reader may stall.
private final class NewsQueue: Sendable {
  private static let limit = 10_000

  private let state = Mutex((news: Deque<SandboxNews>(), missed: 0))

  func add(_ news: SandboxNews) {
    state.withLock { state in
      state.news.append(news)
      guard state.news.count > Self.limit else { return }
      state.news.removeFirst()
      state.missed += 1
    }
  }

  /// The next ones, and how many were left out before them.
  func take(_ count: Int) -> (news: [SandboxNews], missed: Int) {
    state.withLock { state in
      let news = Array(state.news.prefix(count))
      state.news.removeFirst(news.count)
      defer { state.missed = 0 }
      return (news, state.missed)
    }
  }
}
