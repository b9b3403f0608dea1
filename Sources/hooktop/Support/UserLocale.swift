internal import Screen

/// The user's locale, as far as hooktop goes by it.
enum UserLocale {
  /// What the user's terminal can show. Asked for first thing in `main`: `setlocale` is not for programs
  /// that have threads.
  static let charset = Charset.adoptLocale()
}
