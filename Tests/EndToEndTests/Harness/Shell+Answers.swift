import Foundation

extension Shell {
  /// What the terminal types of its own accord when bytes reach it: its answers to what they ask.
  ///
  /// A question that any terminal answers comes last, so that nothing has to be waited for; its answer is not
  /// among those given.
  func answers(to bytes: [UInt8]) async throws -> [UInt8] {
    let script = """
      stty raw -echo
      cat "$1"
      printf '\\033[6n'
      typed=''
      wait=10
      while IFS= read -r -N 1 -t "$wait" letter; do
        typed="$typed$letter"
        # An answer like the last one may be another's.
        case "$typed" in *[0-9]R) wait=0.3 ;; esac
      done
      stty sane
      reset -Q 2> /dev/null
      printf '%s' "$typed" > "$2"
      echo over > "$2.end"
      """
    for old in ["typed", "typed.end"] { try? FileManager.default.removeItem(at: folder.url(old)) }
    let path = try folder.write(script.utf8, to: "answers.sh")
    let replayed = try folder.write(bytes, to: "replayed")
    try await type("LC_ALL=C bash \(path) \(replayed) \(folder.path("typed"))")
    try await waiting(until: "the terminal's answers") { self.folder.text("typed.end") == "over\n" }
    let typed = folder.bytes("typed")
    // `ESC [ row ; column R`.
    guard let last = typed.lastIndex(of: 0x1B), typed.last == UInt8(ascii: "R") else { return typed }
    return Array(typed[..<last])
  }
}
