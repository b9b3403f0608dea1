internal import Glibc

/// The user's time zone.
enum LocalZone {
  /// Seconds east of UTC, now.
  static var offset: Int {
    var now = time(nil)
    var fields = tm()
    localtime_r(&now, &fields)
    return fields.tm_gmtoff
  }
}
