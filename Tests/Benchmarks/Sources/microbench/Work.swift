import Curses
import Diagnosis
import JSON
import Glibc
import Monitor
import Screen
import Webhooks

/// One kind of work that is measured: how it is prepared, and what is done again and again.
struct Work: Sendable {
  let name: String
  /// How often it is done where its instructions are counted.
  let count: Int
  /// How much it works on, unless the command line says otherwise; the sentence gives the unit.
  let size: Int
  /// What is done once; `SIZE` stands for the size.
  let sentence: String
  let prepare: @Sendable (_ size: Int) throws -> () -> Void

  static let all = receiving + senders + publicKeys + diagnosing + bodies + screen + filters

  /// What the receiver does for each delivery.
  private static let receiving = [
    Work(name: "verify", count: 1000, size: 412, sentence: "verify a delivery with SIZE bytes of body") {
      size in
      let request = Samples.request(0, bodySize: size)
      let verifier = Verifier(keyring: Samples.keyring)
      return { consume(verifier.verify(request, provider: .parlay, at: Samples.arrival)) }
    },
    Work(name: "envelope", count: 1000, size: 412, sentence: "read the envelope of SIZE bytes of body") {
      size in
      let request = Samples.request(0, bodySize: size)
      return { consume(Envelope(reading: request, providers: .builtIn)) }
    },
    Work(name: "append", count: 1000, size: 1000, sentence: "append a delivery to a ring that holds SIZE") {
      size in
      let ring = Journal(limits: Journal.Limits(deliveries: size))
      let arrivals = (0..<size).map { Samples.arrival($0) }
      for arrival in arrivals { kept(arrival, in: ring) }
      var next = 0
      return {
        consume(kept(arrivals[next], in: ring))
        next = (next + 1) % size
      }
    },
  ]

  /// What the receiver does for a delivery of each sender: to be compared with Parlay's.
  private static let senders = Providers.builtIn.all.map { sender in
    Work(
      name: "judge-\(sender.name)", count: 200, size: 412,
      sentence: "find, read and verify a delivery of \(sender.title) with SIZE bytes of body"
    ) { size in
      let (request, secret) = try Samples.request(of: sender, bodySize: size)
      let verifier = Verifier(keyring: Keyring([secret]))
      guard verifier.judge(request, among: .builtIn, at: Samples.arrival).verdict.reason == .ok else {
        preconditionFailure("a delivery of \(sender.name) is not valid")
      }
      return { consume(verifier.judge(request, among: .builtIn, at: Samples.arrival)) }
    }
  }

  /// What libcrypto alone does of that where a sender signs with a private key.
  private static let publicKeys = [SignatureScheme.Kind.ed25519, .ecdsaP256].map { kind in
    Work(
      name: "verify-\(kind.rawValue)", count: 200, size: 412,
      sentence: "verify an \(kind.rawValue) signature of SIZE bytes by libcrypto alone"
    ) { size in
      let (key, message) = (PrivateKey(for: kind), [UInt8](repeating: 0x78, count: size))
      let signature = key.signature(of: message)
      guard
        let form = kind == .ed25519
          ? Hex.decoded(key.publicText.utf8) : Base64.decoded(Array(key.publicText.utf8).span),
        let publicKey = PublicKey(form, for: kind), publicKey.verifies(signature, of: message)
      else { preconditionFailure("a signature of \(kind.rawValue) is not valid") }
      return { consume(publicKey.verifies(signature, of: message)) }
    }
  }

  /// What `verify` does for each failed delivery of a session.
  private static let diagnosing = [
    Work(
      name: "diagnose", count: 2, size: 412,
      sentence: "search SIZE bytes of body that a secret signed which nobody has, to the end"
    ) { size in
      let keyring = try Keyring([SigningSecret("whsec_other", label: "parlay", provider: .parlay)])
      let request = Samples.request(0, bodySize: size)
      let subject = DiagnosisSubject(
        request: request, receivedAt: Samples.arrival,
        verdict: Verifier(keyring: keyring).verify(request, provider: .parlay, at: Samples.arrival),
        providers: .builtIn)
      return { consume(Diagnosis(of: subject, keyring: keyring, budget: .automatic { 0 })) }
    }
  ]

  /// What is done with a body when it is looked at.
  private static let bodies = [
    Work(name: "lexer", count: 2, size: 1 << 20, sentence: "read SIZE bytes of JSON records, token by token")
    {
      let body = Samples.records(bytes: $0)
      return {
        var lexer = JSONLexer()
        while let token = try? lexer.next(in: body.span) { consume(token) }
      }
    },
    Work(
      name: "pretty", count: 2, size: 1 << 20, sentence: "open SIZE bytes of JSON records in the pretty view"
    ) {
      let body = Samples.records(bytes: $0)
      return { consume(PayloadDocument(body, mode: .pretty)) }
    },
    Work(
      name: "pretty-nodes", count: 2, size: 1 << 20,
      sentence: "open SIZE bytes of [1],[1],… in the pretty view"
    ) {
      let body = Samples.nodes(bytes: $0)
      return { consume(PayloadDocument(body, mode: .pretty)) }
    },
    Work(
      name: "open", count: 2, size: 1 << 20,
      sentence: "select a delivery with SIZE bytes of [1],[1],… and draw, until it is read"
    ) {
      var app = App(kept: 1)
      app.receive(Samples.nodes(bytes: $0))
      return {
        app.press("j")
        consume(app.after("k"))
      }
    },
    Work(
      name: "pretty-line", count: 1000, size: 1 << 20, sentence: "lay one line out of SIZE bytes of records"
    ) {
      let document = PayloadDocument(Samples.records(bytes: $0), mode: .pretty)
      return { consume(document.line(at: document.lineCount / 2)) }
    },
  ]

  /// What is done for a frame, a key, a filter and a search.
  private static let screen = [
    Work(
      name: "arrive", count: 20, size: 66, sentence: "take SIZE deliveries in, as one frame does at 2000/s"
    ) {
      let size = $0
      var app = App(kept: 1000)
      let batches = app.batches(of: size, count: 100)
      var next = 0
      return {
        app.tell(.arrived(batches[next]))
        next += 1
      }
    },
    Work(name: "key", count: 100, size: 1000, sentence: "move the selection by a key and draw, SIZE kept") {
      var app = App(kept: $0)
      var moves = 0
      return {
        app.press(moves % 20 < 10 ? "j" : "k")
        moves += 1
        consume(view(app.model))
      }
    },
    Work(name: "view", count: 20, size: 1000, sentence: "draw a frame of 120x36 on a canvas, SIZE kept") {
      let app = App(kept: $0)
      return { consume(view(app.model)) }
    },
    Work(
      name: "present", count: 100, size: 1000, sentence: "put the frame of a moved selection on the terminal"
    ) {
      // The terminal is given back when the process ends: closing it is not what is measured.
      setlocale(LC_ALL, "")
      var app = App(kept: $0)
      let frames = [view(app.model), app.after("j"), app.after("j")]
      let terminal = try Terminal(charset: .utf8)
      var next = 0
      return {
        terminal.present(frames[next % frames.count])
        next += 1
      }
    },
    Work(name: "filter", count: 2, size: 2000, sentence: "put a filter on SIZE deliveries and take it off") {
      var app = App(kept: $0)
      app.type("ftype:analysis.*\r")
      return {
        app.press("\\")
        app.press("\\")
      }
    },
    Work(
      name: "order", count: 2, size: 2000, sentence: "order SIZE deliveries by size, and by arrival again"
    ) {
      var app = App(kept: $0) { 250 + $0 &* 2_654_435_761 % 1000 }
      return {
        app.type("ojj\r")
        app.type("okk\r")
      }
    },
    Work(
      name: "arrive-ordered", count: 20, size: 66,
      sentence: "take SIZE deliveries in where 10,000 are ordered by size"
    ) {
      let size = $0
      var app = App(kept: 10_000) { 250 + $0 &* 2_654_435_761 % 1000 }
      app.type("ojj\r")
      let batches = app.batches(of: size, count: 100)
      var next = 0
      return {
        app.tell(.arrived(batches[next]))
        next += 1
      }
    },
    Work(
      name: "search", count: 2, size: 2000, sentence: "search SIZE deliveries for a text that none holds"
    ) {
      var app = App(kept: $0)
      app.type("/zebra\r")
      return { app.press("n") }
    },
    Work(
      name: "text-filter", count: 2, size: 2000,
      sentence: "filter SIZE deliveries by a text that none holds"
    ) {
      var app = App(kept: $0)
      app.type("f~zebra\r")
      return {
        app.press("\\")
        app.press("\\")
      }
    },
  ]
}

extension Work {
  /// What the screen waits for when a filter is put on and taken off, by each question that a filter can ask.
  private static let filters = [
    "type": "type:analysis.*", "live": "live:false", "sig": "sig:valid", "provider": "provider:parlay",
    "id": "id:evt_*7", "header": "header:x-parlay-event=analysis.*", "path": "path:/hooks*",
    "time": "time:>18:02", "age": "age:>300", "size": "size:>10k", "answer": "answer:2xx", "app": "app:2xx",
    "took": "took:>1ms", "disagree": "disagree", "endpoint": "endpoint:a*", "src": "src:wire",
    "cause": "cause:body*", "attempt": "attempt:>1", "seq": "seq:>1000", "dup": "dup", "marked": "marked",
    "text": "~zebra",
  ].map { name, filter in
    Work(
      name: "filter-\(name)", count: 2, size: 2000,
      sentence: "put \(filter) on SIZE deliveries that an app has answered, and take it off"
    ) {
      var app = App(kept: $0, isForwarded: true)
      app.type("f\(filter)\r")
      return {
        app.press("\\")
        app.press("\\")
      }
    }
  }.sorted { $0.name < $1.name }
}

/// Keeps the compiler from leaving out work whose result nobody looks at.
@inline(never)
func consume(_ value: borrowing some ~Copyable) {}
