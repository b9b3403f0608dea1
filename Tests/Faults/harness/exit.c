// Holds the process back at the very end of exit(), so that what its other threads do there has time to show.
//
// Handlers run in the order opposite to that of their registration, and this one comes before all others: when it
// runs, every library has put its things away already.
#include <stdlib.h>
#include <unistd.h>

static void linger(void) { usleep(300 * 1000); }

__attribute__((constructor)) static void prepare(void) { atexit(linger); }
