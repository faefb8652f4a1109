/** Completions for shells, from the options that the help shows. */
import { HELP_OPTION, type OptionSpec } from "./arguments.ts";

/** Options of `snakepipe completions`. */
export const COMPLETIONS_OPTIONS: readonly OptionSpec[] = [HELP_OPTION];

/** Shells that there are completions for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** See {@linkcode SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** A command, as completions know it. */
export interface CompletedCommand {
  readonly name: string;
  /** One line, as the general help has it. */
  readonly help: string;
  readonly options: readonly OptionSpec[];
  /** Words that its first word is one of; files by default. */
  readonly words?: readonly string[];
}

/** What the shell is to be given: `eval "$(snakepipe completions bash)"`. */
export function completions(shell: Shell, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      return fish(commands);
  }
}

function bash(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const values = commands.flatMap(({ name, options }) =>
    options.filter(({ value }) => value !== undefined).map((option) =>
      `    "${name} --${option.name}") ${
        option.values ? `words="${option.values.join(" ")}"` : isPath(option) ? "files=1" : ":"
      } ;;`
    )
  );
  const rest = commands.map(({ name, options, words }) =>
    `    ${name}) words="${options.map((option) => `--${option.name}`).join(" ")}"; first="${
      (words ?? []).join(" ")
    }" ;;`
  );
  return `# Completions of snakepipe for bash: eval "$(snakepipe completions bash)"
_snakepipe() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" words="" first="" files="" value=1
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names}" -- "$current"))
    return
  fi
  # --option=value comes as three words.
  if [ "$current" = "=" ]; then current=""
  elif [ "$before" = "=" ]; then before="\${COMP_WORDS[COMP_CWORD-2]}"
  fi
  case "$command $before" in
${values.join("\n")}
    *) value="" ;;
  esac
  if [ -z "$value" ]; then
    case "$command" in
${rest.join("\n")}
    esac
    case "$current" in
      -*) ;;
      *) if [ "$COMP_CWORD" -eq 2 ] && [ -n "$first" ]; then words="$first"; else words=""; files=1; fi ;;
    esac
  fi
  [ -n "$words" ] && COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ -n "$files" ] && { compopt -o filenames 2> /dev/null; COMPREPLY+=($(compgen -f -- "$current")); }
}
complete -F _snakepipe snakepipe`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const list = commands.map(({ name, help }) => `    ${quoted(`${name}:${help}`)}`).join("\n");
  const cases = commands.map(({ name, options, words }) => {
    const lines = options.map((option) => `        ${quoted(zshOption(option))}`);
    const rest = words ? `'1:word:(${words.join(" ")})'` : "'*:file:_files'";
    return `    ${name})\n      _arguments -s \\\n${
      [...lines, `        ${rest}`].join(" \\\n")
    } ;;`;
  });
  return `#compdef snakepipe
# Completions of snakepipe for zsh: eval "$(snakepipe completions zsh)", behind compinit
_snakepipe() {
  local -a commands
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
compdef _snakepipe snakepipe`;
}

function zshOption(option: OptionSpec): string {
  const { name, value, repeatable, values } = option;
  const help = summary(option).replace(/[[\]:]/g, (sign) => `\\${sign}`);
  const action = values ? `(${values.join(" ")})` : isPath(option) ? "_files" : " ";
  const argument = value === undefined ? "" : `:${value.replaceAll(":", "")}:${action}`;
  return `${repeatable ? "*" : ""}--${name}${value === undefined ? "" : "="}[${help}]${argument}`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const none = "not __fish_seen_subcommand_from " + commands.map(({ name }) => name).join(" ");
  return [
    "# Completions of snakepipe for fish: snakepipe completions fish | source",
    ...commands.map(({ name, help }) =>
      `complete -c snakepipe -f -n ${quoted(none)} -a ${name} -d ${quoted(help)}`
    ),
    ...commands.flatMap(({ name, options, words = [] }) => {
      const seen = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
      return [
        ...(words.length > 0
          ? [`complete -c snakepipe -f ${seen} -a ${quoted(words.join(" "))}`]
          : []),
        ...options.map((option) => {
          const { values, value } = option;
          const takes = values
            ? ` -x -a ${quoted(values.join(" "))}`
            : value === undefined
            ? ""
            : isPath(option)
            ? " -r -F"
            : " -x";
          return `complete -c snakepipe ${seen} -l ${option.name}${takes} -d ${
            quoted(summary(option))
          }`;
        }),
      ];
    }),
  ].join("\n");
}

function isPath({ value }: OptionSpec): boolean {
  return value === "FILE" || value === "FOLDER";
}

/** The first clause of the help. */
function summary({ help }: OptionSpec): string {
  return help.replaceAll("\n", " ").split(/; |: |\. /)[0]!;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
