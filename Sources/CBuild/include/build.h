#pragma once

/// The commit that the program is built from, as the builder names it; empty where nobody has.
const char *build_commit(void);
