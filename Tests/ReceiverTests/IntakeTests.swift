import JSON
import NIOCore
import Synchronization
import Testing
import Webhooks

@testable import Receiver

@Suite("Taking a request in")
struct IntakeTests {
  private func request(signature: String?) -> Request {
    let fields = signature.map { [Headers.Field("X-Parlay-Signature", $0)] } ?? []
    return Request(headers: Headers(fields), body: Samples.body, peer: "p")
  }

  @Test("a good signature is answered 200, a bad one 401, and both are kept")
  func verdicts() throws {
    let ring = Journal()
    let intake = Samples.intake(ring, keyring: try Samples.keyring())
    #expect(intake.status(for: request(signature: try Samples.signature())) == 200)
    #expect(intake.status(for: request(signature: try Samples.signature(secret: "other"))) == 401)
    #expect(ring.deliveries.map(\.verdict.status) == [.valid, .mismatch])
    #expect(ring.deliveries.map(\.answer?.status) == [200, 401])
    #expect(ring.deliveries.map(\.receivedAt) == [Samples.arrival, Samples.arrival])
    #expect(ring.deliveries[0].envelope.event == "webhook.test")
  }

  @Test("before no secret matches, those that have come are asked for; a delivery that they verify is taken")
  func renewed() throws {
    let ring = Journal()
    let asked = Atomic(0)
    let new = try Samples.keyring()
    let intake = Intake(
      providers: .builtIn, verifier: Verifier(keyring: try Samples.keyring("old")), answerPolicy: .verified,
      journal: ring,
      renew: { keyring in
        // Only the second question has an answer.
        guard asked.add(1, ordering: .relaxed).newValue == 2 else { return false }
        keyring = new
        return true
      }, clock: { Samples.arrival })
    #expect(intake.status(for: request(signature: nil)) == 401)
    #expect(asked.load(ordering: .relaxed) == 0, "a missing signature is no matter of secrets")
    #expect(intake.status(for: request(signature: try Samples.signature())) == 401)
    #expect(intake.status(for: request(signature: try Samples.signature())) == 200)
    #expect(intake.status(for: request(signature: try Samples.signature())) == 200)
    #expect(asked.load(ordering: .relaxed) == 2, "a valid one asks for nothing")
    #expect(ring.deliveries.map(\.verdict.status) == [.missing, .mismatch, .valid, .valid])
  }

  @Test("the time of arrival is given, and the answer's milliseconds count from it")
  func arrival() throws {
    let ring = Journal()
    let before = Moment(
      wall: Timestamp(seconds: Samples.arrival.seconds - 60), steady: .now() - .seconds(60))
    _ = Samples.intake(ring).plan(for: IncomingRequest(request(signature: nil)), at: before)
    #expect(ring.deliveries.map(\.receivedAt) == [before.wall])
    #expect(ring.deliveries.allSatisfy { $0.answer?.milliseconds ?? 0 >= 60_000 })
  }

  @Test("asked to explain, it says the verdict in the answer's body, and nothing that was received")
  func explained() throws {
    let intake = Intake(
      providers: .builtIn, verifier: Verifier(keyring: try Samples.keyring()), answerPolicy: .verified,
      explains: true, journal: Journal())
    func body(_ signature: String?) -> String {
      guard
        case .now(let response) = intake.plan(
          for: IncomingRequest(request(signature: signature)),
          at: Moment(wall: Samples.arrival, steady: .now()))
      else { return "" }
      return String(decoding: response.body, as: UTF8.self)
    }
    #expect(body(try Samples.signature()) == "hooktop: valid: signed by the holder of the secret\n")
    #expect(body("t=1,v1=<script>") == "hooktop: malformed: v1 is not 64 hexadecimal digits\n")
    #expect(body(nil).hasPrefix("hooktop: "))
  }

  @Test("the policy always answers 200 to a bad signature too")
  func always() throws {
    let ring = Journal()
    let intake = Samples.intake(ring, keyring: try Samples.keyring(), policy: .always)
    #expect(intake.status(for: request(signature: nil)) == 200)
    #expect(ring.deliveries[0].verdict.status == .missing)
  }

  @Test("what can't be stored is answered 503, counted as an incident, and is no delivery")
  func notStored() {
    let disk = StandInRecorder()
    let ring = Journal(recorder: disk)
    disk.isFull = true
    let intake = Samples.intake(ring)
    #expect(intake.status(for: request(signature: nil)) == 503)
    #expect(ring.deliveries.isEmpty)
    let incident = ring.everything.incidents.first
    #expect(incident?.reason == .notStored)
    #expect(incident?.status == 503)
    #expect(incident?.peer == "p")
    #expect(incident?.detail == "a delivery could not be stored: the stand-in disk is full")
  }

  @Test("nothing is kept once the receiver is stopped, though a connection outlives it")
  func closed() {
    let ring = Journal()
    let intake = Samples.intake(ring)
    intake.close()
    guard case .drop = intake.plan(for: IncomingRequest(request(signature: nil)), at: Samples.moment) else {
      Issue.record("not dropped")
      return
    }
    intake.report(.aborted, "gone", peer: "p", status: nil)
    #expect(ring.counts == Journal.Counts())
  }

  @Test("an incident that can't be stored is shown, and a second one says so")
  func incidentNotStored() {
    let disk = StandInRecorder()
    let ring = Journal(recorder: disk)
    let intake = Samples.intake(ring)
    disk.isFull = true
    intake.report(.aborted, "gone", peer: "p", status: nil)
    #expect(ring.reasons == [.aborted, .notStored])
    disk.isFull = false
    intake.report(.aborted, "gone", peer: "p", status: nil)
    #expect(disk.records.count == 1)
  }
}

extension Intake {
  /// The status that a request is answered with at once; nil if it is answered later.
  fileprivate func status(for request: Request) -> Int? {
    if case .now(let response) = plan(for: IncomingRequest(request), at: Samples.moment) {
      response.status
    } else {
      nil
    }
  }
}
