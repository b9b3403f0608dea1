internal import Screen
internal import Webhooks

extension Model {
  /// The columns that the list has now.
  var listColumns: DeliveryColumns {
    DeliveryColumns(
      width: layout.inside(.deliveries).columns,
      DeliveryColumn.Setting(
        time: timeColumn, newest: list.newest,
        hasApp: setting.forward != nil || list.outcomes.hasExchanges, now: now,
        glyphs: .forCharset(setting.charset),
        hasEndpoints: hasEndpoints, providerWidth: providerWidth,
        hasMarks: !list.outcomes.marked.isEmpty, ordered: orderColumn))
  }

  /// Whether deliveries are told apart by their endpoint: there is more than one.
  var hasEndpoints: Bool { setting.endpoints.all.count > 1 || endpointNames.count > 1 }

  /// The column of what the list is ordered by; nil where there is one anyway.
  private var orderColumn: DeliveryColumn.Ordered? {
    let field = list.order.field
    return switch field {
    case .arrival, .size: nil
    case .providerTime: DeliveryColumn.Ordered(field: field, title: "sent", time: orderTime)
    case .startedAt: DeliveryColumn.Ordered(field: field, title: "started", time: orderTime)
    case .answerTime: DeliveryColumn.Ordered(field: field, title: "took", time: nil)
    }
  }

  /// The times that the list is ordered by.
  private var orderTime: DeliveryColumn.Time {
    let zone = setting.zone
    let ends = list.shown.values.map { [$0.lowerBound, $0.upperBound].map(Timestamp.init(microseconds:)) }
    return DeliveryColumn.Time(
      zone: zone, name: zone.name(at: now),
      hasDates: ends?.contains { !zone.isSameDay($0, now) } ?? false)
  }

  /// The times of the list: their zone, and the dates before them where one that is kept is not of today.
  private var timeColumn: DeliveryColumn.Time {
    let zone = setting.zone
    let kept = list.kept
    let ends = kept.isEmpty ? [] : [0, kept.count - 1].map { kept.received(at: $0).receivedAt }
    return DeliveryColumn.Time(
      zone: zone, name: zone.name(at: ends.last ?? now),
      hasDates: ends.contains { !zone.isSameDay($0, now) })
  }

  /// Whether something on the screen says how long ago it was, and needs a message `ticked` each second.
  public var showsAge: Bool {
    panels.all.contains(where: \.followsTime) || countdown != nil
      || list.rowCount > 0 && isListShown && listColumns.followTime
  }

  /// How long it is from one message `ticked` to the next, in seconds: a countdown of seconds has tenths.
  public var tickInterval: Double { setting.timeScale != 1 && countdown != nil ? 0.1 : 1 }

  private var isListShown: Bool { layout.panes[.deliveries] != nil }

  /// The ages in the list and the countdown, as they are shown; nil if more than them changes as time passes.
  ///
  /// A tick that leaves them as they are needs no new frame.
  public var ages: [String]? {
    guard !panels.all.contains(where: \.followsTime) else { return nil }
    return listedAges + (countdown ?? []).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private var listedAges: [String] {
    guard isListShown else { return [] }
    let columns = listColumns
    guard columns.followTime else { return [] }
    let first = list.firstRow(height: listHeight)
    return (first..<min(first + listHeight, list.rowCount)).flatMap { row in
      let delivery = list.delivery(atRow: row)
      return columns.timedCells(delivery, list.outcomes[delivery.sequence]).map {
        String(decoding: $0.bytes, as: UTF8.self)
      }
    }
  }
}
