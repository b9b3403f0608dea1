import Testing

@testable import Sender

@Suite struct SplitMix64Tests {
  @Test("the first numbers of a seed are those of the published algorithm")
  func reference() {
    var random = SplitMix64(seed: 1_234_567)
    let numbers = (0..<5).map { _ in random.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test("another seed gives other numbers")
  func seeds() {
    var one = SplitMix64(seed: 1)
    var two = SplitMix64(seed: 2)
    #expect(one.next() != two.next())
  }
}
