import Glibc

/// `microbench WHAT N [SIZE] [--time | --wait]`: prepares one kind of work, then does it N times.
///
/// It prints nothing but, with `--time`, the nanoseconds of CPU that one time takes, and with `--wait` how many pass
/// meanwhile: so the instructions of N and of 2N times differ by exactly N times the work. Without arguments it lists
/// what there is.
@main
enum Microbench {
  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    let clock = arguments.last.flatMap { clocks[$0] }
    if clock != nil { arguments.removeLast() }
    guard let name = arguments.popFirst() else { return list() }
    guard let work = Work.all.first(where: { $0.name == name }),
      let count = arguments.popFirst().flatMap({ Int($0) }),
      let size = arguments.isEmpty ? work.size : Int(arguments.removeFirst())
    else {
      let usage = Array(
        "usage: microbench WHAT N [SIZE] [--time | --wait]; without arguments it lists what there is\n".utf8)
      write(STDERR_FILENO, usage, usage.count)
      exit(64)
    }
    let run = try work.prepare(size)
    let start = clock.map(nanoseconds)
    for _ in 0..<count { run() }
    if let clock, let start { print((nanoseconds(of: clock) - start) / UInt64(max(1, count))) }
  }

  private static let clocks = ["--time": CLOCK_PROCESS_CPUTIME_ID, "--wait": CLOCK_MONOTONIC]

  private static func list() {
    for work in Work.all { print("\(work.name)\t\(work.count)\t\(work.size)\t\(work.sentence)") }
  }

  private static func nanoseconds(of clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
