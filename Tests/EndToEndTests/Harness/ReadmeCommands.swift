import Foundation

/// The commands of the README, and how each one is tried.
enum ReadmeCommands {
  /// How a command is tried.
  enum Way {
    /// It comes to an end with this code, beside a receiver, an app and a sandbox.
    case ends(_ code: Int = 0)
    /// It comes to an end beside a receiver that speaks TLS.
    case endsOverTLS
    /// It comes to an end once there were test events enough.
    case waits
    /// It goes on, and answers at this address, until it is told to stop.
    case serves(at: String = "http://127.0.0.1:4747")
    /// The test of this name tries it, with what else it takes.
    case test(String)
    /// No test can try it, for this reason.
    case outside(String)
  }

  /// Each command once, without the comment behind it, in the file's order; those of the story have their own test.
  static func listed() throws -> [String] {
    let text = try contents(of: "README.md")
      .replacing(#/\n## One story, end to end\n(?s).*?\n## /#, with: "\n## ")
    var commands: [String] = []
    for block in text.matches(of: #/```sh\n((?s).*?)```/#) {
      for line in block.1.replacing(#/\\\n */#, with: "").split(separator: "\n") {
        let command = String(line.replacing(#/ +# .*$/#, with: ""))
        if !commands.contains(command) { commands.append(command) }
      }
    }
    return commands
  }

  /// The name of every test.
  static func tests() throws -> String {
    let folder = root.appending(path: "Tests/EndToEndTests")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
      .map { try contents(of: "Tests/EndToEndTests/\($0)") }.joined()
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../..").standardizedFileURL

  private static func contents(of file: String) throws -> String {
    try String(contentsOf: root.appending(path: file), encoding: .utf8)
  }
}

extension ReadmeCommands {
  private static let byHand = Way.test("a delivery that is signed by hand, as the README says, is valid")
  private static let install = Way.outside("it installs packages, or builds: a checkout's own check does")
  private static let api = Way.test(
    "a webhook is registered, tested, paused, resumed, rotated and deleted, each in one call")
  private static let captures = Way.test(
    "captures are listed, with the way to the next page, and shown as they are now")
  private static let streams = Way.test(
    "several streams are numbered as they come, with a screen and without")
  private static let stripe = Way.outside("it needs Stripe's own program, and an account there")
  private static let overSSH = Way.test(
    "over SSH, deliveries are shown as they come, and the keys come from the terminal")

  static let ways: KeyValuePairs<String, Way> = [
    #"$(command -v sudo) apt-get update && $(command -v sudo) apt-get install -y libncursesw5-dev libssl-dev"#:
      install,
    ".ci/deb": install,
    "$(command -v sudo) apt-get install -y ./.build/deb/hooktop_*.deb": install,
    "HOOKTOP_COMMIT=$(.ci/commit) swift build -c release --static-swift-stdlib": install,
    "$(command -v sudo) install .build/release/hooktop /usr/local/bin/": install,
    #"PARLAY_SIGNING_SECRET='whsec_…' hooktop"#: .serves(),
    "hooktop verify saved.http --secret parlay=env:PARLAY_SIGNING_SECRET": .ends(10),
    "hooktop --forward http://127.0.0.1:3000": .serves(),
    "hooktop check --to http://127.0.0.1:3000/hook --provider parlay": .ends(),
    "hooktop wait 'type:webhook.test sig:valid' --timeout 60": .waits,
    "hooktop demo": .serves(),
    #"export PARLAY_SIGNING_SECRET='whsec_…'"#: .ends(),
    "hooktop": .serves(),
    "cloudflared tunnel --url http://127.0.0.1:4747": .outside("it leads into the internet"),
    "hooktop --tls-self-signed": .serves(at: "https://127.0.0.1:4747"),
    "curl -k -d '{}' https://127.0.0.1:4747": .endsOverTLS,
    "openssl s_client -connect 127.0.0.1:4747 </dev/null | openssl x509 > cert.pem": .endsOverTLS,
    "openssl x509 -in cert.pem -noout -fingerprint -sha256": .endsOverTLS,
    "curl --cacert cert.pem -d '{}' https://127.0.0.1:4747": .endsOverTLS,
    "hooktop send --to https://127.0.0.1:4747 --cacert cert.pem": .endsOverTLS,
    "hooktop parlay register --url https://example.test/hook --events analysis.completed,analysis.failed --save":
      api,
    "hooktop parlay test wh_2k4xJzaB": api,
    "hooktop parlay pause wh_2k4xJzaB": api,
    "hooktop parlay rotate wh_2k4xJzaB --save": api,
    "hooktop parable list": captures,
    "hooktop parable capture cap_123 --json": captures,
    #"body='{"id":"evt_1","event":"webhook.test","livemode":false}'; t=$(date +%s)"#: byHand,
    #"v1=$(printf '%s.%s' "$t" "$body" | openssl dgst -sha256 -hmac "$PARLAY_SIGNING_SECRET" -r | cut -c 1-64)"#:
      byHand,
    #"curl -d "$body" -H "X-Parlay-Signature: t=$t,v1=$v1" http://127.0.0.1:4747"#: byHand,
    #"export GITHUB_WEBHOOK_SECRET='…'"#: .ends(),
    "hooktop send push --provider github": .ends(),
    "stripe listen --print-secret": stripe,
    "hooktop --secret stripe=env:STRIPE_WEBHOOK_SECRET --secret stripe/live=env:STRIPE_LIVE_SECRET":
      .serves(),
    "stripe listen --forward-to http://127.0.0.1:4747": stripe,
    "hooktop send --provider stripe": .ends(),
    "hooktop providers github": .ends(),
    "hooktop providers --from 12 session.ndjson": .ends(),
    "hooktop --forward parlay=http://127.0.0.1:3000/hook --forward-if 'sig:ok'": .serves(),
    "hooktop --forward http://127.0.0.1:3000 --answer verified": .serves(),
    "hooktop check --to http://127.0.0.1:3000/hook --provider parlay --secret parlay=env:PARLAY_SIGNING_SECRET":
      .ends(),
    "hooktop replay session.ndjson --to http://127.0.0.1:3000 --if 'sig:ok'": .ends(),
    // One delivery of the session is of a sender that has no secret.
    "hooktop replay session.ndjson --to http://127.0.0.1:3000 --sign --secret parlay=env:PARLAY_SIGNING_SECRET":
      .ends(1),
    "hooktop --respond 'status 500 x3' --respond 'delay 11s x1' --respond 'type:webhook.test : drop'":
      .serves(),
    "hooktop sandbox": .serves(at: "http://127.0.0.1:4800"),
    "hooktop sandbox --rate 0/s --time-scale 600 --state sandbox.ndjson": .serves(
      at: "http://127.0.0.1:4800"),
    "hooktop sandbox --parable http://127.0.0.1:4747 --rate 10/s --chaos --seed 7":
      .serves(at: "http://127.0.0.1:4800"),
    #"curl -X POST http://127.0.0.1:4800/v1/webhooks -H "Authorization: Bearer $PARLAY_API_KEY" -H 'Content-Type: application/json' -d '{"url":"http://127.0.0.1:4747","name":"dev","enabled_events":["analysis.completed"]}'"#:
      .ends(),
    "hooktop tail": .serves(),
    "hooktop tail --filter 'sig:failed type:analysis.*'": .serves(),
    "hooktop tail --explain": .serves(),
    "hooktop tail --json | tee session.ndjson": .serves(),
    "hooktop verify session.ndjson -s parlay=env:SECRET": .ends(12),
    "hooktop verify body.json --header 'X-Parlay-Signature: t=…,v1=…' --secret parlay=env:SECRET": .ends(11),
    "hooktop send analysis.completed --live --count 20 --rate 10/s": .ends(),
    "hooktop send --break too-old": .ends(1),
    "hooktop wait --count 3 --timeout 30 > deliveries.ndjson": .waits,
    "hooktop tail --port 0 --ready-file ready.txt &": .test(
      "the file holds the address on one line, for its owner alone, and goes at the end"),
    "curl -s http://127.0.0.1:4747/.hooktop/health": .ends(),
    "hooktop --record session.ndjson": .serves(),
    "hooktop open session.ndjson": .ends(),
    "hooktop open session.ndjson --secret parlay=env:SECRET": .ends(),
    "hooktop open session.ndjson | grep mismatch": .ends(),
    "ssh -n staging hooktop tail --json | hooktop open -": overSSH,
    "redis-cli --raw subscribe webhooks | hooktop open -": .test(
      "from a real Redis: what one hooktop publishes, another one shows"),
    "kcat -C -q -t webhooks | hooktop open -": .outside("it needs Kafka; lines are taken from any program"),
    "hooktop open --follow session.ndjson": .test(
      "--follow shows what is added to a file, and goes on with the one that takes its place"),
    "ssh -n staging hooktop tail --json | hooktop open staging=- prod=session.ndjson": streams,
    "hooktop mcp": .ends(),
    "hooktop mcp --port 0 --secret parlay=env:PARLAY_SIGNING_SECRET --allow-actions": .ends(),
    "hooktop export session.ndjson --as har > session.har": .ends(),
    "hooktop export session.ndjson --as http > session.http": .ends(),
    "hooktop export session.ndjson --as markdown --if sig:failed": .ends(),
    "hooktop export session.ndjson --redact '$.data.email' --redact '$..phone' > clean.ndjson": .ends(),
    "$(command -v sudo) apt-get update && $(command -v sudo) apt-get install -y libncursesw5-dev libssl-dev tmux curl openssl python3 && swift test --no-parallel":
      install,
  ]
}
