import Foundation
import Glibc

/// The most memory that the process takes while something runs, in bytes more than before.
public enum PeakMemory {
  private struct Unknown: Error {}

  /// - Throws: where the system does not say.
  public static func measure(_ body: () throws -> Void) throws -> Int {
    trim()
    // The number 5 sets the peak to what is resident now.
    try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
    let before = try value("VmRSS")
    try body()
    return try value("VmHWM") - before
  }

  /// Gives what was freed back to the system, so that it does not hide what is taken next.
  private static func trim() {
    guard let trim = dlsym(nil, "malloc_trim") else { return }
    _ = unsafeBitCast(trim, to: (@convention(c) (Int) -> Int32).self)(0)
  }

  private static func value(_ name: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    guard let size = line.flatMap({ Int($0.filter(\.isNumber)) }) else { throw Unknown() }
    return size << 10
  }
}
