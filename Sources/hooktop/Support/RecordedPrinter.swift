internal import Monitor
internal import Webhooks

/// Prints a recorded session as `tail` prints a live one, for want of a screen.
enum RecordedPrinter {
  static func print(_ file: RecordedFile) throws {
    var file = file
    while let lines = try file.next() {
      // Records in one write; a line that is skipped is told in its place.
      var records: [SessionRecord] = []
      for line in lines {
        switch line {
        case .record(let record): records.append(record)
        case .skipped(let skipped):
          try TailLine.print(records)
          records = []
          Console.warn("line \(skipped.number) is skipped: \(skipped.error)")
        }
      }
      try TailLine.print(records)
    }
  }
}
