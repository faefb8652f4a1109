/** `snakepipe completions`: what a shell is given so that it completes commands and options. */
import { type CompletedCommand, completions } from "../options/completions.ts";
import { COMMAND_OPTIONS, COMMAND_WORDS, COMMANDS } from "../options/command_options.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf, summaryOf } from "../options/help.ts";
import { readCompletionsArguments } from "../options/config_options.ts";
import type { Session } from "../output/output.ts";

/** Runs the command. @throws {LoadError} `usage` */
export function completionsCommand(args: readonly string[], { terminal }: Session): ExitStatus {
  const { help, shell } = readCompletionsArguments(args);
  if (help || shell === undefined) {
    terminal.text(helpOf("completions"));
    return 0;
  }
  const commands = COMMANDS.map((name): CompletedCommand => {
    const words = name === "help" ? COMMANDS : COMMAND_WORDS[name];
    return {
      name,
      help: summaryOf(name),
      options: COMMAND_OPTIONS[name],
      ...(words ? { words } : {}),
    };
  });
  terminal.text(completions(shell, commands));
  return 0;
}
