import Testing
@testable import Webhooks

@Suite struct FilterThresholdTests {
  @Test(
    "each comparison admits its side of the number",
    arguments: [
      ("<5", [true, false, false]), ("<=5", [true, true, false]), ("=5", [false, true, false]),
      ("5", [false, true, false]), (">=5", [false, true, true]), (">5", [false, false, true]),
    ])
  func comparisons(text: String, admitted: [Bool]) throws {
    let threshold = try #require(FilterThreshold(text, units: [:]))
    #expect([4.999999, 5, 5.000001].map(threshold.admits) == admitted)
  }

  @Test(
    "units multiply, in either case",
    arguments: [
      ("1s", 1.0, true), ("5m", 300, true), ("2H", 7200, true), ("1d", 86_400, true), ("1.5h", 5400, true),
      ("10k", 10_240, false), ("10K", 10_240, false), ("1M", 1_048_576, false), ("1g", 1_073_741_824, false),
      ("0.5k", 512, false),
    ])
  func units(text: String, value: Double, isTime: Bool) throws {
    let units = isTime ? FilterThreshold.timeUnits : FilterThreshold.sizeUnits
    #expect(try #require(FilterThreshold(text, units: units)).admits(value))
  }

  @Test(
    "what is no number is refused",
    arguments: [
      "", "-", "5-", "+5", ".5", "5.", "1e3", "0x5", "5 ", "٥", "5ss", "s", "--5", "nan", "<>5", "==5",
    ])
  func refused(text: String) {
    #expect(FilterThreshold(text, units: FilterThreshold.timeUnits) == nil)
  }
}
