internal import ArgumentParser

/// The option that says how far a signature's time may be off.
struct ToleranceOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "How many seconds a signature's time may lie from its arrival, either way.")
  var tolerance = 300.0

  func validate() throws {
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance is a number of seconds from 0 on.")
    }
  }
}
