internal import Webhooks

// What is said about a body.
extension Claim {
  static func newlineOrBOM(_ words: String, _ proof: String?) -> Claim {
    inferred("The body \(words) after it was signed", proof)
  }

  static func bodyReserialised(_ style: String, _ proof: String?) -> Claim {
    inferred("The JSON was re-serialised after it was signed (\(style))", proof)
  }

  static func signedInstead(_ words: String, _ proof: String?) -> Claim {
    Claim(.proven, "The sender signed \(words), not the body that it sent", proof: proof)
  }

  /// Nothing is lost in the encoding, so that either side of the signature may have converted the body.
  static func signedInEncoding(_ encoding: String, _ proof: String?) -> Claim {
    Claim(
      .proven,
      "The body was signed in \(encoding), and arrived in UTF-8: the sender encodes it twice, or something on the way "
        + "converted it",
      proof: proof)
  }

  static func valuesChanged(_ words: String, _ proof: String?) -> Claim {
    inferred("The body \(words) after it was signed", proof)
  }

  static func charset(_ words: String, _ proof: String?) -> Claim {
    Claim(
      .proven,
      "The body \(words) after it was signed. Something on the way probably converted it",
      proof: proof)
  }

  static func replacementCharacter(at offset: Int) -> Claim {
    Claim(.likely, "Offset \(offset) holds U+FFFD, which replaces bytes that were lost")
  }

  static func questionMark(at offset: Int) -> Claim {
    Claim(
      .likely,
      "Offset \(offset) holds a ? where a letter belongs: a conversion to another character set lost it")
  }

  static func raised(_ name: String, from: Int, to: Int, _ proof: String?) -> Claim {
    Claim(
      .proven, title: "retry not signed again",
      "\(name) was \(from) when it was signed, and is \(to) now: the sender probably counts its attempts there",
      remedy: "Have the sender sign each attempt after it has set the counter.", proof: proof)
  }

  static func printed(_ words: String, _ proof: String?) -> Claim {
    Claim(.proven, "The signature matches the JSON, but the body arrived \(words)", proof: proof)
  }

  static func printedWord(_ word: PrintedWord) -> Claim {
    Claim(.seen, "The body is not JSON: it is \(word.words)")
  }

  static let notUTF8 = Claim(.likely, "The body is not UTF-8")

  /// - Parameter unproven: that no candidate fits, where nothing else says so.
  static func habit(_ words: String, unproven: String? = nil) -> Claim {
    Claim(.likely, title: "body probably re-serialised", words, proof: unproven)
  }

  static func missingBrackets(_ count: Int, _ proof: String?) -> Claim {
    Claim(
      .proven,
      "The body was cut off: with \(count) closing bracket\(count == 1 ? "" : "s") added, it is what was signed",
      proof: proof)
  }

  static func size(stated: Int, _ actual: Int) -> Claim {
    Claim(.seen, "Content-Length says \(stated) bytes; \(actual) arrived")
  }

  static func openJSON(at offset: Int) -> Claim {
    Claim(.seen, "The JSON is cut off at offset \(offset)")
  }

  static func roundSize(_ size: Int) -> Claim {
    Claim(.likely, "The body is exactly \(size) bytes, a common buffer size, so it may be cut off")
  }

  static func wrapped(_ words: String, _ proof: String?) -> Claim {
    Claim(
      .proven,
      "The body \(words) after it was signed. Something on the way probably does that",
      proof: proof)
  }

  static func compressed(_ name: String) -> Claim {
    Claim(.seen, "The body is compressed with \(name)")
  }

  static let form = Claim(.seen, "The body is a form, not a JSON document")
}
