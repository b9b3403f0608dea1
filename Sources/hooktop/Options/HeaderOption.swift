internal import ArgumentParser
internal import Webhooks

/// One `--header 'Name: value'`.
struct HeaderOption: ExpressibleByArgument {
  let field: Headers.Field

  init?(argument: String) {
    guard let colon = argument.firstIndex(of: ":"), colon != argument.startIndex else { return nil }
    let value = argument[argument.index(after: colon)...]
    field = Headers.Field(String(argument[..<colon]), String(value.drop { $0 == " " || $0 == "\t" }))
  }
}
