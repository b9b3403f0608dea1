import Glibc

/// What the user's locale lets a terminal show.
public enum Charset: Hashable, Sendable {
  case utf8
  /// Everything beyond ASCII is drawn as `\u{…}`.
  case ascii

  /// Takes over the character type of the user's locale, once, before the first thread is started.
  ///
  /// A locale that is named but not installed here, as is usual after `ssh`, counts as UTF-8 where its
  /// name says so. Numbers and messages keep the C locale: the output must be the same everywhere.
  public static func adoptLocale() -> Charset {
    if setlocale(LC_CTYPE, "") == nil, namesUTF8(requestedLocale) {
      setlocale(LC_CTYPE, "C.UTF-8")
    }
    return current
  }

  /// What the process's character type is now.
  static var current: Charset {
    namesUTF8(String(cString: nl_langinfo(Int32(CODESET)))) ? .utf8 : .ascii
  }

  private static var requestedLocale: String {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      if let value = getenv(name), value.pointee != 0 { return String(cString: value) }
    }
    return ""
  }

  /// True for a locale such as `en_US.UTF-8` or `sr_RS.utf8@latin`, and for the code set's own name.
  static func namesUTF8(_ name: String) -> Bool {
    let lower = name.prefix { $0 != "@" }.lowercased()
    return lower.hasSuffix("utf-8") || lower.hasSuffix("utf8")
  }
}
