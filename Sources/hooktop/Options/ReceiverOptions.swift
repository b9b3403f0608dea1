internal import ArgumentParser
internal import Receiver
internal import Webhooks

/// The options that watch, demo and tail have in common: where to listen, what to verify with, how much to keep.
struct ReceiverOptions: ParsableArguments {
  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes any free one.")
  var port = 4747

  @OptionGroup var secrets: SecretSettings

  @OptionGroup var window: ToleranceOption

  @Option(help: "How many deliveries the ring buffer keeps.")
  var keep = 10_000

  @Option(help: "How many bytes of deliveries the ring buffer keeps, as 64MiB.")
  var keepBytes = ByteCount(bytes: 256 << 20)

  @Option(help: "The largest body that is taken, as 10MiB.")
  var maxBody = ByteCount(bytes: 10 << 20)

  @Option(help: "What to answer: verified (401 where a signature fails) or always (200 to all).")
  var answer = AnswerPolicy.verified

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
    guard keep > 0 else { throw ValidationError("--keep is a number of deliveries from 1 on.") }
    guard keepBytes.bytes > 0 else { throw ValidationError("--keep-bytes is at least 1 byte.") }
    guard maxBody.bytes > 0 else { throw ValidationError("--max-body is at least 1 byte.") }
  }

  var ringLimits: DeliveryRing.Limits { DeliveryRing.Limits(deliveries: keep, bytes: keepBytes.bytes) }

  var receiverConfiguration: WebhookReceiver.Configuration {
    var configuration = WebhookReceiver.Configuration(host: host, port: port)
    configuration.maxBody = maxBody.bytes
    configuration.answerPolicy = answer
    return configuration
  }
}
