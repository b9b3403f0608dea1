import Testing
@testable import JSON

@Suite struct ShortDecimalTests {
  @Test(
    "a number is written with as few digits as it needs and no more decimals than it may have",
    arguments: [
      (0, 6, "0"), (-0.0, 6, "0"), (3.2, 6, "3.2"), (-3.2, 6, "-3.2"), (300, 6, "300"), (0.4, 3, "0.4"),
      (0.000001, 6, "0.000001"), (-0.000001, 6, "-0.000001"), (0.0000004, 6, "0"), (-0.0000004, 6, "0"),
      (0.0000006, 6, "0.000001"), (1.9999999, 6, "2"), (12.3456, 3, "12.346"), (0.9996, 3, "1"),
      (1e15, 6, "1000000000000000"), (1e17, 6, "100000000000000000"), (5, 0, "5"), (1e18, 6, nil),
      (.infinity, 6, nil), (-.infinity, 6, nil), (.nan, 6, nil),
    ] as [(Double, Int, String?)])
  func writing(value: Double, decimals: Int, text: String?) {
    #expect(ShortDecimal.text(value, decimals: decimals) == text)
  }

  @Test("any number of microseconds reads back as the same number of seconds")
  func roundTrip() {
    for _ in 0..<5000 {
      let micros = Int64.random(in: -(1 << Int64.random(in: 1...62))...(1 << 62))
      let seconds = Double(micros) / 1e6
      #expect(ShortDecimal.text(seconds, decimals: 6).flatMap(Double.init) == seconds, "\(micros)")
    }
  }

  @Test(
    "millionths are written exactly",
    arguments: [
      (0, "0"), (1, "0.000001"), (-1_500_000, "-1.5"), (300_000_000, "300"), (.max, "9223372036854.775807"),
      (.min, "-9223372036854.775808"),
    ] as [(Int64, String)])
  func millionths(value: Int64, text: String) {
    #expect(ShortDecimal.text(millionths: value) == text)
  }
}
