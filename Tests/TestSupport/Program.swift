import Foundation

/// Another program, which a test asks for an answer that owes nothing to hooktop.
public enum Program {
  /// What `command` prints for `input`, and of its errors too where they are wanted.
  ///
  /// The input is bounded by what the kernel keeps for a pipe: it is written before anything is read.
  public static func run(
    _ command: [String], input: [UInt8] = [], withErrors: Bool = false
  ) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    if withErrors { process.standardError = stdout }
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input))
    try stdin.fileHandleForWriting.close()
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(output)
  }
}
