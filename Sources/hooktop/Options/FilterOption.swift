internal import ArgumentParser
internal import Diagnosis
internal import Monitor
internal import Webhooks

/// The option that says which deliveries are shown.
struct FilterOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Show only deliveries that match this filter, such as 'sig:failed type:analysis.*'; man hooktop and the README list the terms.",
      valueName: "filter"),
    completion: .list(["sig:failed", "sig:valid", "sig:unchecked", "live:true", "live:false", "dup"]))
  var filter: String?

  /// The filter of lines that are printed as they come, before any diagnosis.
  /// - Parameter name: what the user knows the filter by.
  /// - Throws: `ValidationError`, also where it asks for causes, or for what an app said.
  func printedFilter(_ name: String = "--filter", among providers: Providers) throws -> TypedFilter? {
    let filter = try self.filter(name, among: providers)
    guard filter?.filter.asksForCauses != true else {
      throw ValidationError(
        "\(name) cause: works on the screen only: lines are printed before causes are searched for. "
          + "Use sig:failed here.")
    }
    guard filter?.filter.asksForExchanges != true else {
      throw ValidationError(
        "\(name) app:, took: and disagree work on the screen only: lines are printed before the app's answer is known. "
          + "Use answer: here.")
    }
    guard filter?.filter.asksForMarks != true else {
      throw ValidationError("\(name) marked works on the screen only: press m there to mark a delivery.")
    }
    return filter
  }

  /// The filter in force; nil if none is given.
  /// - Throws: `ValidationError`, with the column and what is expected there.
  func filter(_ name: String = "--filter", among providers: Providers) throws -> TypedFilter? {
    guard let filter else { return nil }
    let causes = Cause.all.map(\.id.rawValue)
    return TypedFilter(text: filter, filter: try Filter.parsed(name, filter, providers, causes: causes))
  }
}
