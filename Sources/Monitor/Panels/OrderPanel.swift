internal import Screen
internal import Webhooks

/// What the list can be ordered by.
struct OrderPanel: Popup {
  static let title = "Order"

  private let fields: [ListOrder.Field]
  var viewport = Viewport()

  /// Begins at the order that the list has.
  init(in model: Model) {
    fields = ListOrder.Field.all(of: model.setting.providers)
    let place = fields.firstIndex(of: model.list.order.field) ?? 0
    move(.rows(place), in: model)
  }

  static let actions: [Action] = [
    action("order so", [.enter], .list, "Order the list by the selected value.", hint: "order") {
      panel, model in
      model.panels.pop()
      model.order(by: panel.fields[panel.selectedRow(of: panel.fields.count) ?? 0])
    },
    action("turn round", [.character("v")], .list, "Reverse the order of the list.", hint: "reverse") {
      $1.reverseOrder()
    },
  ]

  func content(_ model: Model) -> PopupContent {
    let providers = model.setting.providers
    let names = fields.map { $0.name(providers) }
    let width = (names.map(\.count).max() ?? 0) + 2
    var content = PopupContent("Order by", columns: 64, rowCount: fields.count) {
      [
        TextRun(SafeText.padded(names[$0], to: width)),
        TextRun(fields[$0].meaning(providers), .dim),
      ]
    }
    content.foot = [
      [], [TextRun("What has no such value comes last, reversed or not.", .dim)],
    ]
    content.hasCursor = true
    return content
  }
}

extension Model {
  /// Orders the list by something else, at first with the newest, largest or slowest at the top.
  mutating func order(by field: ListOrder.Field) {
    guard field != list.order.field else { return noticeOrder() }
    put(in: ListOrder(field: field))
  }

  mutating func reverseOrder() {
    put(in: list.order.turned)
  }

  private mutating func put(in order: ListOrder) {
    let followed = list.follows
    list.order(by: order)
    noticeOrder()
    if followed, !list.follows, reasonForNoArrivals == nil {
      notice = Notice("\(notice?.text ?? ""); F resumes following")
    }
  }

  private mutating func noticeOrder() {
    let order = list.order
    notice = Notice("Ordered by \(order.field.name(setting.providers)), \(order.first) first")
  }
}
