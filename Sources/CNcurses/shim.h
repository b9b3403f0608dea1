#pragma once
#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <term.h>

// What curses offers only as macros or as shared mutable variables, which Swift does not import.

static const attr_t CURSES_BOLD = A_BOLD;
static const attr_t CURSES_DIM = A_DIM;
static const attr_t CURSES_REVERSE = A_REVERSE;
static const attr_t CURSES_UNDERLINE = A_UNDERLINE;

static const int CURSES_FIRST_FUNCTION_KEY = KEY_F0;

static inline WINDOW *curses_screen(void) { return stdscr; }
