internal import JSON
internal import Monitor
internal import Sandbox
internal import Screen
internal import Webhooks

/// The lines that `sandbox` prints for people; what was received passes the text gate.
enum SandboxLine {
  static func text(_ news: SandboxNews) -> String {
    SafeText.plain(words(news).joined(separator: "  "), charset: UserLocale.charset)
  }

  private static func words(_ news: SandboxNews) -> [String] {
    switch news {
    case .call(let at, let method, let target, let status, let milliseconds):
      [
        Zone.local.text(at, today: .now()), "call    ", SafeText.padded("\(method) \(target.text)", to: 40),
        "\(status)", Durations.milliseconds(milliseconds),
      ]
    case .attempt(let record): attempt(record)
    case .dropped(let endpoint, let count):
      [
        Zone.local.text(.now(), today: .now()), "dropped ",
        "\(count) from the queue of \(endpoint), which was paused too long",
      ]
    case .surprise(let detail): [Zone.local.text(.now(), today: .now()), "surprise", detail]
    case .incident(let detail, let status):
      [Zone.local.text(.now(), today: .now()), "incident", detail] + (status.map { ["\($0)"] } ?? [])
    }
  }

  private static func attempt(_ record: AttemptRecord) -> [String] {
    let result = record.status.map(String.init) ?? record.error ?? "-"
    var words = [
      Zone.local.text(record.at, today: .now()), "delivery", SafeText.padded(record.event, to: 26),
      "to \(record.url.prefix(120))", "attempt \(record.attempt)", result,
      Durations.milliseconds(record.milliseconds),
    ]
    if let next = record.next {
      let seconds = max(0, next.seconds - record.at.seconds - record.milliseconds / 1000)
      words.append("next in \(Durations.words(seconds))")
    } else if record.isGivenUp {
      let rest = record.provider == .parable ? "; \(record.eventID) stays in the pull API" : ""
      words.append("given up\(rest)")
    }
    return words
  }
}
