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
  private let queue = NewsQueue()
  private let waker: Waker
  private let json: Bool
  private let hasParable: Bool
  private let timeScale: Double

  /// Begins to take calls; everything that can fail fails here.
  init(
    _ listen: ListenAddress, rules: SandboxRules, parable: AppURL?, state: String?, json: Bool
  ) throws {
    let waker = try Waker()
    let file = try state.map { try StateFile($0) }
    let queue = queue
    self.waker = waker
    self.json = json
    hasParable = parable != nil
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
      server.stop()
      while try printNews() {}
    } catch {
      server.stop()
      guard case .nobodyReads = error else { throw error }
    }
    EndingSignals.die(by: signals.received ?? SIGPIPE)
  }

  private func greet() {
    let (address, key) = (server.address, server.apiKey)
    let hook = "http://127.0.0.1:4747"
    let scale = ShortDecimal.text(timeScale, decimals: 6) ?? ""
    var lines = [
      "hooktop sandbox: listening on \(address)",
      "hooktop sandbox: the API key is \(key)",
    ]
    if let secret = server.parableSecret {
      lines.append("hooktop sandbox: Parable's signing secret is \(secret); it is not shown again")
    } else if hasParable {
      lines.append("hooktop sandbox: Parable's endpoint keeps the signing secret of an earlier run")
    }
    lines += [
      "Try next, in another terminal:",
      "  export PARLAY_API_URL=\(address) PARLAY_API_KEY=\(key)",
      "  hooktop parlay register --url \(hook) --events analysis.completed,analysis.failed --save",
      "  hooktop --time-scale \(scale)",
      "  curl -X POST \(address)/v1/webhooks -H 'Authorization: Bearer \(key)' \\",
      "    -H 'Content-Type: application/json' -d '{\"url\":\"\(hook)\",\"enabled_events\":[\"analysis.completed\"]}'",
    ]
    Console.explain(lines.joined(separator: "\n"))
  }

  private func waitForNews(or signals: EndingSignals) {
    var waiting = [waker.descriptor, signals.descriptor].map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    poll(&waiting, nfds_t(waiting.count), -1)
    waker.drain()
  }

  /// Prints some of what is new; false where nothing was.
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
