import Glibc

/// The time that deadlines are counted in.
public enum Clock {
  /// Nanoseconds of `CLOCK_MONOTONIC`, which no change of the wall clock moves.
  public static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Returns what is left until the deadline in milliseconds, rounded up so that a wait does not end early and start
  /// again; -1 where there is no end.
  public static func milliseconds(until deadline: UInt64?, atMost limit: Int32?) -> Int32 {
    guard let deadline else { return limit ?? -1 }
    let current = now
    let left = deadline > current ? (deadline - current + 999_999) / 1_000_000 : 0
    return min(Int32(clamping: left), limit ?? .max)
  }
}

/// The user's time zone.
public enum LocalZone {
  /// Seconds east of UTC at a moment in seconds since 1970, and what the zone is called then.
  public static func reading(at seconds: Int) -> (offset: Int, name: String) {
    var seconds = seconds
    var fields = tm()
    guard localtime_r(&seconds, &fields) != nil else { return (0, "UTC") }
    return (fields.tm_gmtoff, fields.tm_zone.map { String(cString: $0) } ?? "")
  }
}
