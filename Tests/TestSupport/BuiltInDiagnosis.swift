public import Diagnosis
public import Webhooks

extension DiagnosisSubject {
  public init(
    sequence: UInt64? = nil, request: Request, envelope: Envelope? = nil, receivedAt: Timestamp,
    verdict: Verdict
  ) {
    self.init(
      sequence: sequence, request: request, envelope: envelope, receivedAt: receivedAt, verdict: verdict,
      providers: .documented)
  }

  public init(_ delivery: Delivery) { self.init(delivery, providers: .documented) }
}
