import Glibc

/// The time that deadlines are counted in.
public enum Clock {
  /// Nanoseconds of `CLOCK_MONOTONIC`, which no change of the wall clock moves.
  public static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// What is left until the deadline in milliseconds, rounded up so that a wait does not end early and
  /// start again; -1 where there is no end.
  public static func milliseconds(until deadline: UInt64?, atMost limit: Int32?) -> Int32 {
    guard let deadline else { return limit ?? -1 }
    let current = now
    let left = deadline > current ? (deadline - current + 999_999) / 1_000_000 : 0
    return min(Int32(clamping: left), limit ?? .max)
  }
}

/// The user's time zone.
public enum LocalZone {
  /// Seconds east of UTC, now.
  public static var offset: Int {
    var now = time(nil)
    var fields = tm()
    localtime_r(&now, &fields)
    return fields.tm_gmtoff
  }
}
