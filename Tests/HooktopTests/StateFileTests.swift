import Dispatch
import Foundation
import Glibc
import Sender
import Testing

@testable import hooktop

/// The file that a sandbox keeps its state in.
struct StateFileTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID().uuidString)")
  private var path: String { folder.appending(path: "state").path }

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func withFolder(_ body: () throws -> Void) rethrows {
    defer { try? FileManager.default.removeItem(at: folder) }
    try body()
  }

  private func line(_ text: String) -> [UInt8] { Array((text + "\n").utf8) }
  private var content: String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

  @Test("lines are appended and read again, and a new set of them takes their place")
  func lines() throws {
    try withFolder {
      do {
        let file = try StateFile(path)
        #expect(try file.lines().isEmpty)
        try file.append(line(#"{"changes":[1]}"#))
        try file.append(line(#"{"changes":[2]}"#))
        #expect(content == "{\"changes\":[1]}\n{\"changes\":[2]}\n")
        try file.replace(with: [line(#"{"changes":[3]}"#)])
        try file.append(line(#"{"changes":[4]}"#))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["state"])
      }
      let again = try StateFile(path).lines().map { String(decoding: $0, as: UTF8.self) }
      #expect(again == [#"{"changes":[3]}"#, #"{"changes":[4]}"#])
    }
  }

  @Test("only its owner can read it once it is written; before that, what was there is left as it is")
  func mode() throws {
    try withFolder {
      #expect(
        FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o644]))
      let file = try StateFile(path)
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o644)
      try file.replace(with: [])
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }

  @Test("a line that a crash cut off at the end does not count, and one that is all there is neither")
  func cut() throws {
    try withFolder {
      try Data(#"{"changes":[{"api_k"#.utf8).write(to: URL(filePath: path))
      #expect(try StateFile(path).lines().isEmpty)
      try Data("{\"changes\":[1]}\n{\"chan".utf8).write(to: URL(filePath: path))
      #expect(try StateFile(path).lines().count == 1)
    }
  }

  @Test("a file of something else is refused and left as it is")
  func other() throws {
    try withFolder {
      try Data("a letter without a newline".utf8).write(to: URL(filePath: path))
      #expect(throws: StateFileError.notAState(path: path)) { try StateFile(path).lines() }
      #expect(content == "a letter without a newline")
      #expect(throws: StateFileError.notAFile(path: "/dev/null")) { try StateFile("/dev/null") }
      #expect(throws: StateFileError.cannotOpen(path: folder.path, code: EISDIR)) {
        try StateFile(folder.path)
      }
    }
  }

  @Test("a link to it stays one, and the file that it leads to is written", arguments: [false, true])
  func link(isThere: Bool) throws {
    try withFolder {
      let link = folder.appending(path: "link").path
      if isThere { try Data().write(to: URL(filePath: path)) }
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "state")
      let file = try StateFile(link)
      try file.replace(with: [line("{}")])
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "state")
      #expect(content == "{}\n")
      #expect(throws: StateFileError.inUse(path: path)) { try StateFile(path) }
    }
  }

  @Test("no other file of its folder is touched")
  func neighbours() throws {
    try withFolder {
      let other = folder.appending(path: "state.new")
      try Data("mine".utf8).write(to: other)
      try StateFile(path).replace(with: [line("{}")])
      #expect(try String(contentsOf: other, encoding: .utf8) == "mine")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    }
  }

  /// Lines that come one at a time: the second one when it is let go.
  private struct HeldLines: Sequence, Sendable {
    let lines: [[UInt8]]
    let begun = DispatchSemaphore(value: 0)
    let go = DispatchSemaphore(value: 0)

    func makeIterator() -> AnyIterator<[UInt8]> {
      var place = 0
      return AnyIterator {
        if place == 1 {
          begun.signal()
          go.wait()
        }
        defer { place += 1 }
        return place < lines.count ? lines[place] : nil
      }
    }
  }

  private func wait(until condition: () -> Bool) {
    let start = ContinuousClock.now
    while !condition(), start.duration(to: .now) < .seconds(20) { usleep(2000) }
  }

  private var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? []
  }

  @Test(
    "what is appended while the file is written anew stands behind the new lines, in order",
    arguments: [1, 40])
  func renewed(count: Int) throws {
    try withFolder {
      let file = try StateFile(path, limits: .init(size: 1 << 30, growth: 10))
      try file.replace(with: [])
      try file.append(line("old and long"))
      #expect(file.isOvergrown)
      let new = HeldLines(lines: [line("new 1"), line("new 2")])
      file.renew(with: new)
      new.begun.wait()
      // Together they are more than is copied at a time.
      let later = (1...count).map { line("\($0) " + String(repeating: "a", count: 100_000)) }
      for text in later { try file.append(text) }
      #expect(
        !file.isOvergrown && content.hasPrefix("old and long\n1 a") && names == [".state.draft", "state"])
      // It is being done.
      file.renew(with: [line("never")])
      new.go.signal()
      wait { names == ["state"] }
      let due = "new 1\nnew 2\n" + later.map { String(decoding: $0, as: UTF8.self) }.joined()
      #expect(content == due)
      try file.append(line("last"))
      #expect(content == due + "last\n")
      #expect(throws: StateFileError.inUse(path: path)) { try StateFile(path) }
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }

  @Test("a file that is closed while it is written anew stays as it was, and no draft of it is left")
  func closed() throws {
    try withFolder {
      let file = try StateFile(path)
      try file.append(line("old"))
      let new = HeldLines(lines: [line("new 1"), line(String(repeating: "a", count: 2 << 20))])
      file.renew(with: new)
      new.begun.wait()
      file.close()
      #expect(names == ["state"])
      new.go.signal()
      try file.append(line("older"))
      // What is on its way comes to nothing, and so does another try.
      for _ in 1...2 {
        wait { file.isIdle }
        #expect(file.isIdle && names == ["state"] && content == "old\nolder\n")
        file.renew(with: [line("never")])
      }
      wait { file.isIdle }
      #expect(names == ["state"] && content == "old\nolder\n")
    }
  }

  @Test("what a crash has left of a new file is no part of the next one, and goes with it")
  func staleDraft() throws {
    try withFolder {
      let draft = folder.appending(path: ".state.draft").path
      try Data("half a li".utf8).write(to: URL(filePath: draft))
      let file = try StateFile(path)
      try file.replace(with: [line("{}")])
      #expect(content == "{}\n" && names == ["state"])
    }
  }

  @Test(
    "where it can't be written anew beside the work, the file that is there goes on, and it is tried again")
  func failedRenewal() throws {
    try withFolder {
      let file = try StateFile(path, limits: .init(size: 100_000, growth: 400))
      try file.replace(with: [])
      // Nothing can be put where the new one is written.
      let place = folder.appending(path: ".state.draft/full")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let text = line(String(repeating: "a", count: 99))
      for _ in 0..<5 { try file.append(text) }
      #expect(file.isOvergrown)
      file.renew(with: [text])
      wait { file.isIdle }
      #expect(!file.isOvergrown && content.count == 500)
      for _ in 0..<2 { try file.append(text) }
      #expect(file.isOvergrown)
      try FileManager.default.removeItem(at: place.deletingLastPathComponent())
      file.renew(with: [text])
      wait { content.count == 100 }
      #expect(content.count == 100 && names == ["state"])
    }
  }

  @Test("two sandboxes can't have the same file, before and after it was written anew")
  func inUse() throws {
    try withFolder {
      let file = try StateFile(path)
      #expect(throws: StateFileError.inUse(path: path)) { try StateFile(path) }
      try file.replace(with: [line("{}")])
      #expect(throws: StateFileError.inUse(path: path)) { try StateFile(path) }
    }
  }

  /// Does `work` while no file may become larger than 10 bytes.
  private func withoutRoom(_ work: () -> Void) {
    var old = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old)
    var small = rlimit(rlim_cur: 10, rlim_max: old.rlim_max)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &small)
    defer { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &old) }
    work()
  }

  @Test("what can't be written is cut back, and said in words")
  func full() throws {
    try withFolder {
      let file = try StateFile(path)
      try file.append(line("first"))
      withoutRoom {
        #expect(throws: StateFileError.cannotWrite(path: path, code: EFBIG)) {
          try file.append(line("a second line"))
        }
      }
      #expect(content == "first\n")
    }
  }

  @Test("a file that can't be written anew is not tried again before it has grown some more")
  func failedRewrite() throws {
    try withFolder {
      let file = try StateFile(path, limits: .init(size: 100_000, growth: 400))
      try file.replace(with: [])
      let text = line(String(repeating: "a", count: 99))
      for _ in 0..<4 { try file.append(text) }
      #expect(!file.isOvergrown)
      try file.append(text)
      #expect(file.isOvergrown)
      withoutRoom {
        #expect(throws: StateFileError.cannotWrite(path: path, code: EFBIG)) {
          try file.replace(with: [text])
        }
      }
      #expect(!file.isOvergrown)
      for _ in 0..<2 { try file.append(text) }
      #expect(file.isOvergrown)
      try file.replace(with: [])
      #expect(!file.isOvergrown && content.isEmpty)
    }
  }

  @Test("a file never becomes larger than what is read, and is to be written anew long before")
  func bounded() throws {
    try withFolder {
      do {
        let file = try StateFile(path, limits: .init(size: 1000, growth: 600))
        try file.replace(with: [])
        let text = line(String(repeating: "a", count: 99))
        for number in 1...10 {
          try file.append(text)
          #expect(file.isOvergrown == (number > 5))
        }
        #expect(throws: StateFileError.cannotWrite(path: path, code: EFBIG)) { try file.append(text) }
        #expect(file.isOvergrown)
      }
      #expect(try StateFile(path, limits: .init(size: 1000)).lines().count == 10)
      try Data(repeating: 0x0A, count: 1001).write(to: URL(filePath: path))
      #expect(throws: StateFileError.tooLarge(path: path)) {
        try StateFile(path, limits: .init(size: 1000)).lines()
      }
    }
  }

  @Test("each failure says what to do in one line")
  func words() {
    let errors: [StateFileError] = [
      .cannotOpen(path: "f", code: EACCES), .cannotRead(path: "f", code: EIO),
      .cannotWrite(path: "f", code: ENOSPC),
      .notAFile(path: "f"), .notAState(path: "f"), .inUse(path: "f"), .tooLarge(path: "f"),
    ]
    for error in errors {
      #expect(error.description.hasPrefix("f ") && error.description.contains("give --state"))
      #expect(!error.description.contains("\n"))
    }
  }
}

/// The values of the sandbox's options.
struct SandboxOptionTests {
  @Test(
    "an address to listen on is a host and a port",
    arguments: [
      ("127.0.0.1:4800", "127.0.0.1", 4800), ("localhost:0", "localhost", 0), ("[::1]:65535", "::1", 65535),
    ])
  func listen(text: String, host: String, port: Int) {
    #expect(ListenAddress(argument: text) == ListenAddress(host: host, port: port))
  }

  @Test(
    "anything else is none",
    arguments: ["", "4800", ":4800", "127.0.0.1", "127.0.0.1:", "::1:80", "a:65536", "[a]:1", "a:-1"])
  func noAddress(text: String) {
    #expect(ListenAddress(argument: text) == nil)
  }

  @Test(
    "a rate is a number a second, with or without its unit",
    arguments: [("1/s", 1), ("0/s", 0), ("0.5/s", 0.5), ("2000/s", 2000)])
  func rate(text: String, perSecond: Double) {
    #expect(Rate(argument: text)?.perSecond == perSecond)
    #expect(Rate(argument: String(text.dropLast(2)))?.perSecond == perSecond)
    #expect(Rate(perSecond: perSecond).defaultValueDescription == text)
  }

  @Test(
    "anything else is none", arguments: ["", "/s", "-1", "-1/s", "nan/s", "inf", "1/m", "1/s/s", "1 /s", "x"])
  func noRate(text: String) {
    #expect(Rate(argument: text) == nil)
  }
}
