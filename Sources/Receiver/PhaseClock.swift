import NIOCore

/// Which phase a connection is in, when that phase must be over, and how much may come in it.
///
/// A phase's deadline is set when it begins and never moved by bytes that trickle in.
struct PhaseClock {
  enum Phase: Equatable {
    /// Accepted, and no byte has come.
    case silent
    case header, body, idle, closing
    /// The peer is owed an answer that is not known yet, and nothing is asked of it.
    case answering
  }

  private let limits: HTTPServer.Limits
  private let maxBody: Int
  private(set) var phase = Phase.silent
  private(set) var deadline: NIODeadline
  private var heads = 0
  private var bytes = 0

  /// - Parameter maxBody: the largest body that is taken, in bytes.
  init(limits: HTTPServer.Limits, maxBody: Int, acceptedAt now: NIODeadline) {
    self.limits = limits
    self.maxBody = maxBody
    deadline = now + TimeAmount(limits.headerDeadline)
  }

  /// Takes note of bytes that have come, before they are read.
  mutating func count(_ bytes: Int) { self.bytes += bytes }

  /// Whether more has come in this phase than a header or a body can take that is within the limits: blank lines, or
  /// what a chunk's size may be followed by, of which the parser takes any number.
  var isOverfull: Bool { bytes > limits.size(of: phase, maxBody: maxBody) }

  /// Takes note of how far the assembly has come after some bytes were read.
  /// - Parameter isOwing: whether an answer is waited for.
  mutating func update(_ assembly: RequestAssembly, isOwing: Bool = false, at now: NIODeadline) {
    let isNewRequest = assembly.heads != heads
    heads = assembly.heads
    if isOwing { return enter(.answering, at: now) }
    switch assembly.stage {
    case .closed: enter(.closing, at: now)
    case .inBody, .answered: enter(.body, at: now, afresh: isNewRequest)
    case .betweenRequests where isNewRequest || phase == .body || phase == .answering:
      enter(.idle, at: now, afresh: true)
    // The header's time runs from the accepting of the connection, so a silent start counts too.
    case .betweenRequests where phase == .silent: phase = .header
    case .betweenRequests: enter(.header, at: now)
    }
  }

  /// What took too long, once the deadline has passed; nil if the last answer is given and only closing remains.
  func overdue(isWritable: Bool) -> RequestAssembly.Overdue? {
    guard phase != .closing else { return nil }
    guard isWritable else { return .unread }
    switch phase {
    case .header: return .header
    case .body: return .body
    case .silent, .idle, .answering, .closing: return .idle
    }
  }

  private mutating func enter(_ next: Phase, at now: NIODeadline, afresh: Bool = false) {
    guard next != phase || afresh else { return }
    phase = next
    bytes = 0
    deadline = limits.deadline(of: next).map { now + TimeAmount($0) } ?? .distantFuture
  }
}

extension HTTPServer.Limits {
  /// The most bytes that may come in a phase, with as much again for what is no part of header or body, and in a
  /// body six for each of its bytes, since each may be a chunk of its own.
  fileprivate func size(of phase: PhaseClock.Phase, maxBody: Int) -> Int {
    switch phase {
    case .silent, .header, .idle: 2 * headerBlock
    case .body: 2 * headerBlock + 6 * min(maxBody, Int.max / 12)
    case .closing: drainBytes
    // Reading pauses meanwhile.
    case .answering: .max
    }
  }

  fileprivate func deadline(of phase: PhaseClock.Phase) -> Duration? {
    switch phase {
    case .silent, .header: headerDeadline
    case .body: bodyDeadline
    case .idle: idleDeadline
    case .closing: drainDeadline
    case .answering: nil
    }
  }
}
