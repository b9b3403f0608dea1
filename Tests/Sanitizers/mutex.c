// Shows ThreadSanitizer the waiting path of Swift's `Mutex`, which it can't see.
//
// A `Mutex` that is free is taken with an atomic exchange in the caller's own code, which the sanitizer watches.
// One that is held is waited for in libswiftSynchronization, by a futex that the kernel hands on: that library
// is not instrumented, so two threads that wait for each other in good order look like a race. Loaded before
// that library, these functions stand in for the three of it that wait, call them, and tell the sanitizer what
// follows from them. Nothing is suppressed: a race beside a mutex is found as before.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// Absent in the processes that a test starts and that have no sanitizer.
__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);

static void *original(const char *name) {
  void *address = dlsym(RTLD_NEXT, name);
  if (!address) abort();
  return address;
}

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT _Bool try_lock_slow(SELF void *mutex) __asm__(TRY_LOCK);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
  SWIFT void (*lock)(uint32_t, SELF void *) = original(LOCK);
  lock(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT _Bool try_lock_slow(SELF void *mutex) {
  SWIFT _Bool (*try_lock)(SELF void *) = original(TRY_LOCK);
  _Bool is_taken = try_lock(mutex);
  if (is_taken && __tsan_acquire) __tsan_acquire(mutex);
  return is_taken;
}

SWIFT void unlock_slow(SELF void *mutex) {
  SWIFT void (*unlock)(SELF void *) = original(UNLOCK);
  if (__tsan_release) __tsan_release(mutex);
  unlock(mutex);
}
