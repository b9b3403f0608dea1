import Testing
import Webhooks

@Suite struct LivemodeTests {
  @Test(
    "no flag is neither live nor test",
    arguments: [(true, Livemode.live), (false, .test), (nil, .notApplicable)] as [(Bool?, Livemode)])
  func flag(flag: Bool?, mode: Livemode) {
    #expect(Livemode(flag) == mode)
    #expect(mode.flag == flag)
  }
}
