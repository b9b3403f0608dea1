import Testing

@testable import hooktop

struct SendPrinterTests {
  @Test("a single delivery waits for its answer, several are counted")
  func words() {
    #expect(SendPrinter.progress(0, of: 1, seconds: 3) == "waiting for an answer, 3 s")
    #expect(SendPrinter.progress(0, of: 100, seconds: 1) == "0 of 100 answered, 1 s")
    #expect(SendPrinter.progress(12, of: 100, seconds: 61) == "12 of 100 answered, 61 s")
  }

  @Test("nothing is shown in the first second, and once all are answered")
  func nothing() {
    #expect(SendPrinter.progress(0, of: 1, seconds: 0) == nil)
    #expect(SendPrinter.progress(5, of: 100, seconds: 0) == nil)
    #expect(SendPrinter.progress(100, of: 100, seconds: 9) == nil)
  }
}
