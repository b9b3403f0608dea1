import Testing

@testable import hooktop

@Suite struct VersionTests {
  @Test("a commit that is not known is said not to be")
  func words() {
    #expect(Version.words(commit: "4f3c2a19d0be-dirty") == "\(Version.number) (commit 4f3c2a19d0be-dirty)")
    #expect(Version.words(commit: "") == "\(Version.number) (unknown commit)")
  }
}
