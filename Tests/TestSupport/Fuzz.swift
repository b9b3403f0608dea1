import Glibc

/// Tries one reader with many inputs, and gives what is needed to try a failing one again.
///
/// `HOOKTOP_FUZZ` is the number of rounds, `HOOKTOP_FUZZ_SEED` sets all random numbers, and
/// `HOOKTOP_FUZZ_ROUND` runs that one round alone: each has random numbers of its own.
public struct Fuzz: Sendable {
  /// What a check found wrong.
  struct Fault: Error {
    let sentence: String
  }

  /// One input and how it came about.
  public struct Round {
    public let number: Int
    public var random: SeededRandom
    /// The input, which is told where the round fails.
    public var input: [UInt8] = []
    fileprivate(set) var tally: [String: Int] = [:]

    /// Counts what became of the input, so that a run shows that it reached what it is for.
    public mutating func count(_ what: String) { tally[what, default: 0] += 1 }

    /// Ends the round as failed where `isTrue` is not.
    public func expect(_ isTrue: Bool, _ sentence: @autoclosure () -> String) throws {
      if !isTrue { throw Fault(sentence: sentence()) }
    }
  }

  /// What a whole run gave.
  public struct Outcome: Sendable {
    /// Says what is wrong, with which input, and how to have it again; nil if all is well.
    public let failure: String?
    private let tally: [String: Int]
    private let rounds: Int

    fileprivate init(failure: String?, tally: [String: Int], rounds: Int) {
      self.failure = failure
      self.tally = tally
      self.rounds = rounds
    }

    /// Whether at least one round in `share` was counted as `what`; true for runs too short to tell.
    public func reached(_ what: String, oneIn share: Int) -> Bool {
      rounds < 20 * share || tally[what, default: 0] * share >= rounds
    }
  }

  /// How many inputs are tried.
  public static let rounds = Int(setting("HOOKTOP_FUZZ") ?? "") ?? 2000
  static let seed = UInt64(setting("HOOKTOP_FUZZ_SEED") ?? "") ?? 20_261_121
  private static let only = Int(setting("HOOKTOP_FUZZ_ROUND") ?? "")

  private let name: String

  /// - Parameter name: of what is tried, in a word or two.
  public init(_ name: String) {
    self.name = name
  }

  /// Runs all rounds, up to the first that fails.
  public func run(_ check: (inout Round) throws -> Void) -> Outcome {
    let note = CrashNote(
      "fuzz: \(name): the process ends; again: HOOKTOP_FUZZ_SEED=\(Self.seed) HOOKTOP_FUZZ_ROUND=")
    defer { note.clear() }
    let start = ContinuousClock.now
    let numbers = Self.only.map { $0..<$0 + 1 } ?? 0..<Self.rounds
    var tally: [String: Int] = [:]
    for number in numbers {
      note.set(number)
      // Rounds that differ by one get states that lie far apart.
      var mixer = SeededRandom(seed: Self.seed ^ UInt64(number) &* 0xD134_2543_DE82_EF95)
      var round = Round(number: number, random: SeededRandom(seed: mixer.next()), tally: tally)
      tally = [:]
      do {
        try check(&round)
      } catch {
        return Outcome(failure: failure(error, in: number, round.input), tally: [:], rounds: 0)
      }
      tally = round.tally
    }
    report(tally, numbers.count, ContinuousClock.now - start)
    return Outcome(failure: nil, tally: tally, rounds: numbers.count)
  }

  private func failure(_ error: any Error, in round: Int, _ input: [UInt8]) -> String {
    let sentence = (error as? Fault)?.sentence ?? "\(error)"
    let shown = input.prefix(400).map { byte in
      (0x20..<0x7F).contains(byte) ? String(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16)
    }
    return """
      \(name): \(sentence)
      again: HOOKTOP_FUZZ_SEED=\(Self.seed) HOOKTOP_FUZZ_ROUND=\(round)
      input, \(input.count) bytes: \(shown.joined())
      in hexadecimal: \(input.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
      """
  }

  /// Says on standard output what a run that was asked for has done.
  private func report(_ tally: [String: Int], _ rounds: Int, _ time: Duration) {
    guard Self.setting("HOOKTOP_FUZZ") != nil else { return }
    let seconds = Double((time / .milliseconds(100)).rounded()) / 10
    let counts = tally.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    print("fuzz: \(name): \(rounds) inputs in \(seconds) s, seed \(Self.seed): \(counts)")
  }

  private static func setting(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}
