import Glibc

/// `microbench WHAT N [SIZE] [--time]`: prepares one kind of work, then does it N times.
///
/// It prints nothing but, with `--time`, the nanoseconds of CPU that one time takes: so the instructions of N and
/// of 2N times differ by exactly N times the work. Without arguments it lists what there is.
@main
enum Microbench {
  static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    let isTimed = arguments.last == "--time"
    if isTimed { arguments.removeLast() }
    guard let name = arguments.popFirst() else { return list() }
    guard let work = Work.all.first(where: { $0.name == name }),
      let count = arguments.popFirst().flatMap({ Int($0) }),
      let size = arguments.isEmpty ? work.size : Int(arguments.removeFirst())
    else {
      let usage = Array(
        "usage: microbench WHAT N [SIZE] [--time]; without arguments it lists what there is\n".utf8)
      write(STDERR_FILENO, usage, usage.count)
      exit(64)
    }
    let run = try work.prepare(size)
    let start = nanoseconds()
    for _ in 0..<count { run() }
    if isTimed { print((nanoseconds() - start) / UInt64(max(1, count))) }
  }

  private static func list() {
    for work in Work.all { print("\(work.name)\t\(work.count)\t\(work.size)\t\(work.sentence)") }
  }

  private static func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
