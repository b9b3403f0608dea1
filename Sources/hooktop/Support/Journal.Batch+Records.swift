internal import Webhooks

extension Journal.Batch {
  /// The deliveries and the incidents in the order they came.
  var records: [SessionRecord] {
    var records: [SessionRecord] = []
    records.reserveCapacity(deliveries.count + incidents.count)
    var rest = incidents[...]
    for delivery in deliveries {
      while let incident = rest.first, incident.receivedAt < delivery.receivedAt {
        records.append(.incident(incident))
        rest.removeFirst()
      }
      records.append(.delivery(delivery))
    }
    return records + rest.map { .incident($0) }
  }
}
