internal import Webhooks

// What is said about a body.
extension Claim {
  static func newlineOrBOM(_ words: String, _ proof: String?) -> Claim {
    inferred("the signature is that of a body which then \(words)", proof)
  }

  static func bodyReserialised(_ style: String, _ proof: String?) -> Claim {
    inferred("the signature is that of the same JSON written otherwise: \(style)", proof)
  }

  static func signedInstead(_ words: String, _ proof: String?) -> Claim {
    Claim(.proven, "The sender signed \(words), not the body that it sent", proof: proof)
  }

  static func valuesChanged(_ words: String, _ proof: String?) -> Claim {
    inferred("the signature is that of a body which then \(words)", proof)
  }

  static func charset(_ words: String, _ proof: String?) -> Claim {
    Claim(
      .proven,
      "the signature shows that the body \(words); the conversion seems to have happened on the way",
      proof: proof)
  }

  static func replacementCharacter(at offset: Int) -> Claim {
    Claim(.likely, "at byte \(offset) stands U+FFFD, which takes the place of bytes that are lost")
  }

  static func questionMark(at offset: Int) -> Claim {
    Claim(
      .likely,
      "At byte \(offset) is a ? where a letter belongs: a conversion to another character set lost it")
  }

  static func raised(_ name: String, from: Int, to: Int, _ proof: String?) -> Claim {
    Claim(
      .proven, title: "retry not signed again",
      "\(name) was \(from) when it was signed, and is \(to) now: the sender probably counts its attempts there",
      remedy: "Have the sender sign each attempt after it has set the counter.", proof: proof)
  }

  static func printed(_ words: String, _ proof: String?) -> Claim {
    Claim(.proven, "The signature is that of the JSON, and the body came \(words)", proof: proof)
  }

  static func printedWord(_ word: PrintedWord) -> Claim {
    Claim(.seen, "The body is no JSON: it is \(word.words)")
  }

  static let notUTF8 = Claim(.likely, "the body is not UTF-8")

  static func habit(_ words: String) -> Claim {
    Claim(.likely, title: "body probably re-serialised", words)
  }

  static func missingBrackets(_ count: Int, _ proof: String?) -> Claim {
    Claim(
      .proven,
      "with the last \(count) closing brackets the body is what was signed: it was cut off there",
      proof: proof)
  }

  static func size(stated: Int, _ actual: Int) -> Claim {
    Claim(.seen, "Content-Length says \(stated) bytes, and \(actual) came")
  }

  static func openJSON(at offset: Int) -> Claim {
    Claim(.seen, "the JSON ends at byte \(offset), where more is due")
  }

  static func roundSize(_ size: Int) -> Claim {
    Claim(.likely, "the body has exactly \(size) bytes, a common size of buffers")
  }

  static func wrapped(_ words: String, _ proof: String?) -> Claim {
    Claim(
      .proven,
      "the signature shows that the body \(words); something between the signer and here seems to do that",
      proof: proof)
  }

  static func compressed(_ name: String) -> Claim {
    Claim(.seen, "the body is compressed with \(name)")
  }

  static let form = Claim(.seen, "the body is a form, not a document")
}
