extension Configuration {
  /// A file that holds every key, those that change something behind `#`, and says what each is for.
  public static let example = """
    # hooktop's configuration. It is read from hooktop.yaml in the working folder, else from
    # ~/.config/hooktop/config.yaml; --config FILE names another one. Options on the command line win over the
    # environment, and that over this file. A valid change is used while hooktop runs, but for listen, tls, keep,
    # keep-bytes, max-body, record, filter and time-scale, which need a restart.
    # A line that begins with # and a key is an example: take the # away to use it.

    # Where to listen: a host and a port, or one of them.
    listen: 127.0.0.1:4747

    # Speak TLS: a certificate and its key, or one made for each run.
    #tls: {cert: cert.pem, key: key.pem}

    # Signing secrets by provider: env:VAR or file:PATH, one or several. A retired one only explains failures. A secret
    # itself may stand here only if nobody else can read this file: chmod 600.
    #secrets:
    #  parlay: env:PARLAY_SIGNING_SECRET
    #  parable: [env:PARABLE_SIGNING_SECRET, {from: "file:old-secret.txt", label: old, retired: true}]

    # Paths with names of their own, such as staging and production: each with its secrets, app and rules. One that has no
    # secrets, app or rules of its own uses those for all. * stands for any characters.
    #endpoints:
    #  - name: staging
    #    path: /staging/*
    #    provider: parlay
    #    secrets: [env:PARLAY_STAGING_SECRET]
    #    forward: http://localhost:3000/webhooks/parlay
    #    respond: ["type:webhook.test : status 500 x3"]
    #  - name: production
    #    path: /prod/*
    #    provider: parlay
    #    secrets: [env:PARLAY_PRODUCTION_SECRET]

    # Senders of your own. hooktop providers NAME shows a known one as a start.
    #providers:
    #  acme:
    #    signature: {header: X-Acme-Signature, format: "ts={t};h1={hex}", separator: ";", text: "{t}:{body}", window: 300}
    #    event: body.type
    #    id: body.id
    #    livemode: {at: body.environment, live: production}
    #    answer-within: 5s
    #    retries: [1m, 5m, 30m]

    # The apps that deliveries go on to: a URL, or NAME=URL for one provider's.
    #forward: [http://localhost:3000, parable=http://localhost:3001/hooks]
    # Only those that match a filter, and for how many seconds an app may take.
    #forward-if: sig:ok
    #forward-timeout: 10

    # How the next deliveries are answered instead of by the verdict or the app.
    #respond: ["type:webhook.test : status 500 x3", "delay 2s x1"]
    # What senders are told: verified, always, or forward for the app's status.
    answer: verified
    # Put the verdict into the body of each answer.
    explain: false

    # How many seconds before or after its arrival a delivery may be signed.
    tolerance: 300

    # How many deliveries, and bytes of them, the ring buffer keeps; the largest body to accept.
    keep: 10000
    keep-bytes: 256MiB
    max-body: 10MiB

    # Record each delivery to this file as a line of NDJSON.
    #record: session.ndjson

    # What is shown at first.
    #filter: sig:failed

    # How many times as fast as documented the senders retry, as hooktop sandbox does.
    time-scale: 1

    # The address that senders know, for those that sign it.
    #public-url: https://hooks.example.com

    # The screen: auto, light or dark; the mouse; and JSON paths whose values are hidden in what is recorded, printed and exported.
    theme: auto
    mouse: false
    #mask: ["$.data.email", "$..phone"]

    """
}
