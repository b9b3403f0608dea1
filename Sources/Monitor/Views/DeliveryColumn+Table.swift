internal import JSON
internal import Screen
internal import Webhooks

extension DeliveryColumn {
  /// Every column there is, from left to right.
  static let all: [DeliveryColumn] = [
    sequence, time, ordered, age, endpoint, provider, event, path, mode, signature, answer, app, contentType,
    size,
  ]

  /// What goes first where there is no room, and how much of the event must be left for it to stay: nearly every name
  /// of an event is whole in eighteen columns, and its second attempt beside it in twenty-four.
  private static func room(_ rank: Int, besideApp: Int? = nil) -> Room {
    Room(rank: rank, rankBesideApp: besideApp, leaving: rank < 4 ? 24 : 18)
  }

  private static let sequence = DeliveryColumn(
    title: { _ in "#" },
    width: { .fixed(max(5, min(longestNumber, String($0.newest).utf8.count) + ($0.hasMarks ? 1 : 0))) },
    isNumber: true,
    test: { search, text, _ in
      isNumeric(text) ? test { delivery, _ in search.isFound(in: "#\(delivery.sequence)") } : nil
    }
  ) { row, width in
    let number = shortened("\(row.delivery.sequence)", row.setting.glyphs)
    guard row.outcomes.isMarked else { return TextRun(number, .dim) }
    let blanks = String(repeating: " ", count: max(0, width - 1 - number.utf8.count))
    return TextRun("*\(blanks)\(number)", Style(.info, bold: true))
  }

  /// The most digits that are shown of a number: a recorded session may hold any, and the other columns need room.
  private static let longestNumber = 10

  /// The end of a number that is too long, in which it differs from those around it.
  private static func shortened(_ number: String, _ glyphs: Glyphs) -> String {
    number.utf8.count > longestNumber ? "\(glyphs.ellipsis)\(number.suffix(longestNumber - 1))" : number
  }

  private static let time = DeliveryColumn(
    title: { "time \($0.time.name)" },
    width: { .fixed(max("time \($0.time.name)".count, $0.time.hasDates ? 14 : 8)) }, room: room(6),
    test: { search, text, setting in
      isNumeric(text)
        ? test { delivery, _ in search.isFound(in: setting.time.text(delivery.receivedAt)) } : nil
    }
  ) { row, _ in TextRun(row.setting.time.text(row.delivery.receivedAt)) }

  /// What the list is ordered by. It goes last: without it nobody sees what the order is.
  private static let ordered = DeliveryColumn(
    title: { $0.ordered?.title ?? "" },
    width: { setting in
      let width = setting.ordered?.time.map { $0.hasDates ? 14 : 8 } ?? 9
      return .fixed(max(width, setting.ordered?.title.count ?? 0))
    }, room: room(9), isOfUse: { $0.ordered != nil }
  ) { row, _ in
    guard let ordered = row.setting.ordered,
      let value = ordered.field.value(of: row.delivery, row.outcomes)
    else { return TextRun("-", .dim) }
    return TextRun(
      ordered.time?.text(Timestamp(microseconds: value)) ?? Durations.milliseconds(Double(value) / 1000))
  }

  /// How long ago a delivery arrived. A search does not see what is another text in a second.
  private static let age = DeliveryColumn(
    "ago", .fixed(5), isNumber: true, room: room(2), followsTime: true, test: { _, _, _ in nil }
  ) { row, _ in
    TextRun(Durations.rough(row.setting.now.seconds - row.delivery.receivedAt.seconds))
  }

  /// Where it was sent to; `!` for an event that does not belong there.
  private static let endpoint = DeliveryColumn(
    title: { _ in "endpoint" }, width: { _ in .fixed(10) }, room: room(8), isOfUse: \.hasEndpoints,
    test: { search, _, _ in
      { delivery, _ in search.isFound(in: delivery.endpoint?.name ?? "-") }
    }
  ) { row, width in
    let (endpoint, mode) = (row.delivery.endpoint, row.delivery.envelope.livemode)
    guard endpoint?.oddity(of: mode) != nil else { return TextRun(endpoint?.name ?? "-") }
    return TextRun((endpoint?.name ?? "").prefix(max(1, width - 2)) + " !", Style(.warning, bold: true))
  }

  private static let provider = DeliveryColumn(
    title: { _ in "provider" }, width: { .growing(8, atMost: $0.providerWidth) }, room: room(8),
    test: { search, _, _ in
      { delivery, _ in search.isFound(in: delivery.envelope.provider?.name ?? "-") }
    }
  ) { row, _ in TextRun(row.delivery.envelope.provider?.name ?? "-") }

  /// The event's name, or where there is none what the request asked for.
  private static let event = DeliveryColumn(
    "event", .rest,
    mark: {
      ($0.folded > 0 ? " \($0.setting.glyphs.folded)\($0.folded)" : "")
        + mark(of: $0.delivery, $0.setting.glyphs)
    },
    test: { search, _, setting in
      { delivery, _ in
        search.isFound(in: delivery.envelope.event ?? path(of: delivery.target, .max))
          || search.isFound(in: mark(of: delivery, setting.glyphs))
      }
    }
  ) { row, width in
    let event = row.delivery.envelope.event?.cut(to: width * 8 + 8)
    return TextRun((event ?? path(of: row.delivery.target, width)).bytes)
  }

  private static let path = DeliveryColumn("path", .growing(14, atMost: 32), room: room(1)) { row, width in
    TextRun(path(of: row.delivery.target, width).bytes)
  }

  private static let mode = DeliveryColumn(
    "mode", .fixed(4), room: room(7, besideApp: 5),
    test: { search, _, _ in
      let modes = Livemode.allCases.filter { search.isFound(in: $0.rawValue) }
      return modes.isEmpty ? nil : test { delivery, _ in modes.contains(delivery.envelope.livemode) }
    }
  ) { row, _ in
    let mode = row.delivery.envelope.livemode
    return TextRun(mode.rawValue, Style(.normal, bold: mode == .live))
  }

  private static let signature = DeliveryColumn(
    "sig", .fixed(11),
    test: { search, _, _ in
      let reasons = Verdict.Reason.allCases.filter {
        search.isFound(in: VerdictSign(Verdict($0), .ascii).word)
      }
      return reasons.isEmpty ? nil : test { delivery, _ in reasons.contains(delivery.verdict.reason) }
    }
  ) { row, _ in
    let sign = VerdictSign(row.delivery.verdict, row.setting.glyphs)
    return TextRun(sign.text, Style(sign.role))
  }

  /// The status that the sender was told; an ellipsis while it waits.
  private static let answer = DeliveryColumn("answer", .fixed(6), room: room(3)) { row, _ in
    guard let answer = row.outcomes.answer(to: row.delivery) else {
      return TextRun(String(row.setting.glyphs.ellipsis), .dim)
    }
    guard let status = answer.status else { return TextRun("none", Style(.warning)) }
    return TextRun("\(status)", Style(status < 300 ? .normal : .warning))
  }

  private static let app = DeliveryColumn(
    title: { _ in "app" }, width: { _ in .fixed(11) }, isOfUse: \.hasApp, cell: { row, _ in app(row) })

  /// The media type without its parameters.
  private static let contentType = DeliveryColumn("content type", .fixed(16), room: room(0)) { row, width in
    let value = row.delivery.contentType?.cut(to: width * 8 + 8)
    let type = value.map { $0.cut(to: $0.firstIndex(of: UInt8(ascii: ";")) ?? $0.count).trimmingSpaces }
    return TextRun((type ?? "-").bytes)
  }

  private static let size = DeliveryColumn(
    "size", .fixed(6), isNumber: true, room: room(4),
    test: { search, text, _ in
      isNumeric(text)
        ? test { delivery, _ in search.isFound(in: Wording.size(delivery.bodySize)) } : nil
    }
  ) { row, _ in TextRun(Wording.size(row.delivery.bodySize)) }
}

extension DeliveryColumn {
  /// Gives a closure its type, which the compiler does not find in a choice.
  private static func test(_ test: @escaping Test) -> Test { test }

  /// Whether the text may be a part of a time, a number or a size.
  private static func isNumeric(_ text: String) -> Bool {
    text.utf8.allSatisfy {
      UInt8(ascii: "0")...UInt8(ascii: ":") ~= $0 || [0x20, 0x23, 0x2D, 0x2E].contains($0)
    }
  }

  /// The target up to its query, as far as it can matter for so many columns: it may be megabytes long.
  private static func path(of target: ByteString, _ width: Int) -> ByteString {
    let target = width < 1000 ? target.cut(to: width * 8 + 8) : target
    return target.cut(to: target.firstIndex(of: UInt8(ascii: "?")) ?? target.count)
  }

  /// `try 2` for a second attempt, `dup` for an event accepted before: at the end of the event, never cut.
  private static func mark(of delivery: Delivery, _ glyphs: Glyphs) -> String {
    if let original = delivery.replayOf { return " \(glyphs.replayed)\(original)" }
    return (delivery.attempt > 1 ? " try \(delivery.attempt)" : "") + (delivery.isDuplicate ? " dup" : "")
  }

  /// `200 12ms`, what went wrong, or that the app has not answered yet.
  private static func app(_ row: Row) -> TextRun {
    let (delivery, outcomes) = (row.delivery, row.outcomes)
    guard let exchange = outcomes.lastExchange else {
      return TextRun(outcomes.awaitApp(for: delivery) ? String(row.setting.glyphs.ellipsis) : "", .dim)
    }
    guard let status = exchange.status else {
      return TextRun(exchange.failure?.rawValue ?? "-", Style(.failure))
    }
    let took = exchange.milliseconds.total
    let time =
      took < 1000 ? "\(Int(took.rounded(.up)))ms" : "\(ShortDecimal.text(took / 1000, decimals: 1) ?? "-")s"
    let limit = delivery.envelope.provider.map { Double($0.answerDue) * 1000 } ?? .infinity
    let isContrary = exchange.disagreement(with: delivery.verdict) != nil
    let role: Role =
      isContrary || took >= limit || status >= 400 ? .failure : took >= limit / 2 ? .warning : .success
    return TextRun("\(status) \(time)" + (isContrary ? " !" : ""), Style(role, bold: isContrary))
  }
}
