internal import JSON
internal import Webhooks

/// What can be seen of the signature header, right or wrong.
public struct HeaderFacts: Sendable, Equatable {
  /// Each line of the provider's signature header, without white space at its ends.
  public let lines: [String]
  /// The byte of the first line, counted from 0, that makes it malformed: where a caret belongs.
  public let faultOffset: Int?
  /// Other headers that may carry the signature.
  public let near: [NearHeader]
  /// What the header looks like instead, where it is malformed and looks like something.
  public let resemblance: HeaderResemblance?

  init(_ subject: DiagnosisSubject) {
    let lines = subject.signatureLines.map { $0.bytes.trimmingSpaces }
    self.lines = lines.map { String(decoding: $0, as: UTF8.self) }
    let header = lines.first.flatMap { line in
      subject.provider.map { SignatureReading(line, under: $0.scheme) }
    }
    let isOdd = subject.verdict.status == .malformed || subject.verdict.status == .unchecked
    faultOffset = isOdd ? subject.verdict.faultOffset ?? (header?.fault ?? header?.unusable)?.offset : nil
    near = NearHeader.all(in: subject.request.headers, besides: subject.providers)
    resemblance =
      header?.fault != nil || header?.unusable != nil
      ? lines.first.flatMap { HeaderResemblance($0.prefix(4096)) } : nil
  }
}
