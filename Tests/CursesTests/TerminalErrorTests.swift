import Glibc
import OperatingSystem
import Testing

@testable import Curses

struct TerminalErrorTests {
  @Test(
    "every error says what is wrong, and what to do where the user can do something",
    arguments: [
      .inputIsNotATerminal: "standard input is not a terminal",
      .outputIsNotATerminal: "standard output is not a terminal",
      .noType: "TERM is not set; set it to your terminal's type, such as xterm-256color",
      .dumb(type: "dumb"): "the terminal type dumb cannot show a screen; set TERM to another type",
      .unknown(type: "x"):
        "the terminal type x is not known here; set TERM to a known one, such as xterm-256color",
      .cannotPlaceCursor(type: "x"): "the terminal type x cannot move its cursor; set TERM to another type",
      .cannotOpen(code: ENXIO): "the terminal cannot be opened: No such device or address",
      .cannotStart(type: "x"): "ncurses cannot start on the terminal type x; set TERM to another type",
      .system(.noDescriptors(code: EMFILE)):
        "no pipe can be opened: Too many open files; raise the limit with ulimit -n",
    ] as [TerminalError: String])
  func words(error: TerminalError, words: String) {
    #expect(error.description == words)
  }
}
