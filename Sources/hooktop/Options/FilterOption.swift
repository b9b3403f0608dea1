internal import ArgumentParser
internal import Diagnosis
internal import Monitor
internal import Webhooks

/// The option that says which deliveries are shown.
struct FilterOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Show only what this filter takes, as 'sig:failed type:analysis.*'; the README lists the terms.",
      valueName: "filter"),
    completion: .list(["sig:failed", "sig:valid", "sig:unchecked", "live:true", "live:false", "dup"]))
  var filter: String?

  /// The filter in force; nil where none is given.
  /// - Throws: `ValidationError`, with the column and what is expected there.
  func filter(among providers: Providers) throws -> TypedFilter? {
    guard let filter else { return nil }
    do throws(FilterError) {
      return TypedFilter(
        text: filter,
        filter: try Filter(filter, providers: providers, causes: Cause.all.map(\.id.rawValue)))
    } catch {
      throw ValidationError("--filter, column \(error.column + 1): \(error)")
    }
  }
}
