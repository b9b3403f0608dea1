import TestSupport
import Testing

@testable import Diagnosis
@testable import JSON
@testable import Webhooks

@Suite("What a search makes once")
struct DamagedKeysTests {
  private static func keys(_ count: Int) throws -> [KeyCandidate] {
    try (0..<count).map { place in
      let secret = try SigningSecret("whsec_key\(place)", label: "\(place)", provider: .parlay)
      return KeyCandidate(secret, origin: .own, digests: [.sha256])
    }
  }

  private static func visited(_ visit: ((KeyCandidate) -> Bool) -> Bool) -> [[UInt8]] {
    var found: [[UInt8]] = []
    _ = visit {
      found.append($0.identity)
      return false
    }
    return found
  }

  @Test(
    "all keys two changes and one character away are tried, each once, few as many", arguments: [1, 10, 20])
  func all(count: Int) throws {
    let whole = try Self.keys(count)
    let damaged = DamagedKeys(of: whole)
    let twice = Self.visited(damaged.visitTwice)
    let once = damaged.once.map(\.identity)
    #expect(Set(twice).count == twice.count)
    #expect(Set(twice).isDisjoint(with: once) && Set(twice).isDisjoint(with: whole.map(\.identity)))
    #expect(twice.contains(Array("'WHSEC_KEY0'".utf8)))
    let away = Self.visited(damaged.visitOneCharacterAway)
    #expect(away.contains(Array("whsec_ke0".utf8)) && away.contains(Array("hwsec_key0".utf8)))
    #expect(away.contains(Array("whsec_key\(count - 1)!".utf8)))
    // The same once more.
    #expect(Self.visited(damaged.visitTwice) == twice)
    #expect(Self.visited(damaged.visitOneCharacterAway) == away)
  }

  @Test("the visit of a key ends the rest", arguments: [1, 20])
  func stopped(count: Int) throws {
    let damaged = DamagedKeys(of: try Self.keys(count))
    var visits = 0
    for visit in [damaged.visitTwice, damaged.visitOneCharacterAway] {
      let isStopped = visit { _ in
        visits += 1
        return true
      }
      #expect(isStopped)
    }
    #expect(visits == 2)
  }

  @Test("searches of one keyring share what damage makes of a few keys, each for its deliveries")
  func shared() throws {
    let past = PastSearches()
    let keys = try Self.keys(1)
    func question(_ endpoint: String?, _ isInForce: Bool) -> DamagedKeys.Question {
      DamagedKeys.Question(
        provider: "parlay", endpoint: endpoint, isInForce: [isInForce], digests: [.sha256])
    }
    let first = past.damagedKeys(question(nil, true), of: keys)
    #expect(past.damagedKeys(question(nil, true), of: keys) === first)
    #expect(past.damagedKeys(question("staging", true), of: keys) !== first)
    #expect(past.damagedKeys(question(nil, false), of: keys) !== first)
    #expect(!first.once.isEmpty && first.once.first === first.once.first)
  }

  @Test("chains of changes make the same bodies whether there is room for what they begin with or not")
  func chains() {
    let body = Array(
      #"{"id":"evt_1","at":"2026-11-30T10:00:00Z","n":[1.50,null,{}],"t":"Zo\u00eb","k":null} "#.utf8)
    let subject = DiagnosisSubject(
      request: Request(headers: Headers([]), body: body), receivedAt: Timestamp(seconds: 1_745_518_400),
      verdict: Verdict(.noV1Matches), providers: .builtIn)
    let around = Neighbours(of: subject, in: [])
    func made(_ memory: SearchMemory) -> [[UInt8]] {
      var tried = TriedBodies()
      var bodies: [[UInt8]] = []
      _ = BodyCandidates(for: subject, around, memory: memory).visitPairs {
        if case .made(let body) = $0, tried.insert(body.bytes) { bodies.append(body.bytes) }
        return false
      }
      return bodies
    }
    // Room for each copy of the body, and for no more than a few of them.
    let narrow = SearchMemory(20 * body.count * 16 * 5)
    #expect(narrow.kept <= 20 * body.count)
    let due = made(.byHand)
    let isSame = made(narrow) == due
    #expect(due.count * body.count > 10 * narrow.kept && isSame)
  }
}
