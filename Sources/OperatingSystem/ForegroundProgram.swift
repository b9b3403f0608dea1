import CSignals
import Glibc

/// Another program that has the terminal for a while, such as an editor.
public enum ForegroundProgram {
  /// How it ended.
  public enum End: Sendable, Equatable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It could not be started, for this error number.
    case notStarted(code: Int32)
    /// This process was asked to end meanwhile, and the other one with it.
    case interrupted
  }

  /// Runs a program on the terminal, which must have been left, and waits until it ends.
  ///
  /// It is in this process's group, so that Control-C and Control-Z reach both: the one is the other program's alone,
  /// the other stops both, and the shell continues both.
  /// - Parameters:
  ///   - arguments: its path, and what it is given.
  ///   - terminal: becomes its standard streams; it inherits nothing else that is open.
  public static func run(_ arguments: [String], on terminal: Int32, _ signals: SignalGuard) -> End {
    signals.lending {
      var child: pid_t = 0
      let code = spawn(arguments, on: terminal, &child)
      return code == 0 ? wait(for: child, signals) : .notStarted(code: code)
    }
  }

  private static func spawn(_ arguments: [String], on terminal: Int32, _ child: inout pid_t) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for stream in STDIN_FILENO...STDERR_FILENO {
      posix_spawn_file_actions_adddup2(&actions, terminal, stream)
    }
    // Sockets of the receiver must not outlive it in an editor.
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    return posix_spawn(&child, arguments[0], &actions, &attributes, &words, guard_environment())
  }

  private static func wait(for child: pid_t, _ signals: SignalGuard) -> End {
    while true {
      signals.drain()
      if signals.termination != nil {
        kill(child, SIGHUP)
        waitBriefly(for: child)
        return .interrupted
      }
      var status: Int32 = 0
      switch waitpid(child, &status, WNOHANG | WUNTRACED) {
      case 0: signals.waitForNext()
      case child where status & 0xFF == 0x7F: stop(with: child, signals)
      case child: return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: status & 0x7F)
      default:
        guard errno == EINTR else { return .notStarted(code: errno) }
      }
    }
  }

  /// Waits until a program that was told to hang up has written what it wants to keep; a second at most.
  private static func waitBriefly(for child: pid_t) {
    for _ in 0..<100 where waitpid(child, nil, WNOHANG) == 0 { usleep(10_000) }
  }

  /// Stops together with a program that has stopped, unless both have been continued since; then continues it.
  private static func stop(with child: pid_t, _ signals: SignalGuard) {
    if !signals.takeContinuation() { kill(0, SIGTSTP) }
    _ = signals.takeContinuation()
    kill(child, SIGCONT)
  }
}

extension SignalGuard {
  /// Does `work` while another program has the terminal: what is typed there to end a program is not meant for this one.
  fileprivate func lending<Result>(_ work: () -> Result) -> Result {
    let keys = [SIGINT, SIGQUIT]
    release(keys + [SIGTSTP])
    let before = keys.map { key in
      var ignored = sigaction()
      var action = sigaction()
      ignored.__sigaction_handler.sa_handler = SIG_IGN
      sigaction(key, &ignored, &action)
      return action
    }
    // Where it is ignored, as a launcher may leave it, nobody can wait for a child.
    let children = signal(SIGCHLD, SIG_DFL)
    note([SIGCHLD])
    defer {
      release([SIGCHLD])
      signal(SIGCHLD, children)
      for (key, action) in zip(keys, before) {
        var action = action
        sigaction(key, &action, nil)
      }
      noteTerminations()
      note([SIGTSTP])
      _ = takeSuspension()
      _ = takeContinuation()
    }
    return work()
  }

  /// Waits until a signal has come; a second at most, since one may have come just before.
  fileprivate func waitForNext() {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    poll(&waiting, 1, 1000)
  }
}
