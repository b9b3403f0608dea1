/// The list of signing secrets by label and fingerprint; their values are nowhere in it.
struct SecretsPanel: Sendable, Equatable {
  var cursor = 0

  mutating func move(by steps: Int, count: Int) {
    cursor = min(max(0, cursor + steps), max(0, count - 1))
  }
}
