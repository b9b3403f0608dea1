import JSON
import Testing
@testable import Webhooks

@Suite struct TimestampTests {
  @Test(
    "moments are read from unix seconds and RFC 3339",
    arguments: [
      ("0", 0), ("1745518397", 1_745_518_397_000_000), ("1745518397.25", 1_745_518_397_250_000),
      ("1745518397.1234567", 1_745_518_397_123_456), ("999999999999", 999_999_999_999_000_000),
      ("2026-04-24T18:53:17Z", 1_777_056_797_000_000), ("2026-04-24T18:53:17z", 1_777_056_797_000_000),
      ("2026-04-24 18:53:17Z", 1_777_056_797_000_000),
      ("2026-04-24T18:53:17.867123+00:00", 1_777_056_797_867_123),
      ("2026-04-24T20:53:17.5+0200", 1_777_056_797_500_000),
      ("2026-04-24T13:23:17-05:30", 1_777_056_797_000_000),
      ("2024-02-29T00:00:00Z", 1_709_164_800_000_000), ("1969-12-31T23:59:59.5Z", -500_000),
      ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
    ])
  func reads(text: String, microseconds: Int64) {
    #expect(Timestamp(text)?.microseconds == microseconds)
  }

  @Test(
    "anything else is no moment",
    arguments: [
      "", ".", "1.", ".5", "-1", "+1", "1e9", " 1", "1 ", "1745518397.5x", "1.1234567890123456789x",
      "1.12345678901234567890x", "1000000000000", "99999999999999999999999", "0x10", "١",
      "2026-04-24", "2026-04-24T18:53:17", "2026-13-24T18:53:17Z", "2026-00-24T18:53:17Z",
      "2026-04-31T18:53:17Z", "2026-02-29T18:53:17Z", "1900-02-29T00:00:00Z",
      "2026-04-00T18:53:17Z", "2026-04-24T24:00:00Z",
      "2026-04-24T18:60:00Z", "2026-04-24T18:53:61Z", "2026-04-24T18:53:17.Z", "2026-04-24T18:53:17+2:00",
      "2026-04-24T18:53:17+0:200", "2026-04-24T18:53:17+99:99", "2026-04-24T18:53:17+24:00",
      "2026-04-24T18:53:17Zx", "2026-04-24T18:53:17,5Z", "2026/04/24T18:53:17Z", "20a6-04-24T18:53:17Z",
      "2026-04-24T18:53:17++200",
    ])
  func refuses(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test(
    "moments are written in ISO 8601 with six decimals and read back the same",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (1_795_284_131_482_913, "2026-11-21T18:02:11.482913Z"),
      (-1, "1969-12-31T23:59:59.999999Z"), (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
      (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
    ])
  func writes(microseconds: Int64, text: String) {
    #expect(Timestamp(microseconds: microseconds).iso8601 == text)
    #expect(Timestamp(text)?.microseconds == microseconds)
  }

  @Test("every day of two centuries with their leap years is read as the calendar writes it")
  func days() {
    let (day, start) = (Int64(86_400_000_000), Int64(-29_220 * 86_400))
    let wrong = (0..<80_000).map { Timestamp(microseconds: start * 1_000_000 + $0 * day) }
      .filter { Timestamp($0.iso8601) != $0 }
    #expect(wrong.isEmpty)
  }

  @Test(
    "the time of day follows the zone's offset",
    arguments: [(0, "18:02:11"), (3600, "19:02:11"), (-19_800, "12:32:11"), (21_600, "00:02:11")])
  func timeOfDay(offset: Int, text: String) {
    #expect(Timestamp(microseconds: 1_795_284_131_482_913).timeOfDay(offset: offset) == text)
  }

  @Test("the calendar of moments before 1970 counts its fraction forwards")
  func calendar() {
    let date = Timestamp(microseconds: -1_500_000).calendar()
    #expect(
      date
        == Timestamp.Calendar(
          year: 1969, month: 12, day: 31, hour: 23, minute: 59, second: 58, microsecond: 500_000))
  }

  @Test(
    "seconds beyond 64 bits of microseconds are clamped",
    arguments: [(1e300, Int64.max), (-1e300, .min), (.infinity, .max), (.nan, .min), (1.0000004, 1_000_000)])
  func clamped(seconds: Double, microseconds: Int64) {
    #expect(Timestamp(seconds: seconds).microseconds == microseconds)
  }

  @Test("moments are ordered and told in seconds")
  func order() {
    #expect(Timestamp(microseconds: 1) < Timestamp(microseconds: 2))
    #expect(Timestamp(microseconds: 2_500_000).seconds == 2.5)
    #expect(Timestamp.now() > Samples.now)
  }

  @Test("numbers are padded with zeros", arguments: [(7, 2, "07"), (123, 2, "123"), (0, 3, "000")])
  func padded(number: Int, width: Int, text: String) {
    #expect(number.padded(width) == text)
  }
}
