import Foundation
import Testing

@testable import Diagnosis
@testable import Webhooks

@Suite("Sample verifiers")
struct SampleVerifierTests {
  /// What was recorded when the samples were run on one input.
  struct Recording: Decodable, Sendable {
    let header: String?
    let body: Data
    let now: Double
    let parlayTS: String
    let parlayPy: String
    let parableTS: String
    let secret: String?

    enum CodingKeys: String, CodingKey {
      case header, now, secret
      case body = "body_b64"
      case parlayTS = "parlay_ts"
      case parlayPy = "parlay_py"
      case parableTS = "parable_ts"
    }

    func recorded(_ sample: SampleVerifier) -> String {
      switch sample {
      case .parlayTypeScript: parlayTS
      case .parlayPython: parlayPy
      case .parableTypeScript: parableTS
      }
    }

    func modelled(_ sample: SampleVerifier, secret: String) -> SampleResult {
      sample.result(
        SampleInput(
          header: header, body: Array(body), key: MACKey(Array(secret.utf8))!, now: Timestamp(seconds: now)))
    }
  }

  static let vectors: [Recording] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../WebhooksTests/Vectors/signatures.json").standardizedFileURL
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Recording].self, from: data)) ?? []
  }()

  @Test("each model agrees with all 115 measured results of its sample", arguments: SampleVerifier.allCases)
  func vectors(sample: SampleVerifier) {
    #expect(Self.vectors.count == 115)
    for vector in Self.vectors {
      // `ACCEPT`, `reject` or `THROW RangeError CODE`, and a remark in brackets about other servers.
      let words = vector.recorded(sample).prefix { $0 != "(" }.split(separator: " ")
      let result = vector.modelled(sample, secret: vector.secret ?? "")
      switch result {
      case .accepts: #expect(words == ["ACCEPT"], "\(vector)")
      case .rejects: #expect(words == ["reject"], "\(vector)")
      case .fails(let failure, _):
        #expect(words.prefix(2) == ["THROW", Substring(failure.rawValue)], "\(vector)")
      }
    }
  }

  @Test("samples that share the codes of a delivery say of it what each says by itself")
  func shared() {
    for vector in Self.vectors {
      let (secret, now) = (vector.secret ?? "", Timestamp(seconds: vector.now))
      for samples in [SampleVerifier.allCases, SampleVerifier.allCases.reversed()] {
        let codes = SampleCodes(body: Array(vector.body), key: MACKey(Array(secret.utf8))!)
        for sample in samples {
          let result = sample.result(SampleInput(header: vector.header, codes: codes, now: now))
          #expect(result == vector.modelled(sample, secret: secret), "\(vector)")
        }
      }
    }
  }

  struct Runs: Decodable, Sendable {
    let secret: String
    let cases: [Recording]
  }

  @Test("each model agrees with its sample on a thousand odd headers", arguments: SampleVerifier.allCases)
  func runs(sample: SampleVerifier) throws {
    let runs = try JSONDecoder().decode(Runs.self, from: DiagnosisFixtures.data("samples"))
    var accepted = 0
    for run in runs.cases {
      let result = run.modelled(sample, secret: runs.secret)
      let modelled: String = if case .fails(let failure, _) = result { failure.rawValue } else { result.word }
      #expect(modelled == run.recorded(sample), "\(run.header.debugDescription.prefix(200)) \(result)")
      if result == .accepts { accepted += 1 }
    }
    #expect(runs.cases.count > 1000)
    #expect(accepted > 40)
  }

  @Test("a request without the header makes every sample throw", arguments: SampleVerifier.allCases)
  func noHeader(sample: SampleVerifier) throws {
    let secret = try SigningSecret("whsec_x", label: "parlay", provider: .parlay)
    let result = sample.result(header: nil, body: [], secret: secret, at: Timestamp(seconds: 0))
    #expect(result.word == "throws")
    #expect(result.sentence.contains("not there"))
  }

  @Test("a header that stands twice is joined as the sample's server does")
  func joined() {
    #expect(SampleVerifier.parlayPython.joined(["a", "b"]) == "a,b")
    #expect(SampleVerifier.parlayTypeScript.joined(["a", "b"]) == "a, b")
    #expect(SampleVerifier.parableTypeScript.joined([]) == nil)
  }
}
