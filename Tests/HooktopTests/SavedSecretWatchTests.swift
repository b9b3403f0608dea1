import Foundation
import Glibc
import Sender
import Synchronization
import Testing
import Webhooks

@testable import hooktop

/// How the saved secrets are found, and a change of them is seen.
struct SavedSecretWatchTests {
  private static let id = APIID("wh_1".utf8)!

  private func withFolder(_ body: (SavedSecrets) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "hooktop-watch-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: root) }
    try body(try SavedSecrets(state: Array(root.utf8), home: nil))
  }

  private func write(_ bytes: [UInt8], to name: String, in saved: SavedSecrets) throws {
    try saved.prepare()
    let path = "\(saved.folder)/\(name)"
    try Data(bytes).write(to: URL(filePath: path))
    #expect(chmod(path, 0o600) == 0)
  }

  private func watch(_ saved: SavedSecrets?) -> SavedSecretWatch {
    SavedSecretWatch(saved, providers: .builtIn)
  }

  private func texts(_ secrets: [SigningSecret]) -> [String] {
    secrets.map { "\($0.label) \($0.fingerprint)" }
  }

  private func secret(_ text: String, _ label: String, _ provider: Provider = .parlay) throws -> SigningSecret
  {
    try SigningSecret(text, label: label, provider: provider)
  }

  @Test("each file named after a provider and an id is a secret, labelled so; all else is left alone")
  func found() throws {
    try withFolder { saved in
      _ = try saved.save("whsec_a", of: .parlay, Self.id)
      try write(Array("whsec_b".utf8), to: "parable-end.point", in: saved)
      for name in [".parlay-wh_2.17", "nobody-x", "parlay", "parlay-", "parlay-a b"] {
        try write(Array("whsec_x".utf8), to: name, in: saved)
      }
      try FileManager.default.createDirectory(
        atPath: saved.folder + "/parlay-folder", withIntermediateDirectories: false)
      // Opening it would wait for ever.
      #expect(mkfifo(saved.folder + "/parlay-pipe", 0o600) == 0)
      let watch = watch(saved)
      let due = [try secret("whsec_b", "parable/end.point", .parable), try secret("whsec_a", "parlay/wh_1")]
      #expect(texts(watch.secrets) == texts(due) && watch.warnings.isEmpty)
      #expect(watch.secrets.map(\.provider) == [.parable, .parlay])
      #expect(watch.secrets.map(\.webhook) == ["end.point", "wh_1"])
    }
  }

  @Test("what is in the way of the secrets hides none of them")
  func junk() throws {
    try withFolder { saved in
      for number in 0..<300 { try write([], to: "junk\(number)", in: saved) }
      _ = try saved.save("whsec_a", of: .parlay, Self.id)
      for number in 300..<600 { try write([], to: "junk\(number)", in: saved) }
      let watch = watch(saved)
      #expect(watch.secrets.count == 1 && watch.warnings.isEmpty)
    }
  }

  @Test(
    "no more than so many files are looked at, which is said",
    arguments: [
      ("", 20_001, "more than 20000 files, not all of which are looked at"),
      ("parlay-", 257, "more than 256 secrets, not all of which are used"),
    ])
  func bounds(prefix: String, count: Int, words: String) throws {
    try withFolder { saved in
      try saved.prepare()
      for number in 0..<count {
        let descriptor = open("\(saved.folder)/\(prefix)\(number)", O_WRONLY | O_CREAT, 0o600)
        #expect(descriptor >= 0 && Glibc.write(descriptor, "whsec_\(number)", 7) == 7)
        close(descriptor)
      }
      let watch = watch(saved)
      #expect(watch.warnings.count == 1 && watch.warnings[0].contains(words), "\(watch.warnings.prefix(3))")
      #expect(watch.secrets.count == (prefix.isEmpty ? 0 : 256))
    }
  }

  @Test("a secret that is as long as can be saved is found")
  func longest() throws {
    try withFolder { saved in
      _ = try saved.save(String(repeating: "x", count: (1 << 16) - 1), of: .parlay, Self.id)
      #expect(watch(saved).secrets.count == 1)
    }
  }

  @Test(
    "what others can read or change is used, and warned of",
    arguments: [
      (0o600, false), (0o400, false), (0o711, false), (0o640, true), (0o604, true), (0o620, true),
      (0o602, true),
    ] as [(mode_t, Bool)])
  func exposed(mode: mode_t, isExposed: Bool) throws {
    try withFolder { saved in
      let path = try saved.save("whsec_a", of: .parlay, Self.id)
      #expect(chmod(path, mode) == 0)
      let watch = watch(saved)
      let words = "others can read or change the saved secret parlay/wh_1: chmod 600 \(path)"
      #expect(watch.secrets.count == 1 && watch.warnings == (isExposed ? [words] : []))
    }
  }

  @Test("a secret that is another user's is used, and warned of", .enabled(if: geteuid() == 0))
  func foreign() throws {
    try withFolder { saved in
      let path = try saved.save("whsec_a", of: .parlay, Self.id)
      #expect(chown(path, 65534, 65534) == 0)
      let watch = watch(saved)
      #expect(watch.secrets.count == 1 && watch.warnings.count == 1)
      #expect(watch.warnings.first?.contains("belongs to another user") == true)
    }
  }

  @Test("where there is no home, or no folder, there are no secrets, and nothing fails")
  func none() throws {
    #expect(watch(nil).secrets.isEmpty)
    var keyring = Keyring()
    let isRenewed = watch(nil).renew(&keyring)
    #expect(!isRenewed)
    try withFolder { saved in
      let watch = watch(saved)
      #expect(watch.secrets.isEmpty)
      watch.start {}
      watch.stop()
    }
  }

  @Test(
    "what can't be a secret is said in one line, without what is in it",
    arguments: [[], [0x0A], [0xFF, 0xFE], [UInt8](repeating: 0x61, count: 1 << 17)] as [[UInt8]])
  func unusable(bytes: [UInt8]) throws {
    try withFolder { saved in
      try write(bytes, to: "parlay-wh_1", in: saved)
      let watch = watch(saved)
      #expect(watch.secrets.isEmpty && watch.warnings.count == 1)
      #expect(watch.warnings[0].hasPrefix("the saved secret parlay/wh_1 can't be used: "))
      #expect(!watch.warnings[0].contains("aaaa"))
    }
  }

  @Test("asked before a refusal, it sees a rotation at once; the old secret is retired, and told of once")
  func renewal() throws {
    try withFolder { saved in
      _ = try saved.save("whsec_a", of: .parlay, Self.id)
      let watch = watch(saved)
      var keyring = Keyring(watch.secrets)
      let isRenewed = watch.renew(&keyring)
      #expect(!isRenewed)
      _ = try saved.save("whsec_b", of: .parlay, Self.id)
      // At once, although it was looked at just before.
      let isRenewedNow = watch.renew(&keyring)
      #expect(isRenewedNow)
      #expect(keyring.secrets.map { $0.retiredAt == nil } == [false, true])
      #expect(keyring.secrets[1].fingerprint == (try secret("whsec_b", "parlay/wh_1").fingerprint))
      let told = watch.untold
      watch.forget(told.count)
      #expect(told.map { $0.new.fingerprint } == [keyring.secrets[1].fingerprint])
      #expect(told.first?.old?.fingerprint == keyring.secrets[0].fingerprint)
      let isRenewedAgain = watch.renew(&keyring)
      #expect(watch.untold.isEmpty && !isRenewedAgain)
    }
  }

  @Test("a secret whose file is gone, or is broken, stays: deliveries may be on their way")
  func kept() throws {
    try withFolder { saved in
      _ = try saved.save("whsec_a", of: .parlay, Self.id)
      let watch = watch(saved)
      var keyring = Keyring(watch.secrets)
      try write([], to: "parlay-wh_1", in: saved)
      usleep(10_000)
      let isRenewed = watch.renew(&keyring)
      #expect(!isRenewed && watch.secrets.count == 1)
      try FileManager.default.removeItem(atPath: saved.path(of: .parlay, Self.id))
      usleep(10_000)
      let isRenewedAgain = watch.renew(&keyring)
      #expect(!isRenewedAgain && watch.secrets.count == 1 && watch.untold.isEmpty)
    }
  }

  @Test(
    "a saved secret is seen at the next glance at the folder, one that is written in its place at the tenth")
  func glances() throws {
    try withFolder { saved in
      _ = try saved.save("whsec_a", of: .parlay, Self.id)
      let watch = watch(saved)
      _ = watch.glance()
      #expect(!watch.glance())
      // Time stamps of files are those of the system's ticks.
      usleep(20_000)
      _ = try saved.save("whsec_b", of: .parlay, Self.id)
      #expect(watch.glance() && watch.untold.count == 1)
      #expect(!watch.glance())
      try write(Array("whsec_c".utf8), to: "parlay-wh_1", in: saved)
      #expect((2...10).first { _ in watch.glance() } == 10)
      #expect(watch.untold.count == 2)
    }
  }

  @Test("it looks by itself, too, says so from another thread, and is silent once it is stopped")
  func timer() throws {
    try withFolder { saved in
      let watch = watch(saved)
      let seen = Atomic(0)
      watch.start { seen.add(1, ordering: .relaxed) }
      _ = try saved.save("whsec_a", of: .parlay, Self.id)
      let start = ContinuousClock.now
      while seen.load(ordering: .relaxed) == 0, start.duration(to: .now) < .seconds(10) { usleep(5000) }
      #expect(seen.load(ordering: .relaxed) == 1 && watch.untold.map(\.new.label) == ["parlay/wh_1"])
      watch.stop()
      watch.forget(1)
      _ = try saved.save("whsec_b", of: .parlay, Self.id)
      // Longer than from one look to the next.
      usleep(700_000)
      #expect(seen.load(ordering: .relaxed) == 1 && watch.untold.isEmpty)
    }
  }
}
