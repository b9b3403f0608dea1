#include "build.h"

const char *build_commit(void) { return HOOKTOP_COMMIT; }
