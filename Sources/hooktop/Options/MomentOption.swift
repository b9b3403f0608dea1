internal import ArgumentParser
internal import Webhooks

/// A moment on the command line: unix seconds or RFC 3339.
struct MomentOption: ExpressibleByArgument {
  let moment: Timestamp

  init?(argument: String) {
    guard let moment = Timestamp(argument) else { return nil }
    self.moment = moment
  }
}
