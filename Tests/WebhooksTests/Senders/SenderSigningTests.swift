import Foundation
import JSON
import TestSupport
import Testing

@testable import Webhooks

/// What is signed here is taken by the senders' own libraries, where they are installed, and else by Python's hmac.
@Suite struct SenderSigningTests {
  private struct Answer: Decodable {
    let name: String
    let ok: Bool
    let by: String
  }

  private struct Question: Encodable {
    let name, secret, url, body: String
    let now: Int
    let headers: [String: String]
  }

  private static func question(_ vector: SenderVector, body: [UInt8]) throws -> Question {
    let secret = try SigningSecret(vector.secret, label: "a", provider: vector.provider)
    let fields = secret.fields(
      signing: body, at: Timestamp(seconds: vector.now), id: Array("msg_1".utf8), url: Array(vector.url.utf8))
    return Question(
      name: vector.name, secret: vector.secret, url: vector.url, body: Data(body).base64EncodedString(),
      now: Int(vector.now),
      headers: Dictionary(uniqueKeysWithValues: fields.map { ($0.name.text, $0.value.text) }))
  }

  private static func answers(_ questions: [Question]) throws -> [Answer] {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/senders.py").standardizedFileURL.path
    let lines = try questions.map { try JSONEncoder().encode($0) + Data("\n".utf8) }
    let printed = try Program.run(["python3", script, "verify"], input: Array(lines.joined()))
    return try printed.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Answer.self, from: Data($0))
    }
  }

  @Test("every sender that can be signed for is, and a changed body is not taken")
  func signed() throws {
    let vectors = SenderVector.all.filter { !$0.scheme.kind.isOneWay }
    let questions = try vectors.map { vector in
      let sample = vector.provider.samples.last?.body(
        id: "x1", at: Timestamp(seconds: vector.now), isLive: true)
      return try Self.question(vector, body: sample ?? vector.body)
    }
    let answers = try Self.answers(questions)
    #expect(answers.map(\.name) == vectors.map(\.name))
    for answer in answers { #expect(answer.ok, "\(answer.name) by \(answer.by)") }
    let broken = zip(questions, vectors).filter { $1.scheme.kind == .hmac }.map { question, _ in
      let body = Data((Data(base64Encoded: question.body) ?? Data()) + [0x20])
      return Question(
        name: question.name, secret: question.secret, url: question.url, body: body.base64EncodedString(),
        now: question.now, headers: question.headers)
    }
    for answer in try Self.answers(broken) { #expect(!answer.ok, "\(answer.name) by \(answer.by)") }
  }

  @Test("only the sender signs with a private key", arguments: ["discord", "sendgrid"])
  func oneWay(name: String) throws {
    let vector = SenderVector.named(name)
    let secret = try SigningSecret(vector.secret, label: "a", provider: vector.provider)
    #expect(secret.fields(signing: vector.body, at: Timestamp(seconds: vector.now)).isEmpty)
  }

  @Test(
    "each sender has two or three samples, one of them with all that printers of JSON treat in different ways",
    arguments: Providers.builtIn.all)
  func samples(provider: Provider) throws {
    guard !Providers.documented.all.contains(provider) else { return }
    #expect((2...3).contains(provider.samples.count))
    #expect(provider.events == provider.samples.map(\.event))
    let moment = Timestamp(seconds: 1_745_518_397)
    for sample in provider.samples {
      let body = sample.body(id: "abc", at: moment, isLive: false)
      #expect(JSONFieldQuery([["a"]]).fields(in: body).isJSON, "\(sample.event)")
      #expect(!body.contains(UInt8(ascii: "$")), "\(sample.event)")
    }
    let texts = provider.samples.map {
      String(decoding: $0.body(id: "abc", at: moment, isLive: false), as: UTF8.self)
    }
    #expect(
      texts.contains { text in
        ["ë", "田中", "🚀", "<b>", "&", "/", "\u{2028}", ":1.0,", ":{}", ":12345678901234567"].allSatisfy(
          text.contains)
      })
    let unnamed = ["hubspot", "sendgrid"].contains(provider.name)
    for sample in provider.samples where provider.eventHeader.isEmpty && !unnamed {
      let request = Request(headers: [], body: sample.body(id: "abc", at: moment, isLive: false))
      #expect(Envelope(reading: request, of: provider).event?.text == sample.event)
    }
  }
}
