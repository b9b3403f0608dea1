import Monitor
import Testing
import Webhooks

@testable import hooktop

struct RecordedNewsTests {
  private func lines(_ bytes: [UInt8]) throws -> [RecordedLine] {
    try SampleSession.withFile(bytes) { path in
      var file = try RecordedFile(path, providers: .builtIn)
      return try file.next() ?? []
    }
  }

  @Test("what was taken does not come again, and the counts go on")
  func take() throws {
    let bytes =
      SampleSession.delivery(1) + SampleSession.delivery(2, .noV1Matches) + SampleSession.incident
      + Array("junk\n".utf8)
    var news = RecordedNews()
    #expect(news.take().isEmpty)
    news.add(try lines(bytes), percent: 40)
    news.add(try lines(bytes), percent: 80)
    guard case .arrived(let batch)? = news.take().first else {
      Issue.record("nothing has arrived")
      return
    }
    #expect(batch.deliveries.count == 4 && batch.incidents.count == 2)
    #expect(batch.firstKept == 1 && batch.missed == 0)
    #expect(batch.counts.received == 4 && batch.counts.failed == 2 && batch.counts.incidents == 2)
    #expect(news.take().isEmpty)

    news.end(fault: "gone")
    let last = news.take()
    #expect(last.count == 1)
    guard case .loading(let loading)? = last.first else {
      Issue.record("no word of the end")
      return
    }
    #expect(loading.isFinished && loading.fault == "gone")
    #expect(loading.percent == 80)
    #expect(loading.skippedCount == 2 && loading.skipped.map(\.number) == [4, 4])
  }
}
