import Foundation

/// Runs programs in a network of their own, with its own loopback address.
enum Namespace {
  /// Whether this user may make one; in many containers nobody may.
  static let isAllowed: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command(["true"], freePorts: 40_000...40_000)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    guard Tool.python3.isInstalled, (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// Starts hooktop with the arguments, where no more than one port is free.
  static func start(_ arguments: [String], freePort: Int) throws -> Subprocess {
    try Hooktop.requireBuilt()
    return try Subprocess(
      command([Hooktop.path] + arguments, freePorts: freePort...freePort),
      environment: Hooktop.environmentWithSecrets)
  }

  /// Starts a script of bash, which finds hooktop by its name.
  static func start(script: String, environment: [String: String]) throws -> Subprocess {
    try Hooktop.requireBuilt()
    return try Subprocess(
      command(["bash", "-c", script], freePorts: 32_768...60_999), environment: environment)
  }

  private static func command(_ program: [String], freePorts: ClosedRange<Int>) -> [String] {
    let ports = "\(freePorts.lowerBound) \(freePorts.upperBound)"
    return ["unshare", "--map-root-user", "--net", "python3", "-c", script, ports] + program
  }

  private static let script = """
    import fcntl, os, socket, struct, sys
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as f: f.write(sys.argv[1])
    up = struct.pack("16sh", b"lo", 0x1 | 0x40).ljust(40, b"\\0")
    fcntl.ioctl(socket.socket(), 0x8914, up)
    os.execvp(sys.argv[2], sys.argv[2:])
    """
}
