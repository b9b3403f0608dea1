internal import Webhooks
internal import JSON

/// The rules about what happened to the body.
enum BodyRules {
  static func newlineOrBOM(_ evidence: Evidence) -> [Finding] {
    let changes = evidence.proof?.body.changes ?? []
    let words = changes.compactMap { change -> String? in
      if case .edge(let edge) = change { edge.words } else { nil }
    }
    return words.isEmpty
      ? [] : [Finding(.newlineOrBOM(words.joined(separator: " and ")), .proven, proof: evidence.signedBytes)]
  }

  static func bodyReserialised(_ evidence: Evidence) -> [Finding] {
    let style = evidence.bodyChange { if case .reserialised(let style) = $0 { style } else { nil } }
    return style.map { [Finding(.bodyReserialised(style: $0.words), .proven, proof: evidence.signedBytes)] }
      ?? []
  }

  static func charsetDamage(_ evidence: Evidence) -> [Finding] {
    let damage = evidence.bodyChange { if case .charset(let damage) = $0 { damage } else { nil } }
    if let damage {
      return [Finding(.charsetDamage(.undone(damage.words)), .proven, proof: evidence.signedBytes)]
    }
    guard evidence.isUnexplained, evidence.facts.body.compression == nil else { return [] }
    if let offset = evidence.facts.body.replacementOffset {
      return [Finding(.charsetDamage(.replacementCharacter(offset: offset)), .likely)]
    }
    return evidence.facts.body.isUTF8 ? [] : [Finding(.charsetDamage(.notUTF8), .likely)]
  }

  /// Sizes in bytes at which buffers and limits commonly end.
  private static let roundSizes: Set<Int> = [4096, 8192, 10240, 65536, 1 << 20]

  static func truncatedBody(_ evidence: Evidence) -> [Finding] {
    let missing = evidence.bodyChange { if case .cutOff(let bytes) = $0 { bytes } else { nil } }
    if let missing {
      return [Finding(.truncatedBody(.missingBrackets(missing)), .proven, proof: evidence.signedBytes)]
    }
    guard evidence.isUnexplained else { return [] }
    let body = evidence.facts.body
    if let stated = body.contentLength, stated > body.size {
      return [Finding(.truncatedBody(.statedSize(stated, actual: body.size)), .seen)]
    }
    switch body.jsonFault {
    case .cutOff(let offset, _), .openString(_, let offset):
      return [Finding(.truncatedBody(.openJSON(offset: offset)), .seen)]
    default:
      guard roundSizes.contains(body.size) else { return [] }
      return [Finding(.truncatedBody(.roundSize(body.size)), .likely)]
    }
  }

  static func wrappedBody(_ evidence: Evidence) -> [Finding] {
    let wrapping = evidence.bodyChange { if case .wrapped(let wrapping) = $0 { wrapping } else { nil } }
    if let wrapping {
      return [Finding(.wrappedBody(.undone(wrapping.words)), .proven, proof: evidence.signedBytes)]
    }
    guard evidence.isUnexplained else { return [] }
    if let name = evidence.facts.body.compression { return [Finding(.wrappedBody(.compressed(name)), .seen)] }
    return evidence.facts.body.isForm ? [Finding(.wrappedBody(.form), .seen)] : []
  }

  static func headerBodyDisagree(_ evidence: Evidence) -> [Finding] {
    guard let provider = evidence.subject.provider, evidence.verdict.status != .valid else { return [] }
    let said =
      [(provider.eventHeader, ["event"])]
      + (provider.deliveryIDPath.map { [(provider.deliveryHeader, $0)] } ?? [])
    let fields = JSONFieldQuery(said.map(\.1)).fields(in: evidence.subject.request.body)
    return zip(said, fields.values).compactMap { said, value in
      let (header, path) = said
      guard let says = evidence.subject.request.headers.first(header), let but = value?.string,
        says != but
      else { return nil }
      return Finding(
        .headerBodyDisagree(
          header: header, says: Printable.short(says.text), field: path.joined(separator: "."),
          but: Printable.short(but.text)), .seen)
    }
  }

  static func editedInTransit(_ evidence: Evidence) -> [Finding] {
    let sequence = evidence.bodyChange { if case .earlierDelivery(let number) = $0 { number } else { nil } }
    if let sequence {
      return [
        Finding(.editedInTransit(delivery: sequence, offset: nil), .proven, proof: evidence.signedBytes)
      ]
    }
    guard evidence.isUnexplained else { return [] }
    for earlier in evidence.neighbours.sameID.reversed() {
      let difference = ByteDifference(received: evidence.subject.request.body, original: earlier.request.body)
      guard let difference else { continue }
      return [Finding(.editedInTransit(delivery: earlier.sequence, offset: difference.offset), .likely)]
    }
    return []
  }
}
