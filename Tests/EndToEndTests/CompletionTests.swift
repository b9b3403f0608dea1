import Foundation
import Testing

/// The completions, in the shells that they are for.
@Suite struct CompletionTests {
  /// What is typed, and a word that must be offered.
  static let cases: [(line: String, word: String)] = [
    ("hooktop ver", "verify"), ("hooktop send analysis.c", "analysis.completed"),
    ("hooktop send --break newl", "newline-or-bom"), ("hooktop send --provider para", "parable"),
    ("hooktop send --body bo", "body.json"), ("hooktop open se", "session.ndjson"),
    ("hooktop verify se", "session.ndjson"), ("hooktop tail --record se", "session.ndjson"),
    ("hooktop tail --theme li", "light"), ("hooktop tail --answer al", "always"),
  ]

  /// A folder with the files of the cases and the shell's completion script, which is called `script`.
  private func folder(_ shell: String, script: String) async throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["body.json", "session.ndjson"] { _ = try folder.write(Data(), to: name) }
    let text = try await Hooktop.run(["--generate-completion-script", shell])
    #expect(text.end == .exit(0))
    _ = try folder.write(Data(text.output.utf8), to: script)
    return folder
  }

  private func expectAll(_ output: String) {
    let offered = output.split(separator: "\n").map(String.init)
    for (line, word) in Self.cases {
      let words = offered.first { $0.hasPrefix("[\(line)]") } ?? ""
      #expect(words.contains(" \(word)"), "\(line): \(words)")
    }
  }

  @Test(
    "bash offers commands, events, reasons, senders and files",
    .enabled(if: Tool.bash.isInstalled, "needs bash"))
  func bash() async throws {
    let folder = try await folder("bash", script: "completions")
    let lines = Self.cases.map { "offer '\($0.line)'" }.joined(separator: "\n")
    let script = """
      cd "$1"; source ./completions
      offer() {
        COMP_LINE=$1; COMP_POINT=${#1}; read -ra COMP_WORDS <<< "$1"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()
        _hooktop hooktop "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        echo "[$1] ${COMPREPLY[*]}"
      }
      \(lines)
      complete -p hooktop
      """
    let output = try await Tool.run(["bash", "--norc", "-c", script, "bash", folder.path("")])
    expectAll(output)
    // Where hooktop has nothing to offer, as behind --record of the command that needs no name, files are.
    #expect(output.contains("-o default"), "\(output)")
  }

  @Test("fish offers the same", .enabled(if: Tool.fish.isInstalled, "needs fish"))
  func fish() async throws {
    let folder = try await folder("fish", script: "completions.fish")
    let lines = Self.cases.map { "echo \"[\($0.line)]\" (complete -C '\($0.line)')" }.joined(separator: "\n")
    let script = "cd \(folder.path("")); source completions.fish\n\(lines)"
    expectAll(try await Tool.run(["fish", "--no-config", "-c", script]))
  }

  @Test("zsh completes the same", .enabled(if: Tool.zsh.isInstalled, "needs zsh"))
  func zsh() async throws {
    let folder = try await folder("zsh", script: "_hooktop")
    // Each line is completed by one key, and another one prints what it has become.
    let lines = Self.cases.map { "complete '\($0.line)'" }.joined(separator: "\n")
    let script = """
      cd "$1"; zmodload zsh/zpty; zpty shell 'TERM=dumb zsh -f -i'
      zpty -w shell "PS1= fpath=(\\$PWD \\$fpath); autoload -Uz compinit; compinit -u -D"
      zpty -w shell 'show() { zle -I; print -r -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^X" show; echo rea""dy'
      zpty -r -m shell text '*ready*'
      complete() {
        zpty -w -n shell "$1"$'\\t\\x18'
        zpty -r -m shell text '*<*>*'
        print -r -- "[$1] ${${text##*<}%%>*}"
      }
      \(lines)
      zpty -d shell
      """
    expectAll(try await Tool.run(["zsh", "-f", "-c", script, "zsh", folder.path("")]))
  }
}
