import Foundation
import Testing

@testable import Sender

@Suite struct RandomNumberGeneratorSamplesTests {
  @Test("a UUID is a well-formed version 4 in lower case, whatever the numbers", arguments: 0..<200)
  func uuid(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let uuid = random.uuid()
    #expect(UUID(uuidString: uuid)?.uuidString.lowercased() == uuid)
    #expect(Array(uuid)[14] == "4")
    #expect("89ab".contains(Array(uuid)[19]))
  }

  @Test("a token has the length asked for and only letters and digits")
  func token() {
    var random = SplitMix64(seed: 3)
    let token = random.token(500)
    #expect(token.count == 500)
    #expect(token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
  }
}
