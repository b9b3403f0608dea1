import Foundation
import Glibc
import Testing

@testable import hooktop

struct FileStreamTests {
  @Test("a pipe is read once: its first line, and then the rest")
  func pipe() throws {
    var ends: [Int32] = [0, 0]
    #expect(Glibc.pipe(&ends) == 0)
    let text = Array("first\nsecond\nthird".utf8)
    #expect(write(ends[1], text, 8) == 8)
    let stream = try FileStream("/dev/fd/\(ends[0])")
    close(ends[0])
    let start = try stream.readLine(limit: 100)
    #expect(start == Array(text.prefix(8)))
    #expect(write(ends[1], Array(text.dropFirst(8)), text.count - 8) == text.count - 8)
    close(ends[1])
    #expect(try stream.readToEnd(atMost: text.count, after: start) == text)
    #expect(try stream.next() == nil)
  }

  @Test("a line over the limit is not waited for")
  func limit() throws {
    let stream = try FileStream("/dev/zero")
    let start = try stream.readLine(limit: 1 << 20)
    #expect((1 << 20...1 << 21).contains(start.count))
  }

  @Test("a file that is not there, and one that can't be read, say so by name")
  func failures() throws {
    #expect(throws: FileError.self) { try FileStream("/nonexistent/x") }
    let folder = try FileStream("/")
    let error = #expect(throws: FileError.self) { try folder.next() }
    #expect(error?.description == "/ can't be read: Is a directory")
  }
}
