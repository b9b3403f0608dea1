#pragma once
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

// Signal handlers, in C because what runs in one must be async-signal-safe: no allocation, no lock, no
// lazy initialisation. Swift promises none of that for a line of its own code; here every call that a
// handler makes is on POSIX's list (alarm, dup2, fcntl, pause, pthread_sigmask, raise, select, sigaction,
// tcflow, tcflush, tcsetattr, write).
//
// Each object file that calls an inline function may get a copy of it with its own statics. So the state
// is allocated, and passed in; only guard_handle, which installs a handler, tells that same copy of the
// handler where the state is.

#define GUARD_SIGNALS 65
#define GUARD_TEXT 512
#define GUARD_STACK (64 * 1024)
// Seconds that a program has to end by itself once a signal has asked it to.
#define GUARD_GRACE 2
// How often a terminal that is stuck is tried, and the microseconds between two tries.
#define GUARD_TRIES 50
#define GUARD_PAUSE 10000

struct guard_state {
  volatile sig_atomic_t armed;
  // Where the program writes to, a second way to the terminal, and a way to nowhere; -1 where there is none.
  int terminal;
  int own;
  int nowhere;
  int wake;
  struct termios modes;
  size_t length;
  char text[GUARD_TEXT];
  volatile sig_atomic_t noted[GUARD_SIGNALS];
  volatile sig_atomic_t held[GUARD_SIGNALS];
  // The signal that the process is to end by; 0 until there is one.
  volatile sig_atomic_t ending;
  // The while that it had for that is over.
  volatile sig_atomic_t given_up;
  struct sigaction before[GUARD_SIGNALS];
  void *stack;
};

static inline struct guard_state *volatile *guard_slot(void) {
  static struct guard_state *volatile slot;
  return &slot;
}

// The state lives as long as the process: a handler may be running in another thread.
static inline struct guard_state *guard_create(int wake) {
  struct guard_state *guard = calloc(1, sizeof *guard);
  if (!guard) return NULL;
  guard->wake = wake;
  guard->own = guard->nowhere = -1;
  return guard;
}

// Throws away what nobody has read. A thread that waits for room learns of it only when the output starts again.
static inline void guard_clear(int terminal) {
  tcflush(terminal, TCOFLUSH);
  tcflow(terminal, TCOOFF);
  tcflow(terminal, TCOON);
}

// Gives the terminal back: the modes it had, then the restore string. Where that gets stuck, the alarm
// begins it anew.
static inline void guard_restore(struct guard_state *guard, int is_stuck) {
  if (!guard->armed) return;
  // From the background, tcsetattr would stop the process instead of letting it die.
  sigset_t background, previous;
  sigemptyset(&background);
  sigaddset(&background, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &background, &previous);
  // What another thread draws from now on would land in the shell.
  int terminal = guard->terminal;
  if (guard->own >= 0 && dup2(guard->nowhere, terminal) >= 0) terminal = guard->own;
  tcsetattr(terminal, TCSANOW, &guard->modes);
  int flags = fcntl(terminal, F_GETFL);
  if (is_stuck) {
    // The rest of a frame that nobody has read would keep the string out.
    guard_clear(terminal);
    fcntl(terminal, F_SETFL, flags | O_NONBLOCK);
  }
  size_t done = 0;
  int tries = GUARD_TRIES;
  while (done < guard->length) {
    ssize_t count = write(terminal, guard->text + done, guard->length - done);
    if (count > 0) done += (size_t)count;
    if (count > 0 || errno == EINTR) continue;
    // The kernel lets one thread at a time write to a terminal: another one is inside, and has yet to find
    // that there is room. What it still writes is in the way again.
    if (errno != EAGAIN || tries-- == 0) break;
    struct timeval rest = {0, GUARD_PAUSE};
    select(0, NULL, NULL, NULL, &rest);
    // Whoever has been at it for too long leaves it to the thread that begins anew.
    if (guard->given_up && !is_stuck) break;
    guard_clear(terminal);
    done = 0;
  }
  // Standard input may share the flags with other programs.
  if (is_stuck) fcntl(terminal, F_SETFL, flags);
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  if (is_stuck || !guard->given_up) guard->armed = 0;
}

// Dies by the signal, so that whoever waits for the process learns the truth.
static inline void guard_die(int signal) {
  struct sigaction standard;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  sigaction(signal, &standard, NULL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, NULL);
  raise(signal);
  _exit(128 + signal);
}

// The process is to end by the signal, and has a while to do so by itself.
static inline void guard_end(struct guard_state *guard, int signal) {
  if (guard->ending) return;
  guard->ending = signal;
  alarm(GUARD_GRACE);
}

// The while is over: something is stuck, as a write to a terminal or a pipe that nobody reads.
static inline void guard_give_up(int signal) {
  struct guard_state *guard = *guard_slot();
  if (!guard) guard_die(signal);
  guard->given_up = 1;
  guard_restore(guard, 1);
  guard_die(guard->ending ? guard->ending : signal);
}

static inline void guard_crashed(int signal) {
  struct guard_state *guard = *guard_slot();
  if (guard) {
    guard_end(guard, signal);
    guard_restore(guard, 0);
    // Another thread is at it anew, and has thrown away what this one wrote: it ends the process.
    while (guard->given_up) pause();
  }
  guard_die(signal);
}

static inline void guard_note(int signal) {
  int saved = errno;
  struct guard_state *guard = *guard_slot();
  if (guard) {
    guard->noted[signal] = 1;
    char byte = 0;
    // A full pipe already wakes the reader.
    ssize_t ignored = write(guard->wake, &byte, 1);
    (void)ignored;
  }
  errno = saved;
}

static inline void guard_note_ending(int signal) {
  struct guard_state *guard = *guard_slot();
  if (guard) guard_end(guard, signal);
  guard_note(signal);
}

static inline void guard_handle(struct guard_state *guard, int signal, void (*handler)(int), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  if (!guard->held[signal]) sigaction(signal, NULL, &guard->before[signal]);
  // Ignored from the start, as nohup does with SIGHUP: that is the user's wish.
  int is_request = handler == guard_note || handler == guard_note_ending;
  if (is_request && guard->before[signal].sa_handler == SIG_IGN) return;
  *guard_slot() = guard;
  guard->held[signal] = 1;
  sigaction(signal, &action, NULL);
}

// Notes the signal from now on, and wakes whoever polls the other end of the pipe.
static inline void guard_watch(struct guard_state *guard, int signal) {
  guard_handle(guard, signal, guard_note, SA_RESTART);
}

// The same for a signal that asks the process to end, which is then given a while to do so.
static inline void guard_watch_ending(struct guard_state *guard, int signal) {
  guard_handle(guard, signal, guard_note_ending, SA_RESTART);
}

// Takes SIGALRM for the end of that while.
static inline void guard_catch_alarm(struct guard_state *guard) {
  guard_handle(guard, SIGALRM, guard_give_up, 0);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, SIGALRM);
  pthread_sigmask(SIG_UNBLOCK, &only, NULL);
}

// Gives the terminal back before the process dies of the signal.
static inline void guard_catch_crash(struct guard_state *guard, int signal) {
  guard_handle(guard, signal, guard_crashed, SA_ONSTACK | SA_NODEFER);
}

// A stack for the calling thread's crash handlers, whose own stack may be what ran out. Other threads
// crash on their own stacks.
static inline void guard_use_own_stack(struct guard_state *guard) {
  if (!guard->stack) guard->stack = malloc(GUARD_STACK);
  if (!guard->stack) return;
  stack_t stack;
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = guard->stack;
  stack.ss_size = GUARD_STACK;
  sigaltstack(&stack, NULL);
}

// Puts back what the signal did before.
static inline void guard_release(struct guard_state *guard, int signal) {
  if (!guard->held[signal]) return;
  guard->held[signal] = 0;
  sigaction(signal, &guard->before[signal], NULL);
}

// Whether the signal has come since the last time this was asked.
static inline int guard_take(struct guard_state *guard, int signal) {
  if (!guard->noted[signal]) return 0;
  guard->noted[signal] = 0;
  return 1;
}

// The signal that the process is to end by; 0 until there is one.
static inline int guard_ending(struct guard_state *guard) { return guard->ending; }

// Of glibc, which declares it for GNU programs only.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

// What a program that is started inherits; Swift takes the variable itself for shared state.
static inline char **guard_environment(void) {
  extern char **environ;
  return environ;
}

static inline void guard_disarm(struct guard_state *guard) {
  guard->armed = 0;
  if (guard->own >= 0) close(guard->own);
  if (guard->nowhere >= 0) close(guard->nowhere);
  guard->own = guard->nowhere = -1;
}

// From now on the terminal has to be given back. Text beyond what fits is left out.
static inline void guard_arm(struct guard_state *guard, int terminal, const struct termios *modes,
                             const void *text, size_t length) {
  guard_disarm(guard);
  guard->terminal = terminal;
  guard->modes = *modes;
  guard->length = length < GUARD_TEXT ? length : GUARD_TEXT;
  if (guard->length > 0) memcpy(guard->text, text, guard->length);
  guard->nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  guard->own = guard->nowhere < 0 ? -1 : fcntl(terminal, F_DUPFD_CLOEXEC, 3);
  guard->armed = 1;
}
