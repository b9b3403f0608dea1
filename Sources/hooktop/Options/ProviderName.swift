internal import ArgumentParser
internal import Webhooks

/// A provider's name on the command line.
struct ProviderName: ExpressibleByArgument {
  let provider: Provider

  init?(argument: String) {
    guard let provider = Provider.named(argument) else { return nil }
    self.provider = provider
  }

  static var allValueStrings: [String] { Provider.all.map(\.name) }
}
