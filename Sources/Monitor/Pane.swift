/// One of the four parts of the screen; the focused one gets the movement keys.
public enum Pane: Int, CaseIterable, Sendable {
  case deliveries, signature, body, headers

  /// The word in the tab line and in the help.
  var title: String {
    switch self {
    case .deliveries: "Deliveries"
    case .signature: "Signature"
    case .body: "Body"
    case .headers: "Headers"
    }
  }

  /// The pane `steps` further on, round and round.
  func moved(by steps: Int) -> Pane {
    let count = Pane.allCases.count
    return Pane.allCases[((rawValue + steps) % count + count) % count]
  }
}
