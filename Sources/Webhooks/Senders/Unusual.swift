extension ProviderSample {
  /// Members for one sample of each sender: letters outside ASCII, an emoji, `<>&/` and U+2028, which some printers of
  /// JSON escape and others don't, and numbers and objects that some change.
  static let unusual =
    #""note":"Zoë & 田中 🚀 <b>R&D/Ops</b>\#u{2028}next","ratio":1.0,"extra":{},"number":12345678901234567"#
}
