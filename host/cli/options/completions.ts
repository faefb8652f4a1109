/** Completions for shells, from the options that the help shows. */
import { HELP_OPTION, type OptionSpec } from "./arguments.ts";

/** Options of `snakepipe completions`. */
export const COMPLETIONS_OPTIONS: readonly OptionSpec[] = [
  {
    name: "config",
    value: "FILE",
    help: "The configuration whose names are listed; snakepipe.jsonc by default",
  },
  HELP_OPTION,
];

/** Shells that there are completions for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** See {@linkcode SHELLS}. */
export type Shell = (typeof SHELLS)[number];

/** Names of a configuration, which are looked up when they are needed. */
export const NAME_KINDS = ["loads", "backends"] as const;

/** See {@linkcode NAME_KINDS}. */
export type NameKind = (typeof NAME_KINDS)[number];

/** A command, as completions know it. */
export interface CompletedCommand {
  readonly name: string;
  /** One line, as the general help has it. */
  readonly help: string;
  readonly options: readonly OptionSpec[];
  /** Words that its first word is one of; files by default. */
  readonly words?: readonly string[];
  /** Names that its words are, in the place of files. */
  readonly names?: NameKind;
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
      `    "${name} --${option.name}") ${bashValue(option)} ;;`
    )
  );
  const rest = commands.map(({ name, options, words = [], names }) =>
    `    ${name}) words="${options.map((option) => `--${option.name}`).join(" ")}"; first="${
      words.join(" ")
    }"${names ? `; rest=${names}` : ""} ;;`
  );
  return `# Completions of snakepipe for bash: eval "$(snakepipe completions bash)"
_snakepipe_names() {
  local i config=()
  for ((i = 2; i < COMP_CWORD; i++)); do
    [ "\${COMP_WORDS[i]}" = "--config" ] || continue
    [ "\${COMP_WORDS[i+1]}" = "=" ] && ((i++))
    config=(--config "\${COMP_WORDS[i+1]}")
  done
  snakepipe completions "$1" "\${config[@]}" 2> /dev/null
}
_snakepipe() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="\${COMP_WORDS[1]}" words="" first="" files="" names="" rest="" value=1
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
      *) if [ "$COMP_CWORD" -eq 2 ] && [ -n "$first" ]; then words="$first"
        else words=""; names="$rest"; [ -n "$rest" ] || files=1; fi ;;
    esac
  fi
  if [ -n "$names" ]; then
    local list=""
    case "$current" in *,*) list="\${current%,*}," ;; esac
    COMPREPLY=($(compgen -P "$list" -W "$(_snakepipe_names "$names")" -- "\${current##*,}"))
  fi
  [ -n "$words" ] && COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ -n "$files" ] && { compopt -o filenames 2> /dev/null; COMPREPLY+=($(compgen -f -- "$current")); }
}
complete -F _snakepipe snakepipe`;
}

function bashValue(option: OptionSpec): string {
  if (option.values) return `words="${option.values.join(" ")}"`;
  if (isPath(option)) return "files=1";
  return isTarget(option) ? "names=backends" : ":";
}

function zsh(commands: readonly CompletedCommand[]): string {
  const list = commands.map(({ name, help }) => `    ${quoted(`${name}:${help}`)}`).join("\n");
  const cases = commands.map(({ name, options, words, names }) => {
    const lines = options.map((option) => `        ${quoted(zshOption(option))}`);
    const rest = words
      ? `'1:word:(${words.join(" ")})'`
      : names
      ? `'*:name: _snakepipe_names ${names}'`
      : "'*:file:_files'";
    return `    ${name})\n      _arguments -s \\\n${
      [...lines, `        ${rest}`].join(" \\\n")
    } ;;`;
  });
  return `#compdef snakepipe
# Completions of snakepipe for zsh: eval "$(snakepipe completions zsh)", behind compinit
_snakepipe_names() {
  local -a names config
  local at=\${words[(I)--config]} joined=\${words[(r)--config=*]}
  (( at )) && config=(--config "\${words[at+1]}")
  [[ -n "$joined" ]] && config=("$joined")
  names=(\${(f)"$(snakepipe completions $1 $config 2> /dev/null)"})
  compset -P '*,'
  compadd -a names
}
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
  const action = values
    ? `(${values.join(" ")})`
    : isPath(option)
    ? "_files"
    : isTarget(option)
    ? " _snakepipe_names backends"
    : " ";
  const argument = value === undefined ? "" : `:${value.replaceAll(":", "")}:${action}`;
  return `${repeatable ? "*" : ""}--${name}${value === undefined ? "" : "="}[${help}]${argument}`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const none = "not __fish_seen_subcommand_from " + commands.map(({ name }) => name).join(" ");
  return [
    `# Completions of snakepipe for fish: snakepipe completions fish | source
function __snakepipe_names
  set -l words (commandline -opc)
  set -l config
  for i in (seq (count $words))
    test "$words[$i]" = --config; and set config --config $words[(math $i + 1)]
    string match -q -- '--config=*' "$words[$i]"; and set config $words[$i]
  end
  snakepipe completions $argv[1] $config 2> /dev/null
end`,
    ...commands.map(({ name, help }) =>
      `complete -c snakepipe -f -n ${quoted(none)} -a ${name} -d ${quoted(help)}`
    ),
    ...commands.flatMap(({ name, options, words = [], names }) => {
      const seen = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
      return [
        ...(words.length > 0
          ? [`complete -c snakepipe -f ${seen} -a ${quoted(words.join(" "))}`]
          : []),
        ...(names ? [`complete -c snakepipe -f ${seen} -a ${quoted(fishNames(names))}`] : []),
        ...options.map((option) => {
          const { values, value } = option;
          const takes = values
            ? ` -x -a ${quoted(values.join(" "))}`
            : value === undefined
            ? ""
            : isPath(option)
            ? " -r -F"
            : isTarget(option)
            ? ` -x -a ${quoted(fishNames("backends"))}`
            : " -x";
          return `complete -c snakepipe ${seen} -l ${option.name}${takes} -d ${
            quoted(summary(option))
          }`;
        }),
      ];
    }),
  ].join("\n");
}

function fishNames(kind: NameKind): string {
  return `(__snakepipe_names ${kind})`;
}

/** Whether its value may be a backend of the configuration. */
function isTarget({ value }: OptionSpec): boolean {
  return value === "TARGET";
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
