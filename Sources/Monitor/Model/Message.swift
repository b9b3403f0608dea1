public import Screen
public import Diagnosis
public import Webhooks

/// Something that happened, told to the model: the only way in.
public enum Message: Sendable {
  /// The ring has something new.
  case arrived(Journal.Batch)
  /// More of a recorded session has been read.
  case loading(Loading)
  /// Something outside the model happened that the user is to know, in one sentence.
  case noticed(String)
  case key(Key)
  case mouse(Mouse)
  /// What is recorded has changed, or could not be.
  case recording(RecordingChange)
  /// Text that was pasted: never commands.
  case paste(String)
  case resized(Size)
  /// A delivery's failure has been looked into; `lacksWitness` where no valid one of the same event stood beside it.
  case diagnosed(sequence: UInt64, generation: Int, Diagnosis, lacksWitness: Bool = false)
  /// There was no room for a job: too much was waiting.
  case refused(Job.Key)
  /// A job took longer than one of its kind may, and has been given up.
  case overran(Job.Key)
  /// A what-if has been worked out, with the body that it came to.
  case tried(number: Int, BodyVariant, Trial.Outcome)
  /// A signed text has been compared with what it should have been.
  case compared(sequence: UInt64, ByteComparison)
  /// Two deliveries have been compared; nil: there is no other one to compare with.
  case differed(number: Int, DeliveryComparison?)
  /// A request that is in a file has been read.
  case fetched
  /// A large body can be shown.
  case opened(OpenedBody)
  /// A large body has been folded or unfolded.
  case folded(FoldedBody)
  /// Long lines of the body of this delivery have been measured.
  case measured(sequence: UInt64)
  /// A large body has been searched.
  case searched(BodySearch)
  /// A long string has been read as text, or searched.
  case read(ReadText)
  /// Some rows of the list have been searched for a text.
  case found(FoundRows)
  /// The filter has been asked of more deliveries.
  case sifted(SiftedDeliveries)
  /// What is kept has been counted.
  case summarized(Tally)
  /// What is kept has been verified with the secrets of now.
  case rechecked(Recheck)
  /// A delivery has been sent to an app again, or could not be.
  case replayed(of: UInt64, ReplayResult)
  /// The user has edited a request, or the editor has failed.
  case edited(EditOrder, EditOutcome)
  /// The replay of several deliveries has come a step further.
  case batch(number: Int, BatchStep)
  /// A check has come this far.
  case checked(CheckProgress)
  /// A call of a provider's API has come a step further.
  case called(number: Int, ProviderStep)
  /// The ring has marked these deliveries or taken their marks away, all of them where it gives no reason against it.
  case marked([UInt64], Bool, Journal.MarkRefusal?)
  /// These rules are in force now.
  case armed([AnswerRules.Armed])
  /// Saved secrets have come or changed; the receiver has them already.
  case rotated([Rotation])
  /// A changed configuration file has brought this; the receiver has it already.
  case reconfigured(Reconfiguration)
  /// A step of the story has come this far.
  case life(LifeStep, LifeProgress)
  /// The story has other secrets to verify with; the receiver has them already.
  case rekeyed(Keyring)
  /// The attempts at what this delivery delivers have been looked up.
  case attempts(of: UInt64, Attempts)
  /// What is to be copied has been looked for; nil if there is nothing so called.
  case prepared(CopyOrder?, String)
  /// Something was copied, or could not be.
  case copied(CopyOrder, CopyResult)
  /// An export has come this far.
  case exported(number: Int, ExportStep)
  /// A body has been held against others.
  case shaped(ShapedBody)
  /// The values of a field have been read so far.
  case followed(FollowedField)
  /// The values that a presentation hides have been found.
  case masked(MaskedNews)
  /// A second has passed since the last one, while something on the screen says how long ago it was.
  case ticked
}

extension Message {
  /// The number of the check or replay of several that this is the end of.
  var endedErrand: Int? {
    switch self {
    case .checked(let progress) where progress.isFinished: progress.number
    case .batch(let number, .finished): number
    case .called(let number, let step) where step.isLast: number
    case .exported(let number, let step) where step.isLast: number
    default: nil
    }
  }

  /// The job that this is the end of; nil if it is none, or one that nothing on the screen waits for.
  var endedJob: Job.Key? {
    switch self {
    case .refused(let key), .overran(let key): key
    case .tried: .trial
    case .compared: .comparison
    case .differed: .difference
    case .fetched: .fetch
    case .opened: .document
    case .folded: .fold
    case .measured: .measure
    case .searched: .search
    case .read: .text
    case .found: .find
    case .summarized: .summary
    case .rechecked: .recheck
    case .attempts: .attempts
    case .prepared: .copy
    case .masked: .mask
    case .followed: .field
    case .shaped: .shape
    case .arrived, .loading, .noticed, .key, .mouse, .recording, .paste, .resized, .diagnosed, .sifted,
      .ticked:
      nil
    case .replayed, .edited, .batch, .checked, .armed, .marked, .rotated, .called, .life, .rekeyed, .copied,
      .exported, .reconfigured:
      nil
    }
  }
}

/// Something that the model wants done outside itself.
public enum Effect: Sendable {
  /// Draw the whole screen anew, whatever is believed to stand on it.
  case redraw
  /// Leave the screen and stop, as C-z does in a shell.
  case suspend
  /// Do this in the background, and tell the model its result.
  case run(Job)
  /// Nobody waits for this job any more: end it, and forget it where it still waits.
  case cancel(Job.Key)
  /// Verify with these secrets from now on.
  case use(Keyring)
  /// Lend the terminal to the user's editor; it has this text.
  case edit(EditOrder)
  /// Do this for the user, who is told what comes of it.
  case order(Order)
  /// Keep what happened to the delivery of this sequence number; it comes back with the ring's news.
  case keep(Outcome, of: UInt64)
  /// Count these deliveries among the verified attempts at their events from now on.
  case join([UInt64])
  /// Mark these deliveries, or take their marks away; that comes back with the ring's news at once.
  case mark([UInt64], Bool)
}
