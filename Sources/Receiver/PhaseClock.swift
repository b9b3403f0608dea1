import NIOCore

/// Which phase a connection is in, and when that phase must be over.
///
/// A phase's deadline is set when it begins and never moved by bytes that trickle in.
struct PhaseClock {
  enum Phase: Equatable {
    /// Accepted, and no byte has come.
    case silent
    case header, body, idle, closing
  }

  private let limits: WebhookReceiver.Limits
  private(set) var phase = Phase.silent
  private(set) var deadline: NIODeadline
  private var heads = 0

  init(limits: WebhookReceiver.Limits, acceptedAt now: NIODeadline) {
    self.limits = limits
    deadline = now + TimeAmount(limits.headerDeadline)
  }

  /// Takes note of how far the assembly has come after some bytes were read.
  mutating func update(_ assembly: RequestAssembly, at now: NIODeadline) {
    let isNewRequest = assembly.heads != heads
    heads = assembly.heads
    switch assembly.stage {
    case .closed: enter(.closing, at: now)
    case .inBody, .answered: enter(.body, at: now, afresh: isNewRequest)
    case .betweenRequests where isNewRequest || phase == .body: enter(.idle, at: now, afresh: true)
    // The header's time runs from the accepting of the connection, so a silent start counts too.
    case .betweenRequests where phase == .silent: phase = .header
    case .betweenRequests: enter(.header, at: now)
    }
  }

  private mutating func enter(_ next: Phase, at now: NIODeadline, afresh: Bool = false) {
    guard next != phase || afresh else { return }
    phase = next
    deadline = now + TimeAmount(limits.deadline(of: next))
  }
}

extension WebhookReceiver.Limits {
  fileprivate func deadline(of phase: PhaseClock.Phase) -> Duration {
    switch phase {
    case .silent, .header: headerDeadline
    case .body: bodyDeadline
    case .idle: idleDeadline
    case .closing: drainDeadline
    }
  }
}
