import TestSupport
import JSON
import Screen
import Testing
import Webhooks

@testable import Monitor

@Suite struct DiagnosingTests {
  /// A delivery whose body got a newline at its end after it was signed.
  private func newlineAdded(id: String = "evt_1") throws -> Request {
    var request = try Fixture.parlay(id: id)
    request.body.append(0x0A)
    return request
  }

  /// A delivery signed with a secret that is not known here.
  private func otherSecret(id: String) throws -> Request {
    var request = try Fixture.parlay(id: id)
    let other = try SigningSecret("whsec_rotated", label: "parlay", provider: .parlay)
    request.sign(other.signatureHeader(timestamp: 1_745_518_397, body: request.body))
    return request
  }

  @Test("a failed delivery shows its proven cause, the remedy and what copies of the samples would do")
  func proven() throws {
    var app = try App()
    try app.receive([try newlineAdded()])
    expectFrame(app, "diagnosis-newline")
    #expect(app.screen.contains("PROVEN"))
  }

  @Test("a malformed header has a caret under its offending byte")
  func caret() throws {
    var app = try App()
    try app.receive([try Fixture.parlay(header: "t=1745518397, v1=00")])
    app.type("2<Enter>")
    let rows = app.frame
    let header = try #require(rows.firstIndex { $0.contains("header  t=1745518397") })
    let caret = try #require(rows[header + 1].firstIndex(of: "^"))
    let column = rows[header + 1].distance(from: rows[header + 1].startIndex, to: caret)
    let line = Array(rows[header])
    #expect(line[column - 1] == "," && line[column] == " ")
  }

  @Test("a body over 64 KiB is looked into only when asked")
  func large() throws {
    var app = try App()
    var request = try Fixture.parlay(data: "\"\(String(repeating: "x", count: 70_000))\"")
    request.body.append(0x0A)
    try app.receive([request])
    #expect(app.screen.contains("over 64 KiB"))
    app.type("i<Esc>")
    #expect(app.screen.contains("PROVEN"))
  }

  @Test("a valid delivery that is asked about is looked into once, whatever others of its event are kept")
  func valid() throws {
    var app = try App()
    try app.receive([try Fixture.parlay(id: "a"), try Fixture.parlay(id: "b")])
    app.type("id")
    #expect(app.model.diagnoses.finished(2) != nil && !app.model.diagnoses.hasLacking)
  }

  @Test("a pasted secret is tried on all failed deliveries, kept or forgotten, and never shown")
  func tryIt() throws {
    var app = try App()
    try app.receive([try otherSecret(id: "a"), try otherSecret(id: "b"), try newlineAdded()])
    app.type("ji")
    #expect(app.screen.contains("this would verify 0 of 3 failed"))
    app.type("s")
    app.paste("whsec_rotated\n")
    #expect(!app.screen.contains("rotated"))
    app.type("<Enter>")
    #expect(app.screen.contains("this secret would verify 2 of 3 failed"))
    #expect(app.screen.contains("on arrival    ✗ mismatch"))
    #expect(app.screen.contains("tried now     ✓ valid"))
    expectFrame(app, "try-it-secret")
    app.type("x")
    #expect(app.screen.contains("this would verify 0 of 3 failed"))
    app.type("s")
    app.paste("whsec_rotated")
    app.type("<Enter>a")
    #expect(app.frame.last == " keep the secret as (parlay/LABEL): parlay/")
    app.type("<Enter>")
    #expect(app.used == nil && app.screen.contains("First a name, as parlay/new"))
    app.type("new<Enter>")
    #expect(app.used?.secrets.map(\.label) == ["parlay", "parable", "parlay/new"])
    #expect(app.screen.contains("parlay/new is active; earlier verdicts stay"))
    #expect(app.screen.contains("s  secret     those that are known"))
    #expect(app.model.list.selection?.verdict.status == .mismatch)
  }

  @Test("the tolerance, the clock and the body are moved, and the verdict of arrival stays")
  func moved() throws {
    var app = try App()
    let late = try Fixture.parlay(header: nil)
    var stale = late
    let signer = try SigningSecret("whsec_monitor_test", label: "parlay", provider: .parlay)
    stale.sign(signer.signatureHeader(timestamp: 1_745_518_397 - 600, body: stale.body))
    try app.receive([stale])
    app.type("i+")
    #expect(app.screen.contains("tried now     ✓ valid"))
    #expect(app.screen.contains("on arrival    ! stale"))
    app.type("-<")
    #expect(app.screen.contains("1 m earlier"))
  }

  @Test("a tried secret is kept under a name of its own provider, not of another, and Esc keeps it as tried")
  func keepName() throws {
    var app = try App()
    try app.receive([try otherSecret(id: "a")])
    app.type("is")
    app.paste("whsec_rotated")
    app.type("<Enter>a<C-u>parable/new<Enter>")
    #expect(app.used == nil && app.screen.contains("First a name, as parlay/new"))
    app.type("<C-u>parlay<Enter>")
    #expect(app.used == nil && app.screen.contains("There is a secret called parlay already"))
    app.type("<Esc>")
    #expect(app.screen.contains("s  secret     parlay/tried ("))
  }

  @Test("the next body is looked for in the background, from where the last one was left")
  func bodies() throws {
    var app = try App()
    try app.receive([try newlineAdded()])
    app.type("i")
    for key in "vvvV" { _ = app.model.update(.key(.character(key)), at: Fixture.start) }
    #expect(app.screen.contains("vV body       the next possible one"))
    guard case .run(let job)? = app.model.update(.key(.character("+")), at: Fixture.start).first else {
      Issue.record("nothing is worked out")
      return
    }
    app.take(job.work { 0 })
    #expect(app.screen.contains("vV body       it got white space at its end"))
    app.type("V")
    #expect(app.screen.contains("vV body       it got a newline at its end"))
    #expect(app.screen.contains("tried now     ✓ valid"))
    app.type("VV")
    #expect(!app.screen.contains("as received"))
  }

  @Test("the byte view shows the first byte that differs from what was signed")
  func bytes() throws {
    var app = try App()
    try app.receive([try newlineAdded()])
    app.type("ib")
    #expect(app.screen.contains("First difference from what was signed with parlay"))
    expectFrame(app, "bytes-newline")
  }

  @Test(
    "without a proof, the bytes are compared with the last valid attempt before it, whatever the body says now"
  )
  func bytesOfChain() throws {
    var app = try App()
    var changed = try Fixture.parable(text: "hello")
    let before = try #require(changed.body.firstRange(of: Array(#""id":"cap_1""#.utf8)))
    changed.body.replaceSubrange(before, with: Array(#""id":"cap_9""#.utf8))
    try app.receive([try Fixture.parable(), changed, try Fixture.parable()])
    app.type("ji")
    app.model.diagnoses = DiagnosisLog()
    app.type("b")
    #expect(app.screen.contains("First difference from the valid delivery #1 of the same event"))
  }

  @Test(
    "the last byte can be reached, whatever stands above the bytes",
    arguments: [(80, 24), (60, 12), (120, 36)])
  func lastByte(columns: Int, rows: Int) throws {
    var app = try App(columns: columns, rows: rows)
    var request = try Fixture.parlay(data: "\"\(String(repeating: "x", count: 300))\"")
    request.body.append(0x0A)
    try app.receive([request])
    app.type("ibG")
    let last = "1745518397.".utf8.count + request.body.count - 1
    let address = String(last / 16 * 16, radix: 16)
    #expect(app.screen.contains("000\(address)  "))
    app.type("g")
    #expect(app.screen.contains("000000  "))
  }

  @Test("an open byte view follows when the cause is found")
  func bytesFollow() throws {
    var app = try App()
    try app.receive([try newlineAdded()])
    let diagnosis = try #require(app.model.diagnoses.finished(1))
    app.type("i")
    app.model.diagnoses = DiagnosisLog()
    app.type("b")
    #expect(app.screen.contains("Nothing to compare with"))
    app.take(.diagnosed(sequence: 1, generation: 0, diagnosis))
    #expect(app.screen.contains("First difference from what was signed with parlay"))
  }

  @Test("the label of a saved secret, which holds an id, does not run into the fingerprint")
  func longLabel() throws {
    var app = try App()
    try app.receive([try otherSecret(id: "a")])
    app.type("Sa")
    app.type("wh_LGfajTtBu8QWShx3nJE4<Enter>")
    app.paste("whsec_rotated")
    app.type("<Enter>")
    #expect(app.screen.contains("parlay/wh_LGfajTtBu8QWShx3nJE4  3b19cc67  in use"))
  }

  @Test("secrets are added by hidden input, retired, named when they match, and never shown")
  func secrets() throws {
    var app = try App()
    try app.receive([try otherSecret(id: "a")])
    app.type("Sa")
    app.type("old<Enter>")
    app.paste("whsec_rotated")
    #expect(app.frame.last?.contains("*************") == true)
    app.type("<Enter>")
    #expect(app.used?.secrets.last?.label == "parlay/old")
    app.type("Gr")
    expectFrame(app, "secrets-retired")
    app.type("<Esc>")
    try app.receive([try otherSecret(id: "b")])
    #expect(app.screen.contains("retired"))
    #expect(!app.screen.contains("whsec_"))
  }

  @Test("two secrets of one label have a count of their own; of what was recorded only the label is known")
  func rotatedCounts() throws {
    var app = try App()
    try app.receive([try Fixture.parlay(), try Fixture.parlay(id: "evt_2")])
    let old = try #require(app.model.keyring.secrets.first)
    let new = try SigningSecret("whsec_rotated", label: old.label, provider: .parlay)
    app.take(.rotated([Rotation(from: old, to: new, at: Fixture.start)]))
    var request = try Fixture.parlay(id: "evt_3")
    request.sign(
      new.signatureHeader(timestamp: Fixture.start.microseconds / 1_000_000, body: request.body))
    let verdict = Verifier(keyring: app.model.keyring).verify(
      request, provider: .parlay, at: Fixture.start)
    try app.receive([
      Arrival(
        receivedAt: Fixture.start, request: request, envelope: Envelope(reading: request), verdict: verdict,
        answer: Answer(status: 200, milliseconds: 1))
    ])
    app.type("S")
    #expect(app.frame.contains { $0.contains(old.fingerprint) && $0.contains("signed 2 deliveries") })
    #expect(app.frame.contains { $0.contains(new.fingerprint) && $0.contains("signed 1 delivery") })
    var (list, recorded) = (DeliveryList(), Journal.Batch())
    recorded.deliveries = app.model.list.kept.map { delivery in
      var verdict = delivery.verdict
      verdict.fingerprint = 0
      return delivery.with(verdict: verdict)
    }
    list.take(recorded)
    #expect(list.signedCount(by: old) == 3 && list.signedCount(by: new) == 3)
  }

  @Test("the list says how many kept deliveries each secret signed, whatever arrives and is pushed out")
  func signedCounts() throws {
    let ring = Journal(limits: Journal.Limits(deliveries: 3))
    var cursor = Journal.Cursor()
    var list = DeliveryList()
    for id in 1...9 {
      let request = id % 3 == 0 ? try Fixture.parable() : try Fixture.parlay(id: "evt_\(id)")
      let envelope = Envelope(reading: request)
      let verdict = Verifier(keyring: try Fixture.keyring())
        .verify(request, provider: envelope.provider, at: Fixture.start)
      try! ring.append(
        Arrival(
          receivedAt: Fixture.start, request: request, envelope: envelope, verdict: verdict,
          answer: Answer(status: 200, milliseconds: 1)))
      if id % 2 == 0 { list.take(ring.read(after: &cursor)) }
      for secret in try Fixture.keyring().secrets {
        let label = ByteString(secret.label)
        #expect(list.signedCount(by: secret) == list.kept.count { $0.verdict.secret == label })
      }
    }
    var app = try App()
    try app.receive(try Fixture.mixed())
    app.type("S")
    #expect(app.frame.contains { $0.contains("parable ") && $0.contains("signed 1 delivery") })
    #expect(app.frame.contains { $0.contains("parlay ") && $0.contains("signed 3 deliveries") })
  }

  @Test("a secret pasted where its name is asked for is not taken as a label, and not kept on the screen")
  func secretAsLabel() throws {
    var app = try App()
    try app.receive([try otherSecret(id: "a")])
    app.type("Sa")
    app.paste("whsec_rotated")
    app.type("<Enter>")
    #expect(app.model.keyring.secrets.count == 2)
    #expect(!app.screen.contains("whsec_"))
    #expect(app.screen.contains("First a name"))
  }

  /// A delivery that names no provider.
  private func unknown() -> Request {
    Request(headers: Headers([.init("Host", "a")]), body: Array("{}".utf8), peer: "127.0.0.1:4")
  }

  @Test("whose secret is added is asked for where the selected delivery does not say")
  func addedForNobody() throws {
    var app = try App()
    try app.receive([unknown()])
    app.type("Sa")
    #expect(app.frame.last == " name of the secret (PROVIDER/LABEL):")
    #expect(app.frame[app.frame.count - 2] == " providers: parlay, parable")
    app.type("<Enter>")
    #expect(app.screen.contains("First a name, as PROVIDER/new, of parlay, parable"))
    app.type("parable/second<Enter>")
    app.paste("whsec_second")
    app.type("<Enter>")
    #expect(app.used?.secrets.last?.label == "parable/second" && app.used?.secrets.last?.provider == .parable)
  }

  @Test("whose secret is tried is asked for where the delivery does not say, and is not guessed")
  func triedForNobody() throws {
    var app = try App()
    try app.receive([unknown()])
    app.type("is")
    #expect(app.frame.last == " provider of the secret (parlay, parable):")
    app.paste("whsec_pasted_too_early")
    app.type("<Enter>")
    #expect(app.screen.contains("First a provider: parlay, parable; the secret is asked for next"))
    #expect(!app.screen.contains("whsec_"))
    app.type("parable<Enter>")
    #expect(app.frame.last?.hasPrefix(" secret parable/tried (not shown)") == true)
    app.paste("whsec_monitor_test")
    app.type("<Enter>")
    #expect(app.screen.contains("s  secret     parable/tried ("))
  }

  @Test("what was found out with earlier secrets does not count any more")
  func generations() throws {
    var app = try App()
    try app.receive([try newlineAdded()])
    let diagnosis = try #require(app.model.diagnoses.finished(1))
    app.type("Sa")
    app.type("new<Enter>")
    app.paste("whsec_new")
    app.type("<Enter>")
    app.model.diagnoses = DiagnosisLog()
    app.take(.diagnosed(sequence: 1, generation: 0, diagnosis))
    #expect(app.model.diagnoses[1] == nil)
  }

  /// A panel about #1, which the ring has let go since: #2, of another provider, is all that is left.
  private func panelOfEvicted() throws -> App {
    var app = try App(keeping: 1)
    try app.receive([try newlineAdded()])
    app.type("i")
    try app.receive([try Fixture.parable()])
    #expect(app.model.list.selection?.sequence == 2)
    #expect(app.screen.contains("Try it: #1"))
    return app
  }

  @Test(
    "the bytes that the try-it panel shows are those of the delivery in its title, also once that is evicted")
  func bytesOfEvicted() throws {
    var app = try panelOfEvicted()
    app.type("b")
    #expect(app.screen.contains("Signed bytes of #1"))
    #expect(app.screen.contains("1745518397.{"))
    #expect(app.screen.contains("First difference from what was signed with parlay"))
  }

  @Test("the search that the try-it panel asks for is about the delivery in its title")
  func searchOfEvicted() throws {
    var app = try panelOfEvicted()
    guard case .run(let job)? = app.model.update(.key(.character("d")), at: Fixture.start).first else {
      Issue.record("nothing is searched for")
      return
    }
    #expect(job.key == .diagnosis(1))
    #expect(app.screen.contains("cause         being searched for"))
    app.take(job.work { 0 })
    #expect(app.screen.contains(", PROVEN, "))
  }

  @Test("the secret that the try-it panel asks for is one of the provider of the delivery in its title")
  func secretOfEvicted() throws {
    var app = try panelOfEvicted()
    app.type("s")
    #expect(app.frame.last?.hasPrefix(" secret parlay/tried (not shown)") == true)
    app.paste("whsec_monitor_test")
    app.type("<Enter>")
    #expect(app.screen.contains("s  secret     parlay/tried ("))
  }

  @Test("the failed delivery that the user goes to is looked into before those that only wait")
  func selectedFirst() throws {
    var app = try App()
    var effects: [Effect] = []
    for id in 1...3 { effects += try app.receiveWithoutWork(try newlineAdded(id: "evt_\(id)")) }
    let priorities = effects.compactMap { if case .run(let job) = $0 { job.priority } else { nil } }
    #expect(priorities == [.unasked, .followed, .unasked, .followed, .unasked, .followed])
    let selecting = app.model.update(.key(.character("j")), at: Fixture.start)
    guard case .run(let job)? = selecting.first else {
      Issue.record("nothing is looked into")
      return
    }
    #expect(job.key == .diagnosis(2) && job.priority == .selected)
  }

  @Test("the list shows those for which a cause was found, as it is found, until they are evicted")
  func byCause() throws {
    var app = try App(keeping: 3)
    app.type("fcause:newline-*<Enter>")
    try app.receive([try newlineAdded(id: "evt_1"), try Fixture.parlay(id: "evt_2")])
    #expect(app.model.list.rowCount == 1 && app.screen.contains("cause:newline-*"))
    app.type("f<C-u>cause:body-nothing<Enter>")
    #expect(
      app.screen.contains("cause:body-nothing is not known: use a cause such as body-reserialised"))
    app.type("<C-u>-cause:*<Enter>")
    #expect(app.model.list.rowCount == 1)
    #expect(app.model.list.delivery(atRow: 0).sequence == 2)
    try app.receive([try newlineAdded(id: "evt_3")])
    #expect(app.model.list.rowCount == 1)
    #expect(app.model.list.outcomes.count == 2)
    for id in 4...6 { try app.receive([try Fixture.parlay(id: "evt_\(id)")]) }
    #expect(app.model.list.outcomes.isEmpty)
  }

  @Test("what was found out goes with its delivery, but for the one that a panel is about")
  func evictedWithDelivery() throws {
    var app = try App(keeping: 1)
    try app.receive([try newlineAdded(id: "evt_1")])
    app.type("i")
    try app.receive([try newlineAdded(id: "evt_2")])
    #expect(app.model.diagnoses.finished(1) != nil)
    app.type("<Esc>")
    try app.receive([try newlineAdded(id: "evt_3")])
    #expect(app.model.diagnoses[1] == nil && app.model.diagnoses[2] == nil)
    let known = try #require(app.model.diagnoses.finished(3))
    app.take(.diagnosed(sequence: 2, generation: 0, known))
    #expect(app.model.diagnoses[2] == nil)
  }

  @Test("no more diagnoses are kept than the log has room for")
  func bounded() {
    var log = DiagnosisLog()
    for sequence in 1...(UInt64(DiagnosisLog.capacity) + 10) { log.set(.waiting, for: sequence) }
    #expect(log[10] == nil)
    #expect(log[11] != nil)
  }
}
