/// What a test waited for and did not see, with what was there instead.
struct NeverHappened: Error, CustomStringConvertible {
  let description: String

  init(_ awaited: String, within limit: Duration, instead: String) {
    description = "not within \(limit): \(awaited); instead:\n\(instead)"
  }
}

/// How long something is waited for: long, because machines that run tests are slow, some of them under a sanitizer.
/// It costs nothing where all goes well.
let patience = Duration.seconds(60)

/// Looks again and again until `probe` gives something.
func waiting<Value>(
  for awaited: String, within limit: Duration = patience, instead: () -> String = { "" },
  _ probe: () throws -> Value?
) async throws -> Value {
  let clock = ContinuousClock()
  let deadline = clock.now + limit
  while true {
    if let value = try probe() { return value }
    guard clock.now < deadline else { throw NeverHappened(awaited, within: limit, instead: instead()) }
    try await Task.sleep(for: .milliseconds(10))
  }
}

/// Looks again and again until `condition` holds.
func waiting(
  until awaited: String, within limit: Duration = patience, instead: () -> String = { "" },
  _ condition: () throws -> Bool
) async throws {
  try await waiting(for: awaited, within: limit, instead: instead) { try condition() ? () : nil }
}
