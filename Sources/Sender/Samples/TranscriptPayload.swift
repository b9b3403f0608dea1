internal import JSON
internal import Webhooks

/// Parable's `capture.processed`: a full transcript document, of any length that is asked for.
enum TranscriptPayload {
  static func envelope(_ draft: inout SampleDraft) -> SampleJSON {
    [
      "event": .string(draft.event),
      "delivery_id": .string(draft.deliveryID),
      "emitted_at": .string(draft.now.withMilliseconds),
      "data": draft.noted(document(&draft)),
    ]
  }

  private static func document(_ draft: inout SampleDraft) -> SampleJSON {
    let people = Array(SampleWords.people.shuffled(using: &draft.random).prefix(3))
    let talk = Talk(between: people, minimumSize: draft.options.minimumSize, random: &draft.random)
    // A capture enters the stream within about a minute of its end.
    let end = draft.now.adding(-Double.random(in: 20...60, using: &draft.random))
    return [
      "id": .string(draft.eventID),
      "title": .string(draft.random.word(SampleWords.titles)),
      "started_at": .string(end.adding(-Double(talk.centiseconds) / 100).withMilliseconds),
      "ended_at": .string(end.withMilliseconds),
      "participants": .array(people.map { ["name": .string($0), "role": role(of: $0, in: people)] }),
      "segments": .array(talk.segments),
    ]
  }

  private static func role(of person: String, in people: [String]) -> SampleJSON {
    person == people.first ? "host" : "guest"
  }
}

extension TranscriptPayload {
  /// What was said, by whom and when.
  private struct Talk {
    var segments: [SampleJSON] = []
    /// The length so far in hundredths of a second: whole numbers, so that times print without noise.
    var centiseconds = 0
    private var size = 0

    init(between people: [String], minimumSize: Int, random: inout SplitMix64) {
      say(random.word(SampleWords.greetings), by: people[0], random: &random)
      say(random.word(SampleWords.remarks), by: people[1], random: &random)
      let turns = Int.random(in: 7...16, using: &random)
      while segments.count < turns || size < minimumSize {
        let sentences = SampleWords.sentences.shuffled(using: &random)
        let length = Int.random(in: 1...4, using: &random)
        let speaker = people[segments.count % people.count]
        say(sentences.prefix(length).joined(separator: " "), by: speaker, random: &random)
      }
    }

    private mutating func say(_ text: String, by speaker: String, random: inout SplitMix64) {
      let start = centiseconds + Int.random(in: 20...180, using: &random)
      centiseconds = start + text.utf8.count * Int.random(in: 5...8, using: &random)
      let segment: SampleJSON = [
        "speaker": .string(speaker), "start": .number(Self.seconds(start)),
        "end": .number(Self.seconds(centiseconds)), "text": .string(text),
      ]
      segments.append(segment)
      size += segment.bytes.count
    }

    private static func seconds(_ centiseconds: Int) -> String {
      "\(centiseconds / 100).\((centiseconds % 100).padded(2))"
    }
  }
}
