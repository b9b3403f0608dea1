internal import Screen
public import Webhooks

/// How far a recorded session has been read, and what in it can't be.
public struct Loading: Sendable, Equatable {
  /// Whether it is a stream, which is shown as it comes and ends with whatever it comes from.
  public var isLive = false
  /// A line that can't be read; the lines beside it can.
  public struct SkippedLine: Sendable, Equatable {
    /// The line's number in the file, from 1.
    public var number: Int
    public var error: SessionError

    public init(number: Int, error: SessionError) {
      self.number = number
      self.error = error
    }
  }

  /// How many skipped lines are listed; all are counted.
  public static let listLimit = 1000

  /// How much of the file has been read; nil if its length is not known.
  public var percent: Int?
  public var isFinished = false
  /// Why reading ended before the file did.
  public var fault: String?
  /// The first lines that can't be read.
  public private(set) var skipped: [SkippedLine] = []
  public private(set) var skippedCount = 0

  public init() {}

  public mutating func skip(_ line: SkippedLine) {
    skippedCount += 1
    if skipped.count < Loading.listLimit { skipped.append(line) }
  }
}

extension Loading {
  /// What the user is to know once the session is loaded; nil if all of it could be read.
  var notice: Notice? {
    if let fault { return Notice("Not all could be loaded: \(fault)", .failure) }
    guard let first = skipped.first else { return nil }
    let reason = first.error.description
    let (end, line) = isLive ? ("The stream has ended; ", "line") : ("", "Line")
    return skippedCount == 1
      ? Notice("\(end)\(line) \(first.number) was skipped: \(reason)", .warning)
      : Notice("\(end)\(count) were skipped, I lists them; line \(first.number): \(reason)", .warning)
  }

  /// How far it has come, for the top line.
  var progress: String { isLive ? "live" : percent.map { "loading \($0)%" } ?? "loading" }

  /// `2 lines`: how many can't be read.
  var count: String { Wording.count(skippedCount, "line") }
}

extension Model {
  /// Takes over how far a recorded session has been read.
  mutating func take(_ news: Loading) -> [Effect] {
    let hasEnded = news.isFinished && loading?.isFinished != true
    loading = news
    guard hasEnded else { return [] }
    // Nothing is to come that could be followed.
    list.stopFollowing()
    notice = news.notice ?? (news.isLive ? Notice("The stream has ended") : notice)
    // The file may have been changed since it was recorded.
    return keyring.isEmpty ? [] : recheckKept()
  }

  /// Why there is nothing to follow or to hold up; nil if deliveries may still come.
  var reasonForNoArrivals: String? {
    guard let loading, loading.isFinished else { return nil }
    return loading.isLive ? "The stream has ended" : "The whole session is loaded"
  }
}
