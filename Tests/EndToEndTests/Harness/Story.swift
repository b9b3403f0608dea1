import Foundation
import Glibc

/// The README's story, as somebody follows it: its commands in three terminals, in its order.
final class Story {
  /// A block of commands, and the terminal where they are typed.
  private struct Block {
    let terminal: Int
    let commands: [String]
  }

  /// What the README has and a test must not use, with what takes its place.
  typealias Places = [(readme: String, own: String)]

  let terminals: [Shell]
  private var blocks: ArraySlice<Block>

  /// Opens the terminals.
  init(_ places: Places, environment: [String: String]) async throws {
    var terminals: [Shell] = []
    for rows in [60, 36, 60] { terminals.append(try await Shell(rows: rows, environment: environment)) }
    self.terminals = terminals
    blocks = try Self.blocks(places)[...]
    for terminal in terminals {
      try await terminal.type("unset PARLAY_SIGNING_SECRET PARABLE_SIGNING_SECRET")
    }
  }

  private static func blocks(_ places: Places) throws -> [Block] {
    let readme = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../README.md")
    let text = try String(contentsOf: readme.standardizedFileURL, encoding: .utf8)
    guard let section = text.firstMatch(of: #/\n## One story, end to end\n((?s).*?)\n## /#)?.1 else {
      return []
    }
    return section.matches(of: #/```sh\n# terminal ([123])\n((?s).*?)```/#).map { match in
      let commands = places.reduce(String(match.2)) { $0.replacing($1.readme, with: $1.own) }
      return Block(
        terminal: Int(match.1) ?? 0, commands: commands.split(separator: "\n").map(String.init))
    }
  }

  var isOver: Bool { blocks.isEmpty }

  private func next(in terminal: Int) throws -> [String] {
    guard let block = blocks.popFirst(), block.terminal == terminal else {
      throw NeverHappened("a block for terminal \(terminal)", within: .zero, instead: "\(blocks.count) left")
    }
    return block.commands
  }

  /// Types the commands of the next block, the last of which goes on.
  func begin(in terminal: Int) async throws -> Shell {
    let shell = terminals[terminal - 1]
    for command in try next(in: terminal) { try await shell.type(command) }
    return shell
  }

  /// Has the commands of the next block done in terminal 3, each after the one before, and gives what stands there then.
  @discardableResult
  func act() async throws -> Picture {
    let shell = terminals[2]
    try await shell.type("clear")
    var picture = try await shell.wait(until: "an empty terminal") { picture in
      picture.prompts == 1 && picture.lines.allSatisfy { $0.isEmpty || $0.hasPrefix("[") }
    }
    for (number, command) in try next(in: 3).enumerated() {
      try await shell.type(command)
      picture = try await shell.wait(until: command) { $0.prompts == number + 2 }
    }
    return picture
  }
}

extension Picture {
  /// How often the shell has asked for a line, or for more of one.
  fileprivate var prompts: Int { lines.count { $0.prefixMatch(of: #/\[\d+\]>|>( |$)/#) != nil } }
}

/// A port that nobody listens on, so that a program can be started there again.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let result = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
      bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
    }
  }
  guard result == 0 else { throw NeverHappened("a free port", within: .zero, instead: "error \(errno)") }
  return Int(UInt16(bigEndian: address.sin_port))
}
