internal import JSON
internal import Screen
internal import Webhooks

/// Deliveries and news without the values that a presentation hides.
public struct MaskedNews: Sendable {
  fileprivate let number: Int
  fileprivate var batches: [Journal.Batch] = []
  fileprivate var deliveries: [UInt64: PresentedDelivery] = [:]
  /// How many of the deliveries that were hidden as a whole have been looked at.
  fileprivate var looked = 0
}

extension DeliveryList {
  /// The numbers of the deliveries whose values are found one after the other: those that are not in a file, and those
  /// that something happened to.
  var hiddenOneByOne: [UInt64] {
    guard kept.areFiled else { return kept.map(\.sequence) }
    return outcomes.numbers.filter(kept.isFiled) + (kept.firstUnpacked..<kept.count).map(kept.sequence)
  }
}

extension Model {
  /// Keeps what has arrived until its values have been found.
  mutating func hold(_ batch: Journal.Batch) -> [Effect] {
    presentation?.waiting.append(batch)
    return maskMore()
  }

  /// Has values looked for in what has arrived, and in some of what is hidden as a whole.
  mutating func maskMore() -> [Effect] {
    guard var work = presentation, work.hides, !work.isAtWork, !(work.waiting.isEmpty && work.veiled.isEmpty)
    else { return [] }
    (work.inWork, work.waiting, work.isAtWork) = (work.waiting, [], true)
    presentation = work
    let begun = work
    let cost = work.inWork.reduce(0) { $0 + $1.deliveries.reduce(0) { $0 + $1.cost } }
    return [.run(Job(.mask, priority: .asked, bytes: cost) { .masked(begun.masked($0)) })]
  }

  /// Takes deliveries whose values have been found; gives the news that can be shown now.
  mutating func take(_ news: MaskedNews) -> [Journal.Batch] {
    guard var work = presentation, work.number == news.number else { return [] }
    work.veiled.removeLast(min(news.looked, work.veiled.count))
    for delivery in news.deliveries.values { work.unmet.subtract(delivery.met) }
    presentation = work.done(with: list)
    if work.veiled.isEmpty, news.looked > 0 { noticeUnmet(work) }
    if !news.deliveries.isEmpty {
      list.replaceOutcomesOfFiled { news.deliveries[$0]?.outcomes }
      list.replace { news.deliveries[$0.sequence] }
    }
    return news.batches
  }

  /// Says which paths hide nothing in what is kept: a wrong one would be thought to hide what all can see.
  private mutating func noticeUnmet(_ work: Presentation) {
    let paths = work.redaction.paths
    guard !work.unmet.isEmpty, !list.kept.areFiled else { return }
    let words = work.unmet.sorted().map { paths[$0].text }.joined(separator: ", ")
    notice = Notice("No kept delivery has \(words): nothing is hidden there", .warning)
  }

  /// Shows what has arrived without anything but verdicts: there was no room or no time to find its values.
  mutating func takeMaskingFailure(isOverrun: Bool) -> [Journal.Batch] {
    guard var work = presentation else { return [] }
    let batches = work.inWork.map { batch in
      var veiled = batch
      veiled.deliveries = batch.deliveries.map { Redaction.veiling($0, [], for: .tooMany).delivery }
      veiled.outcomes = batch.outcomes.map {
        Journal.OutcomeChange(sequence: $0.sequence, outcomes: $0.outcomes.map(Redaction.veiling))
      }
      return veiled
    }
    // What took too long is most likely the one that the job began with.
    if isOverrun, batches.isEmpty { _ = work.veiled.popLast() }
    presentation = work.done(with: list)
    return batches
  }

  /// Lets jobs see what the list has now.
  func showToJobs() { presentation?.seen.take(list.kept) }
}

extension Presentation {
  /// The work is over: what the news say of outcomes is remembered as it was, as long as the list has the delivery.
  fileprivate func done(with list: DeliveryList) -> Presentation {
    var done = self
    for change in inWork.flatMap(\.outcomes) { done.outcomes.take(change) }
    if done.outcomes.count > 2 * list.kept.count + 64 {
      let all = done.outcomes
      done.outcomes = Outcomes()
      for sequence in all.numbers where list.kept.holds(sequence) {
        done.outcomes.take(Journal.OutcomeChange(sequence: sequence, outcomes: all[sequence]))
      }
    }
    (done.isAtWork, done.inWork) = (false, [])
    return done
  }
}

extension Presentation {
  /// Looks for values in what has arrived, and then for some time in what is hidden as a whole.
  fileprivate func masked(_ clock: @escaping Job.Clock) -> MaskedNews {
    let part = Job.Part(clock)
    var news = MaskedNews(number: number)
    news.batches = inWork.map(masked)
    for sequence in veiled.reversed() {
      guard !part.isOver || news.looked == 0 else { break }
      news.looked += 1
      guard let delivery = ring.find(sequence) else { continue }
      news.deliveries[sequence] = redaction.presenting(delivery, outcomes[sequence])
    }
    return news
  }

  private func masked(_ batch: Journal.Batch) -> Journal.Batch {
    var masked = batch
    masked.deliveries = batch.deliveries.map { redaction.presenting($0, []).delivery }
    let new = Dictionary(batch.deliveries.map { ($0.sequence, $0) }) { $1 }
    masked.outcomes = batch.outcomes.map { change in
      let delivery = new[change.sequence] ?? ring.find(change.sequence)
      return Journal.OutcomeChange(
        sequence: change.sequence,
        outcomes: delivery.map { redaction.presenting($0, change.outcomes).outcomes }
          ?? change.outcomes.map(Redaction.veiling))
    }
    return masked
  }
}
