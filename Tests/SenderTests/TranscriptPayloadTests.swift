import Foundation
import Testing
import Webhooks

@testable import Sender

@Suite struct TranscriptPayloadTests {
  private func document(minimumSize: Int = 0, seed: UInt64 = 1) throws -> [String: Any] {
    let options = SampleOptions(minimumSize: minimumSize)
    let body = Support.sample("capture.processed", options, seed: seed).body
    return try #require(try Support.json(body)["data"] as? [String: Any])
  }

  @Test("a transcript grows to the size that is asked for, and not far beyond", arguments: [4096, 204_800])
  func size(minimum: Int) {
    let body = Support.sample("capture.processed", SampleOptions(minimumSize: minimum)).body
    #expect(body.count >= minimum)
    #expect(body.count < minimum + 2048)
  }

  @Test("segments follow one another and are spoken by participants", arguments: 0..<20 as Range<UInt64>)
  func segments(seed: UInt64) throws {
    let document = try document(seed: seed)
    let participants = try #require(document["participants"] as? [[String: Any]])
    let people = participants.compactMap { $0["name"] as? String }
    #expect(people.count == 3)
    var end = 0.0
    for segment in try #require(document["segments"] as? [[String: Any]]) {
      #expect(people.contains(try #require(segment["speaker"] as? String)))
      let start = try #require(segment["start"] as? Double)
      #expect(start > end)
      end = try #require(segment["end"] as? Double)
      #expect(end > start)
      #expect((segment["text"] as? String)?.isEmpty == false)
    }
  }

  @Test("the document begins before it ends, as long as the talk, and ends before it is sent")
  func times() throws {
    let document = try document()
    let start = try #require(Timestamp(document["started_at"] as? String ?? ""))
    let end = try #require(Timestamp(document["ended_at"] as? String ?? ""))
    let last = try #require((document["segments"] as? [[String: Any]])?.last?["end"] as? Double)
    #expect(abs(end.seconds - start.seconds - last) < 0.01)
    #expect(end < Support.now)
  }

  @Test("each transcript has accents, Japanese and an emoji", arguments: 0..<20 as Range<UInt64>)
  func beyondASCII(seed: UInt64) {
    let text = Support.text(Support.sample("capture.processed", seed: seed).body)
    #expect(text.contains("é"))
    #expect(text.unicodeScalars.contains { (0x3040...0x9fff).contains($0.value) })
    #expect(text.unicodeScalars.contains { $0.properties.isEmojiPresentation })
  }
}
