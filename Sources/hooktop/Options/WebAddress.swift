internal import ArgumentParser

/// An http or https URL on the command line, as far as its beginning tells.
struct WebAddress: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    let scheme = argument.prefix { $0 != ":" }
    let host = argument.dropFirst(scheme.count + 3).prefix { !"/?#".contains($0) }
    guard ["http", "https"].contains(scheme.lowercased()),
      argument.dropFirst(scheme.count).hasPrefix("://"), !host.isEmpty
    else { return nil }
    text = argument
  }

  /// An address that the program itself names.
  init(known text: String) {
    self.text = text
  }

  var defaultValueDescription: String { text }
}
