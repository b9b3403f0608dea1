public import Screen
public import Webhooks

/// What the model's effects reach: the terminal, the receiver, and whoever does jobs.
public protocol World {
  /// The moment of what is told to the model now.
  var now: Timestamp { get }

  /// Draws the whole screen anew.
  mutating func redraw()
  /// Stops the program as C-z does, and returns the screen's size once it is continued.
  mutating func suspend() -> Size
  /// Lends the terminal to the user's editor until it is left; returns what it made of the text, and the screen's size.
  mutating func edit(_ order: EditOrder) -> (EditOutcome, Size)
  /// Does a job, or has it done; returns what the model is to be told at once.
  mutating func run(_ job: Job) -> [Message]
  /// Ends a job that nobody waits for any more.
  mutating func cancel(_ key: Job.Key)
  /// Verifies with these secrets from now on.
  mutating func use(_ keyring: Keyring)
  /// Begins what the user has ordered; returns what the model is to be told at once.
  mutating func begin(_ order: Order) -> [Message]
  /// Keeps what happened to a delivery, and tells of it with what arrives.
  mutating func keep(_ outcome: Outcome, of sequence: UInt64)
  /// Counts deliveries among the verified attempts at their events from now on.
  mutating func join(_ sequences: [UInt64])
  /// Marks deliveries, or takes their marks away; returns the ring's news, and what came of it.
  mutating func mark(_ sequences: [UInt64], _ isMarked: Bool) -> [Message]
}

/// The model at work: it is told what happens, and what it wants is carried out.
public struct Program<Outside: World> {
  public private(set) var model: Model
  public var outside: Outside

  public init(_ model: Model, in outside: Outside) {
    self.model = model
    self.outside = outside
  }

  public mutating func tell(_ message: Message) {
    for effect in model.update(message, at: outside.now) { carryOut(effect) }
  }

  public mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .redraw: outside.redraw()
    case .suspend: tell(.resized(outside.suspend()))
    case .edit(let order):
      let (outcome, size) = outside.edit(order)
      tell(.resized(size))
      tell(.edited(order, outcome))
    case .run(let job): for message in outside.run(job) { tell(message) }
    case .cancel(let key): outside.cancel(key)
    case .use(let keyring): outside.use(keyring)
    case .order(let order): for message in outside.begin(order) { tell(message) }
    case .keep(let outcome, let sequence): outside.keep(outcome, of: sequence)
    case .join(let sequences): outside.join(sequences)
    case .mark(let sequences, let isMarked):
      for message in outside.mark(sequences, isMarked) { tell(message) }
    }
  }

  /// Ends the program, as a signal does.
  public mutating func finish() { model.finish() }
}
