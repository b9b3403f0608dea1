import JSON
import Testing
import Webhooks

@Suite("The attempts to deliver one event")
struct AttemptsTests {
  /// A delivery `seconds` after the first, answered with `status`; 0 for no answer at all.
  private static func delivery(
    _ sequence: UInt64, _ attempt: Int, after seconds: Double, _ status: Int? = 500,
    _ reason: Verdict.Reason = .ok, t: Int64? = nil, body: String = "{}", provider: Provider? = .parlay
  ) -> Delivery {
    var verdict = Verdict(reason)
    verdict.timestamp = t
    return Delivery(
      sequence: sequence, receivedAt: Timestamp(seconds: Samples.now.seconds + seconds),
      request: Request(headers: Headers(), body: Array(body.utf8)),
      envelope: Envelope(provider: provider, eventID: "e"), verdict: verdict, isDuplicate: false,
      attempt: attempt, answer: status.map { Answer(status: $0 == 0 ? nil : $0, milliseconds: 1) })
  }

  private static func next(_ chain: [Delivery], after sequence: UInt64? = nil) -> Attempts.Next? {
    let attempts = Attempts(chain)
    guard let own = attempts[sequence ?? chain[chain.count - 1].sequence] else { return nil }
    return attempts.next(after: own, answer: \.answer)
  }

  @Test(
    "each has the gap since the one before, and what is documented for it",
    arguments: [
      (Provider.parlay, [60, 300, 1500, 7200, 28800, nil]), (.parable, [60, 300, 900, 3600, 21600, 86400]),
    ])
  func gaps(provider: Provider, due: [Double?]) {
    let chain = (1...7).map { number in
      Self.delivery(UInt64(number), number, after: Double(number * number), provider: provider)
    }
    let steps = Attempts(chain).attempts.map(\.step)
    #expect(steps[0] == nil && steps.dropFirst().map { $0?.due } == due)
    #expect(steps.dropFirst().map { $0?.gap } == [3, 5, 7, 9, 11, 13])
    #expect(steps.dropFirst().map { $0?.previous } == [1, 2, 3, 4, 5, 6])
  }

  @Test("whether the time was renewed and the bytes are the same is held against the one before")
  func renewal() {
    let steps = Attempts([
      Self.delivery(1, 1, after: 0, t: 5), Self.delivery(2, 2, after: 60, t: 5),
      Self.delivery(3, 3, after: 360, t: 6, body: "{ }"), Self.delivery(4, 4, after: 1860, body: "{ }"),
    ]).attempts.map(\.step)
    #expect(steps.map { $0?.isTimeRenewed } == [nil, false, true, nil])
    #expect(steps.map { $0?.hasSameBody } == [nil, true, false, true])
    // A second has one time to sign.
    let quick = Attempts([
      Self.delivery(1, 1, after: 0, t: 5), Self.delivery(2, 2, after: 0.6, t: 5),
      Self.delivery(3, 3, after: 1.7, t: 6), Self.delivery(4, 4, after: 2.7, t: 6),
    ])
    #expect(quick.attempts.map { $0.step?.isTimeRenewed } == [nil, nil, true, false])
  }

  @Test("a session of two runs counts from 1 in each, and then nothing is documented for the gap")
  func twoRuns() {
    let step = Attempts([Self.delivery(1, 1, after: 0), Self.delivery(2, 1, after: 60)]).attempts[1].step
    #expect(step?.gap == 60 && step?.due == nil)
  }

  @Test("a 2xx that came later than the sender waits is a failure to it")
  func late() {
    let late = Self.delivery(1, 1, after: 0).with(answer: Answer(status: 200, milliseconds: 30_000))
    #expect(Self.next([late])?.retry == 1)
    #expect(Self.next([late.with(answer: Answer(status: 200, milliseconds: 29_999))]) == nil)
  }

  @Test("what anybody can send is not waited for again once the sender was told that it is delivered")
  func delivered() {
    let forged = Self.delivery(2, 1, after: 5, 401, .noV1Matches)
    #expect(Self.next([Self.delivery(1, 1, after: 0, 200), forged], after: 2) == nil)
    #expect(Self.next([Self.delivery(1, 1, after: 0, 500), forged], after: 2) != nil)
  }

  @Test("what no known secret signed stands between no two attempts of the sender")
  func forged() {
    let chain = [
      Self.delivery(1, 1, after: 0), Self.delivery(2, 1, after: 10, 401, .noV1Matches),
      Self.delivery(3, 2, after: 60),
    ]
    let attempts = Attempts(chain).attempts
    #expect(attempts.map { $0.step?.previous } == [nil, nil, 1] && attempts[2].step?.due == 60)
    #expect(Self.next(chain, after: 1) == Self.next(chain, after: 3))
    #expect(Self.next(chain, after: 2)?.retry == 1)
  }

  @Test("what a later secret verifies joins the verified ones, and is numbered among them alone")
  func joined() {
    let chain = [
      Self.delivery(1, 1, after: 0, 401, .noV1Matches), Self.delivery(2, 2, after: 5, 401, .noV1Matches),
      Self.delivery(3, 3, after: 60, 401, .noV1Matches), Self.delivery(4, 1, after: 360, 500),
    ]
    func attempts(_ joined: Set<UInt64>) -> [Attempts.Attempt] {
      Attempts(chain, isVerifiedNow: { joined.contains($0.sequence) }).attempts
    }
    #expect(attempts([]).map(\.number) == [1, 2, 3, 1])
    // The second one is forged.
    let found = attempts([1, 3])
    #expect(found.map(\.number) == [1, 2, 2, 3])
    #expect(found.map { $0.step?.previous } == [nil, nil, 1, 3])
    #expect(found.map { $0.step?.due } == [nil, nil, 60, 300])
    let all = Attempts(chain, isVerifiedNow: { [1, 3].contains($0.sequence) })
    #expect(all.next(after: found[0], answer: \.answer)?.retry == 3)
    #expect(all.next(after: found[1], answer: \.answer)?.retry == 2)
    // What was counted with attempts that are kept no more keeps its number.
    let later = [chain[0], Self.delivery(9, 5, after: 400)]
    #expect(Attempts(later, isVerifiedNow: { $0.sequence == 1 }).attempts.map(\.number) == [1, 5])
  }

  @Test("the journal counts it as an attempt of its sender from then on, once, and a forged one never")
  func counted() throws {
    let journal = Journal()
    func arrive(_ reason: Verdict.Reason, _ status: Int = 401) throws -> Delivery {
      var arrival = Samples.arrival(eventID: "a", reason: reason)
      arrival.answer = Answer(status: status, milliseconds: 0)
      return try journal.append(arrival)
    }
    for _ in 1...3 { _ = try arrive(.noV1Matches) }
    journal.join([1, 3])
    journal.join([1, 3, 99])
    let next = try arrive(.ok)
    #expect(next.attempt == 3 && !next.isDuplicate)
    #expect(try arrive(.noV1Matches).attempt == 2)
    // It was verified when it arrived.
    journal.join([4])
    #expect(try arrive(.ok).attempt == 4)
  }

  @Test("one that its sender was told is delivered makes duplicates of what comes after it has joined")
  func joinedDuplicate() throws {
    let journal = Journal(limits: .init(deliveries: 3))
    _ = try journal.append(Samples.arrival(eventID: "a", reason: .noSecret))
    journal.join([1])
    let next = try journal.append(Samples.arrival(eventID: "a"))
    #expect(next.isDuplicate && next.attempt == 2)
    // It is forgotten with the last of its chain.
    for _ in 1...3 { _ = try journal.append(Samples.arrival(eventID: "b")) }
    journal.join([1])
    #expect(try journal.append(Samples.arrival(eventID: "a")).attempt == 1)
  }

  @Test(
    "the next one is due by the schedule, counted from the last one that failed",
    arguments: zip(1...7, [60, 300, 1500, 7200, 28800, nil, nil]))
  func prediction(attempt: Int, delay: Int?) {
    let next = Self.next([Self.delivery(9, attempt, after: 100)])
    #expect(next?.retry == delay.map { _ in attempt } && next?.retries == delay.map { _ in 5 })
    #expect(next?.due.seconds == delay.map { Samples.now.seconds + 100 + Double($0) })
  }

  @Test(
    "only a failure has a next one: any answer but a 2xx, and none at all",
    arguments: [
      (200, false), (204, false), (299, false), (300, true), (401, true), (500, true), (0, true),
      (nil, false),
    ]
      as [(Int?, Bool)])
  func answers(status: Int?, isPredicted: Bool) {
    #expect((Self.next([Self.delivery(1, 1, after: 0, status)]) != nil) == isPredicted)
  }

  @Test("an event that was taken has no next one, whichever of its attempts is looked at")
  func taken() {
    let chain = [Self.delivery(1, 1, after: 0), Self.delivery(2, 2, after: 60, 200)]
    #expect(Self.next(chain, after: 1) == nil && Self.next(chain, after: 2) == nil)
    // The sender did not hear the 200, and failed when it tried again.
    #expect(Self.next([chain[1], Self.delivery(3, 3, after: 360)])?.retry == 3)
  }

  @Test("a valid one that was taken ends those that failed for want of its secret, and no forged one does")
  func takenLater() {
    let wrong = Self.delivery(1, 1, after: 0, 401, .noV1Matches)
    #expect(Self.next([wrong, Self.delivery(2, 1, after: 60, 200)], after: 1) == nil)
    #expect(Self.next([wrong, Self.delivery(2, 1, after: 60, 500)], after: 1)?.retry == 1)
    let forged = Self.delivery(2, 1, after: 10, 200, .noV1Matches)
    #expect(Self.next([Self.delivery(1, 1, after: 0), forged], after: 1)?.retry == 1)
  }

  @Test("a sender that is not known, or documents no retries, has no next one")
  func noSchedule() {
    #expect(Self.next([Self.delivery(1, 1, after: 0, provider: nil)]) == nil)
    let silent = Provider("acme", scheme: Provider.parlay.scheme)
    #expect(Self.next([Self.delivery(1, 1, after: 0, provider: silent)]) == nil)
  }

  @Test("of a chain without end the newest are looked up, and nothing once it is cancelled")
  func bounded() throws {
    let journal = Journal()
    let deliveries = try (0..<40).map { _ in try journal.append(Samples.arrival(eventID: "a")) }
    #expect(journal.chain(of: deliveries[0], atMost: 3).map(\.sequence) == [1, 38, 39, 40])
    #expect(journal.chain(of: deliveries[0], isCancelled: { true }).count <= 1)
    #expect(Attempts(deliveries, isCancelled: { true }).attempts.isEmpty)
  }

  @Test(
    "what counts down keeps its width",
    arguments: [(62, "1 m 02 s"), (60, "1 m"), (3900, "1 h 05 m"), (9, "9 s")])
  func padded(seconds: Double, words: String) {
    #expect(Durations.words(seconds, isPadded: true) == words)
  }
}
