import TestSupport
import Testing
@testable import Webhooks

@Suite struct SessionNumberTests {
  private static let texts = [
    "0", "-0", "0.0", "-0.0", "7", "-7", "3.2", "-3.2", "0.1", "0.3", "1.005", "0.000001", "-0.000001",
    "300.000001",
    "123456789012345", "1234567890123456", "12345678901234567890", "0.12345678901234", "0.123456789012345",
    "0.1234567890123456", "99999999999999.9", "999999999999999.9", "9007199254740993", "9.007199254740993",
    "1e3",
    "1E-2", "9.5e+2", "1e400", "18446744073709551615", "18446744073709551616", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "4294967296", "65536",
  ]

  @Test("a number is read as a text of it would be, to the last bit", arguments: texts)
  func table(text: String) {
    let (decimal, whole) = (SessionNumber.decimal(text.utf8.span), text.utf8.span)
    #expect(decimal?.bitPattern == Double(text)?.bitPattern)
    #expect(SessionNumber.integer(whole) as Int? == Int(text))
    #expect(SessionNumber.integer(whole) as UInt64? == UInt64(text))
    #expect(SessionNumber.integer(whole) as UInt16? == UInt16(text))
  }

  @Test("so is any other with a few digits, or many, on both sides of the point")
  func random() {
    var random = SeededRandom(seed: 1)
    for _ in 0..<20_000 {
      let whole = String(random.next() >> UInt64(random.number(below: 64)))
      let fraction = String(random.next()).prefix(random.number(below: 20))
      let text = (random.isOne(in: 2) ? "-" : "") + whole + (fraction.isEmpty ? "" : ".\(fraction)")
      #expect(SessionNumber.decimal(text.utf8.span)?.bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }
}
