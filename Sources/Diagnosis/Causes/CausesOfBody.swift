internal import JSON
internal import Webhooks

/// What happened to the body between its signer and the receiver.
extension Cause {
  static let ofBody: [Cause] = [
    Cause(
      "newline-or-bom", "newline or byte order mark",
      remedy: "Pass the body on byte by byte: no trimming, no line ends, no byte order mark.",
      isSlight: true,
      breakages: [
        .cause(.noV1Matches, "The body got a newline at its end after it was signed.") {
          try $0.damage(EdgeChange.newlineAdded.applied(to:))
        }
      ]
    ) { evidence in
      evidence.proven(Claim.newlineOrBOM, \.edgeWords)
    },
    Cause(
      "body-reserialised", "body re-serialised",
      remedy: "Verify the raw bytes before any JSON parser, and let no proxy rewrite the body.",
      breakages: [
        .cause(
          .noV1Matches,
          "The body was parsed and printed again, as Python does it: spaced, and in ASCII only."
        ) {
          try $0.damage { Reserialisations.written($0, in: .python) }
        }
      ]
    ) { evidence in
      let proven = evidence.proven(Claim.bodyReserialised) { step in
        if case .earlierDelivery(let number) = step.change,
          evidence.differenceFromSigned == JSONDifference.none
        {
          return "signed: as in delivery \(number) with the same id"
        }
        // What the sender signed in place of the document is written in no such way.
        return step.styleWords(before: evidence.isOfDocument ? "signed" : "before")
      }
      return proven + evidence.habits
    },
    Cause(
      "printed-value", "printed value signed",
      remedy: "Serialise the body to bytes once, sign those bytes, and send the same bytes.",
      explains: true,
      breakages: [
        .cause(.noV1Matches, "The sender signed the body as Python prints bytes, not its bytes.") {
          try $0.sign(instead: SignedInstead.pythonBytes.text(for: $0.body))
        }
      ]
    ) { evidence in
      let proven = evidence.signedInstead
      let printed = evidence.proven(Claim.printed) {
        if case .printed(let text) = $0.change { text.words } else { nil }
      }
      guard proven.isEmpty, printed.isEmpty, evidence.isBodySuspect else { return proven + printed }
      return PrintedWord(evidence.subject.request.body).map { [.printedWord($0)] } ?? []
    },
    Cause(
      "values-changed", "values changed by a framework",
      remedy: "Verify the raw bytes before any framework reads the body.",
      breakages: [
        .cause(.noV1Matches, "The body got [] in place of {} after it was signed, as PHP does it.") {
          let edit = ValueEdit.objectToArray
          if edit.applied(to: $0.body) == nil { try $0.add(member: #""extra":{}"#) }
          try $0.damage(edit.applied(to:))
        }
      ]
    ) { evidence in
      if case .raised(let name, let from, let to)? = evidence.differenceFromSigned {
        return [.raised(name, from: from, to: to, evidence.signedBytes)]
      }
      return evidence.proven(Claim.valuesChanged, \.editWords)
    },
    Cause(
      "empty-body", "empty body",
      remedy: "Read the body before the request is closed or parsed, and pass it on whole.", explains: true,
      breakages: [
        .cause(.noV1Matches, "The body was lost on the way: none arrived.") { try $0.damage { _ in [] } }
      ]
    ) { evidence in
      guard evidence.subject.request.body.isEmpty, evidence.isBodySuspect else { return [] }
      return [Claim(.seen, "The body is empty, and no secret here signed an empty body")]
    },
    Cause(
      "charset-damage", "charset damage",
      remedy: "Read and pass on the body as bytes, never as text in some encoding.", explains: true,
      breakages: [
        .cause(
          .noV1Matches,
          "The body was read in a wrong character set and written again, as letters like é and ü show."
        ) {
          // ASCII is the same in Latin-1, so that a body of nothing else becomes UTF-16.
          try $0.damage {
            CharsetDamage.latin1AsUTF8.applied(to: $0) ?? CharsetDamage.toUTF16.applied(to: $0)
          }
        }
      ], find: charset),
    Cause(
      "truncated-body", "truncated body",
      remedy: "Raise the size limit of what cut it off, and read to the end of the body.", explains: true,
      breakages: [
        .cause(
          .noV1Matches, "The end of the body was cut off after it was signed, as by a limit.",
          receiver: .secretsOnly
        ) {
          // More bytes than closing brackets.
          try $0.damage { JSONClosing.cut(min(16, $0.count / 2), from: $0) }
        }
      ], find: truncation),
    Cause(
      "wrapped-body", "wrapped body",
      remedy: "Verify what was signed: unwrap the body before the check, or sign what is sent.",
      explains: true,
      breakages: [
        .cause(.noV1Matches, "The body was signed, and then put into a form field.") {
          try $0.damage(BodyWrapping.form(field: "payload").applied(to:))
          $0.set("Content-Type", to: "application/x-www-form-urlencoded".utf8)
        }
      ]
    ) { evidence in
      let proven = evidence.proven(Claim.wrapped, between: " and then ") {
        if case .wrapped(let wrapping) = $0.change { wrapping.words } else { nil }
      }
      guard proven.isEmpty, evidence.isBodySuspect else { return proven }
      if let name = evidence.facts.body.compression { return [.compressed(name)] }
      return evidence.facts.body.isForm ? [.form] : []
    },
  ]

  @Sendable private static func charset(_ evidence: Evidence) -> [Claim] {
    let proven =
      evidence.proven(Claim.charset, between: " and then ") {
        if case .charset(let damage) = $0.change { damage.words } else { nil }
      } + evidence.signedInAnotherEncoding
    guard proven.isEmpty, evidence.isBodySuspect, evidence.facts.body.compression == nil else {
      return proven
    }
    if let offset = evidence.facts.body.replacementOffset { return [.replacementCharacter(at: offset)] }
    if let offset = LostCharacters.offset(in: evidence.subject.request.body) {
      return [.questionMark(at: offset)]
    }
    let isOther = !evidence.facts.body.isUTF8 && OtherCharset.isLikely(evidence.subject.request.body)
    return isOther ? [.notUTF8] : []
  }

  /// Sizes in bytes at which buffers and limits commonly end.
  private static let roundSizes: Set<Int> = [4096, 8192, 10240, 65536, 1 << 20]

  @Sendable private static func truncation(_ evidence: Evidence) -> [Claim] {
    let missing = evidence.bodyChange { if case .cutOff(let bytes) = $0 { bytes } else { nil } }
    if let missing { return [.missingBrackets(missing, evidence.signedBytes)] }
    guard evidence.isBodySuspect else { return [] }
    let body = evidence.facts.body
    if let stated = body.contentLength, stated > body.size { return [.size(stated: stated, body.size)] }
    switch body.jsonFault {
    case .cutOff(let offset, _), .openString(_, let offset): return [.openJSON(at: offset)]
    default: return roundSizes.contains(body.size) ? [.roundSize(body.size)] : []
    }
  }
}

extension Evidence {
  /// Whether the document itself was signed, as it came or otherwise.
  fileprivate var isOfDocument: Bool { proof?.body.stepsOfSender.isEmpty ?? true }

  /// What a proof claims of the changes on the way that `words` speaks of, all of them in one sentence and in the order
  /// in which they happened; nothing for none.
  fileprivate func proven(
    _ claim: (String, String?) -> Claim, between: String = " and ", _ words: (BodyCandidate.Step) -> String?
  ) -> [Claim] {
    let found = (proof?.body.stepsOnTheWay ?? []).compactMap(words).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return found.isEmpty ? [] : [claim(found.joined(separator: between), signedBytes)]
  }

  /// What a proof claims of a text that the sender signed in place of the body.
  fileprivate var signedInstead: [Claim] {
    guard let step = proof?.body.stepsOfSender.first, case .instead(let text) = step.change else { return [] }
    return [.signedInstead(text.words + signedEnd, signedBytes)]
  }

  fileprivate var signedInAnotherEncoding: [Claim] {
    guard let step = proof?.body.stepsOfSender.first, case .lossy(let encoding) = step.change else {
      return []
    }
    guard encoding.isWhole(for: step.after) else {
      return [.signedInstead(encoding.words + signedEnd, signedBytes)]
    }
    return [.signedInEncoding(encoding.encodingWords + signedEnd, signedBytes)]
  }

  /// How a text that was signed in place of the body is written, and what its end has besides.
  private var signedEnd: String {
    (proof?.body.stepsOfSender.dropFirst() ?? []).map { step in
      switch step.change {
      case .edge(.newlineDropped): ", with a newline at its end"
      case .edge(.crlfDropped): ", with a carriage return and a newline at its end"
      case .reserialised(let style): ", written anew: \(StyleDifference(style, received: step.after).before)"
      default: ""
      }
    }.joined()
  }
}
