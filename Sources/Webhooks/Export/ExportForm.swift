/// The forms that deliveries are exported in.
public enum ExportForm: String, CaseIterable, Sendable {
  case ndjson, har, http, body, markdown

  /// What it is called in a list.
  public var title: String {
    switch self {
    case .ndjson: "NDJSON, as hooktop records and opens it"
    case .har: "HAR 1.2, an HTTP archive"
    case .http: ".http, for the clients of VS Code and JetBrains"
    case .body: "raw bodies"
    case .markdown: "Markdown, for a ticket"
    }
  }

  /// How a file of the form usually ends.
  public var fileEnding: String {
    switch self {
    case .ndjson: "ndjson"
    case .har: "har"
    case .http: "http"
    case .body: "body"
    case .markdown: "md"
    }
  }
}
