import Glibc
import Testing

@testable import Monitor

@Suite struct ReadmeTests {
  @Test("the README's keys are those of the action table")
  func keys() throws {
    let path = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/README.md"
    let text = contents(of: path)
    let start = try #require(text.firstRange(of: "<!-- keys:"))
    let opened = try #require(text[start.lowerBound...].firstRange(of: "-->\n")).upperBound
    let end = try #require(text.firstRange(of: "<!-- /keys -->")).lowerBound
    if getenv("RECORD_README") != nil {
      let file = try #require(fopen(path, "w"))
      fputs(text[..<opened] + KeyReference.markdown + text[end...], file)
      fclose(file)
    } else {
      #expect(text[opened..<end] == KeyReference.markdown)
    }
  }
}
