internal import Screen
internal import Webhooks

extension Model {
  /// The checks and replays of several that are shown.
  var errands: Set<Int> { Set(panels.all.compactMap(\.errand)) }

  /// The jobs that something on the screen waits for; one that nothing waits for any more is cancelled.
  var awaited: Set<Job.Key> {
    var keys = panels.all.reduce(into: Set<Job.Key>()) { $0.formUnion($1.awaited) }
    keys.formUnion(inspection?.awaited ?? [])
    if let finding, finding.text == searches[.deliveries], list.follows || list.selected == finding.start {
      keys.insert(.find)
    }
    if fetch?.isAtWork == true { keys.insert(.fetch) }
    if attemptsInView?.isAsked == true { keys.insert(.attempts) }
    if presentation?.isAtWork == true { keys.insert(.mask) }
    return keys
  }

  /// Takes back what says that a job is waited for, where it is given up for its time, and tells the user.
  mutating func takeOverrun(of key: Job.Key) {
    switch key {
    case .fetch: fetch?.isAtWork = false
    case .document: inspection?.refuseBody("Not read: reading took longer than \(key.limitWords).")
    // The next key would only begin it again.
    case .search: inspection?.parts[.body]?.awaited = nil
    case .fold: inspection?.isFolding = false
    case .measure:
      inspection?.isMeasuring = false
      inspection?.isUnmeasurable = true
    case .find: finding = nil
    case .attempts: takeOverrunOfAttempts()
    case .diagnosis, .filter, .trial, .comparison, .difference, .text, .summary, .recheck, .copy, .mask,
      .field, .shape:
      break
    }
    notice = Notice("\(key.name) took longer than \(key.limitWords) and was stopped.", .warning)
  }

  /// Takes back what says that a job is waited for, where there was no room for it, and tells the user.
  mutating func takeRefusal(of key: Job.Key) {
    switch key {
    case .diagnosis(let sequence):
      // One that is looked into again keeps what is known.
      if case .waiting? = diagnoses[sequence] { set(.skipped(.queueFull), for: sequence) }
      return
    // The body is shown without marks.
    case .shape: return
    case .fetch: fetch?.isAtWork = false
    case .document:
      inspection?.refuseBody(
        "Not read: other large bodies are being read. Press b, or select the delivery again, to read it.")
    case .filter: list.refuseSlice()
    case .search: inspection?.parts[.body]?.awaited?.isAtWork = false
    case .fold: inspection?.isFolding = false
    case .measure: inspection?.isMeasuring = false
    case .find: finding = nil
    case .attempts: takeRefusalOfAttempts()
    case .trial, .comparison, .difference, .text, .summary, .recheck, .copy, .mask, .field:
      break
    }
    notice = Notice("Too much other work is waiting. \(key.wayOn)", .warning)
  }
}

extension Job.Key {
  /// `20 s`: how long a job of this kind may take.
  var limitWords: String { Durations.words(Double(limit ?? 0)) }

  /// What the work is called in a sentence about it.
  fileprivate var name: String {
    switch self {
    case .diagnosis: "The diagnosis"
    case .trial: "The try"
    case .fetch: "Reading the delivery"
    case .document: "Reading the body"
    case .comparison: "Comparing the bytes"
    case .difference: "Comparing the deliveries"
    case .filter: "Filtering"
    case .find, .search: "The search"
    case .text: "Reading the text"
    case .fold: "Folding"
    case .measure: "Measuring long lines"
    case .summary: "Counting"
    case .recheck: "Checking what is kept again"
    case .attempts: "Looking up the attempts"
    case .copy: "Copying"
    case .mask: "Finding the values to hide"
    case .field: "Reading the field's values"
    case .shape: "Comparing the body with others"
    }
  }

  /// What becomes of a refused job, and how the user gets its result all the same.
  fileprivate var wayOn: String {
    switch self {
    case .diagnosis: "Press i to diagnose this delivery."
    case .trial: "Press a key of the panel to try again."
    case .fetch: "Select the delivery again to read it."
    case .document: "Press b, or select the delivery again, to read its body."
    case .comparison: "Close the panel and press b again to compare the bytes."
    case .difference: "Close the panel and press D again to compare."
    case .filter: "Filtering resumes with the next key or delivery."
    case .find: "Press n to search again."
    case .search: "The search resumes with the next key or delivery."
    case .text: "Close the text and press V again."
    case .fold: "Press the key again to fold."
    case .measure: "Long lines are measured with the next key."
    case .summary: "Close the summary and open it again to count."
    case .attempts: "The attempts are looked up with the next key or delivery."
    case .copy: "Press y to copy again."
    case .mask: "What has just arrived is hidden as a whole."
    case .field: "Close the panel and press H again to read the field."
    case .shape: "Select the delivery again to compare its keys."
    case .recheck: "Retire the secret and use it again to check what is kept."
    }
  }
}
