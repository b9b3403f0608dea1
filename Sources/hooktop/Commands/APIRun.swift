internal import Dispatch
internal import Glibc
internal import JSON
internal import OperatingSystem
internal import Screen
internal import Sender
internal import Synchronization
internal import Webhooks

/// Calls an API for a command, says where it tries again, and prints what was answered.
struct APIRun {
  let access: APIAccess
  let json: Bool

  init(_ options: APIOptions, for provider: Provider) throws {
    access = try options.access(for: provider)
    json = options.json
  }

  /// - Throws: `APIError`.
  func perform(_ call: APICall) throws -> APIResponse {
    let access = access
    return try finishing { await Self.outcome(of: call, at: access) }.get()
  }

  /// Makes a call whose answer nobody gives again, and waits for that until a signal comes.
  /// - Parameter stopped: what is to be said then, told whether the API may have carried out the call.
  /// - Throws: `APIError`, `StoppedBySignal`, `SystemError.noDescriptors`.
  func perform(
    _ call: APICall, unless signals: EndingSignals, stopped: (Bool) -> String
  ) throws -> APIResponse {
    let (access, waker) = (access, try Waker())
    let result = Mutex<Result<APIResponse, APIError>?>(nil)
    let mayBeDone = Mutex(false)
    Task.detached {
      let outcome = await Self.outcome(of: call, at: access) { reached in mayBeDone.withLock { $0 = reached }
      }
      result.withLock { $0 = outcome }
      waker.wake()
    }
    while true {
      if let outcome = result.withLock({ $0 }) { return try outcome.get() }
      try signals.check { stopped(mayBeDone.withLock { $0 }) }
      var waiting = [waker.descriptor, signals.descriptor].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      poll(&waiting, nfds_t(waiting.count), -1)
      waker.drain()
    }
  }

  private static func outcome(
    of call: APICall, at access: APIAccess, reaching: (Bool) -> Void = { _ in }
  ) async -> Result<APIResponse, APIError> {
    do throws(APIError) {
      return .success(
        try await APIClient.perform(
          call, at: access, retrying: { Console.say($0.words) }, reaching: reaching))
    } catch {
      return .failure(error)
    }
  }

  /// What a call answers with.
  /// - Throws: `APIError`, also where that is not JSON.
  func document(_ call: APICall) throws -> APIDocument {
    guard let document = APIDocument(try perform(call).body) else {
      throw APIError.unreadable(call: call, detail: "it is not JSON")
    }
    return document
  }

  /// The elements of the list that a call has answered with.
  /// - Throws: `APIError`, where there is none.
  func items(of document: APIDocument, after call: APICall) throws(APIError) -> [APIDocument] {
    guard let items = document.items else {
      throw .unreadable(call: call, detail: "it holds no list")
    }
    return items
  }

  /// Makes a call that has something done, and says that it is done.
  /// - Parameter words: one sentence.
  func act(_ call: APICall, saying words: String) throws {
    let response = try perform(call)
    guard json else { return try print(words) }
    var line = JSONWriter()
    line.object { $0.field("status", response.status) }
    try output(APIDocument(response.body)?.compact ?? line.bytes)
  }

  /// Prints names and values in two columns.
  func print(_ rows: [(String, String)]) throws {
    let names = rows.map { SafeText.plain($0.0, charset: UserLocale.charset) }
    let width = names.map { SafeText.width(of: $0) }.max() ?? 0
    for (name, row) in zip(names, rows) {
      try print("\(SafeText.padded(name, to: width))  \(row.1)")
    }
  }

  /// Prints a line, made safe to print.
  func print(_ line: String) throws {
    try output(Array(SafeText.plain(line, charset: UserLocale.charset).utf8))
  }

  func output(_ line: [UInt8]) throws(OutputError) { try Console.output(line + [0x0A]) }
}

/// Does what has to be waited for, on a thread of the concurrency library, until it is done.
func finishing<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value {
  let done = DispatchSemaphore(value: 0)
  let result = Mutex<Value?>(nil)
  Task.detached {
    let value = await work()
    result.withLock { $0 = value }
    done.signal()
  }
  while true {
    done.wait()
    if let value = result.withLock({ $0 }) { return value }
  }
}

/// A signal came before what was waited for: what is to be said before hooktop dies of it.
struct StoppedBySignal: Error {
  let signal: Int32
  let words: String
}

extension EndingSignals {
  /// - Parameter words: what is to be said where a signal has come.
  func check(saying words: () -> String) throws(StoppedBySignal) {
    if let signal = received { throw StoppedBySignal(signal: signal, words: words()) }
  }
}
