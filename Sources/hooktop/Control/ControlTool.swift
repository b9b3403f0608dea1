internal import JSON

/// Something that an agent can ask of a running monitor: one row for each, from which the dispatch and the agents' list
/// of tools are made.
struct ControlTool: Sendable {
  /// An argument, as agents are told of it.
  struct Argument: Sendable {
    let name: StaticString
    let type: StaticString
    let description: String
    var isRequired = false
  }

  let name: StaticString
  let description: String
  let parameters: [Argument]
  /// Whether it changes or sends something.
  var isAction = false
  let run: @Sendable (ControlDesk, ControlDesk.Call) throws(ToolFailure) -> [UInt8]

  var arguments: [String] { parameters.map { "\($0.name)" } }

  static func named(_ name: some Sequence<UInt8>) -> ControlTool? {
    all.first { "\($0.name)".utf8.elementsEqual(name) }
  }

  static let all = [
    ControlTool(
      name: "status",
      description: "Where the monitor listens, what it has received, and which signing secrets it has.",
      parameters: []
    ) { desk, _ in desk.status() },
    ControlTool(
      name: "list_deliveries",
      description: "Lists received webhook deliveries, newest first, with the verdict on each signature.",
      parameters: [
        filter, Argument(name: "limit", type: "integer", description: "How many, 1 to 200. Default 20."),
        Argument(
          name: "before", type: "integer",
          description:
            "Only deliveries before this sequence number, as next_before of the last call gives it."),
      ]
    ) { desk, call throws(ToolFailure) in try desk.list(call) },
    ControlTool(
      name: "get_delivery",
      description:
        "One delivery whole: headers in their order, the body, the answer, and what apps responded.",
      parameters: [
        sequence,
        Argument(
          name: "body_limit", type: "integer",
          description: "How many bytes of the body to give, up to 262144. Default 16384."),
      ]
    ) { desk, call throws(ToolFailure) in try desk.get(call) },
    ControlTool(
      name: "explain_failure",
      description:
        "Why the signature of a delivery fails, with proof where there is one, and what to do about it. Takes up to 5 seconds.",
      parameters: [sequence]
    ) { desk, call throws(ToolFailure) in try desk.explain(call) },
    ControlTool(
      name: "wait_for_delivery",
      description:
        "Waits for a delivery that matches, which arrives after this call or after a given sequence number. Call status first and pass newest_sequence as after, then trigger the delivery, and none is missed.",
      parameters: [
        filter,
        Argument(
          name: "timeout_seconds", type: "number", description: "How long to wait, 0 to 600. Default 30."),
        Argument(
          name: "after", type: "integer", description: "Consider deliveries after this sequence number."),
      ]
    ) { desk, call throws(ToolFailure) in try desk.wait(call) },
    ControlTool(
      name: "replay",
      description:
        "Sends a delivery again, byte for byte, to an app on this machine, and gives its response.",
      parameters: [
        sequence,
        Argument(
          name: "url", type: "string",
          description: "Where the app takes it, such as http://127.0.0.1:3000/hook.",
          isRequired: true),
      ], isAction: true
    ) { desk, call throws(ToolFailure) in try desk.replay(call) },
    ControlTool(
      name: "send_sample",
      description:
        "Signs a sample with the monitor's secret and sends it to the monitor, broken on purpose if asked for.",
      parameters: [
        Argument(name: "event", type: "string", description: "The event type. Default analysis.completed."),
        Argument(
          name: "break", type: "string",
          description: "How to break it, such as too-old or newline-or-bom. A wrong name lists all."),
      ], isAction: true
    ) { desk, call throws(ToolFailure) in try desk.sendSample(call) },
  ]

  private static let filter = Argument(
    name: "filter", type: "string",
    description:
      "Terms side by side are and, | is or, - is not: type:analysis.* sig:failed provider:parlay live:false id:evt_1 age:<300 answer:4xx, or text to search for."
  )
  private static let sequence = Argument(
    name: "sequence", type: "integer", description: "The delivery's number.", isRequired: true)
}
