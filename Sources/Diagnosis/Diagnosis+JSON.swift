public import JSON

extension JSONWriter {
  /// Writes a diagnosis as fields of the object that is open: causes, what it took, the sample verifiers.
  public mutating func write(_ diagnosis: Diagnosis) {
    array("causes") { list in
      for finding in diagnosis.findings { list.write(finding) }
    }
    field("candidates_tried", diagnosis.candidatesTried)
    field("milliseconds", diagnosis.milliseconds, decimals: 1)
    guard !diagnosis.samples.isEmpty else { return null("sample_verifiers") }
    object("sample_verifiers") { samples in
      samples.field("parlay_ts", diagnosis.samples[.parlayTypeScript]?.word)
      samples.field("parlay_py", diagnosis.samples[.parlayPython]?.word)
      samples.field("parable_ts", diagnosis.samples[.parableTypeScript]?.word)
    }
  }

  private mutating func write(_ finding: Finding) {
    object {
      $0.field("cause", finding.id.rawValue)
      $0.field("level", finding.level.rawValue)
      $0.field("detail", finding.detail)
      $0.field("remedy", finding.remedy)
    }
  }
}
