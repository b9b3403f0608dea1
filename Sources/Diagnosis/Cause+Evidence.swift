internal import Webhooks

extension Cause.TimestampOddity {
  var words: String {
    switch self {
    case .milliseconds:
      "t is in milliseconds: it was signed so, and lies far in the future when read as seconds"
    case .microseconds:
      "t is in microseconds: it was signed so, and lies far in the future when read as seconds"
    case .date: "t is a date, not unix seconds; the date as sent is what was signed"
    case .otherSpelling: "t is not written as plain unix seconds; the text as sent is what was signed"
    case .unreadable: "t is not plain unix seconds"
    case .signedOtherwise(let source): source.words
    }
  }
}

extension Cause.TimestampSource {
  fileprivate var words: String {
    switch self {
    case .number: "the number that t stands for was signed, not the text that was sent"
    case .secondsOfMilliseconds: "t is in milliseconds, but its whole seconds were signed"
    case .secondsOfMicroseconds: "t is in microseconds, but its whole seconds were signed"
    case .secondsOfDate: "t is a date, but its unix time was signed"
    case .header(let name): "the header has no t; what was signed stands in \(name)"
    case .arrival(0): "the header has no t; the second of the arrival was signed"
    case .arrival(let before):
      "the header has no t; what was signed is the second \(Durations.words(Double(abs(before)))) "
        + (before > 0 ? "before the arrival" : "after the arrival")
    }
  }
}

extension Cause.ClockStory {
  var words: String {
    switch self {
    case .allShifted(let seconds, let others):
      "the \(others) nearest deliveries are off by about \(Durations.words(abs(seconds))) as well, so this machine's "
        + "clock seems to be \(seconds < 0 ? "behind" : "ahead")"
    case .sameSignature(let delivery, let ago):
      "delivery \(delivery) had the same signature \(Durations.words(ago)) earlier: a retry that was not signed "
        + "again, or a replay"
    case .burst(let count, let seconds):
      "\(count) deliveries of different age came within \(Durations.words(seconds)): a queue seems to have been let go"
    case .onlyThisOne(let others):
      "\(others == 1 ? "the delivery next to it is" : "\(others) deliveries near it are") fresh, only this one is off: a replay, or it was held up"
    case .heldUp(let seconds):
      "it was signed \(Durations.words(seconds)) after the event, and came much later: it was held up or replayed"
    case .ahead: "only this t is ahead: the sender's clock is, or t was made up"
    case .beforeItsEvent(let seconds):
      "it was signed \(Durations.words(seconds)) before its own event: the sender's clocks differ, or t was made up"
    case .noNeighbours: "there are no other verified deliveries to compare with: a clock, a replay or a queue"
    }
  }
}

extension Cause.CharsetEvidence {
  var words: String {
    switch self {
    case .undone(let words):
      "the signature shows that the body \(words); the conversion seems to have happened on the way"
    case .replacementCharacter(let offset):
      "at byte \(offset) stands U+FFFD, which takes the place of bytes that are lost"
    case .notUTF8: "the body is not UTF-8"
    }
  }
}

extension Cause.Truncation {
  var words: String {
    switch self {
    case .missingBrackets(let count):
      "with the last \(count) closing brackets the body is what was signed: it was cut off there"
    case .statedSize(let stated, let actual): "Content-Length says \(stated) bytes, and \(actual) came"
    case .openJSON(let offset): "the JSON ends at byte \(offset), where more is due"
    case .roundSize(let size): "the body has exactly \(size) bytes, a common size of buffers"
    }
  }
}

extension Cause.WrappingEvidence {
  var words: String {
    switch self {
    case .undone(let words):
      "the signature shows that the body \(words); something between the signer and here seems to do that"
    case .compressed(let name): "the body is compressed with \(name)"
    case .form: "the body is a form, not a document"
    }
  }
}
