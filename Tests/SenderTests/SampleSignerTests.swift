import Foundation
import Testing
import Webhooks

@testable import Sender

@Suite struct SampleSignerTests {
  @Test("a signed sample is valid", arguments: SampleCatalogue.kinds)
  func valid(kind: SampleKind) {
    let verdict = Support.verdict(on: Support.delivery(kind.event))
    #expect(verdict.reason == .ok)
    #expect(verdict.secret == kind.provider.name)
  }

  @Test("signing again replaces the old signature")
  func again() {
    let later = Timestamp(microseconds: Support.now.microseconds + 7_200_000_000)
    let delivery = SampleSigner(Support.parlay).sign(Support.delivery("webhook.test"), at: later)
    #expect(delivery.headers.all("X-Parlay-Signature").count == 1)
    #expect(Support.verdict(on: delivery, at: later).reason == .ok)
    #expect(Support.verdict(on: delivery).reason == .inFuture)
  }

  @Test("openssl computes the same signature")
  func openssl() throws {
    let delivery = Support.delivery("capture.processed")
    let header = try #require(delivery.headers.first("x-parable-signature"))
    let seconds = Support.now.microseconds / 1_000_000
    let digits = try openssl(
      "dgst", "-sha256", "-hmac", "whsec_parable_for_tests", input: Array("\(seconds).".utf8) + delivery.body)
    #expect(header == "t=\(seconds),v1=\(digits)")
  }

  /// The last word that `openssl` prints for `input`.
  private func openssl(_ arguments: String..., input: [UInt8]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = arguments
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    try process.run()
    try stdin.fileHandleForWriting.write(contentsOf: Data(input))
    try stdin.fileHandleForWriting.close()
    let output = String(decoding: stdout.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return output.split { $0.isWhitespace }.last.map(String.init) ?? ""
  }
}
