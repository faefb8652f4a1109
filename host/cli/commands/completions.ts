/** `snakepipe completions`: what a shell is given so that it completes commands and options. */
import { isObject, NAME } from "../../../src/config/references.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { CONFIG_NAME } from "../config/config_file.ts";
import { readJsonFile } from "../config/json_file.ts";
import { type CompletedCommand, completions, type NameKind } from "../options/completions.ts";
import { COMMAND_OPTIONS, COMMAND_WORDS, COMMANDS } from "../options/command_options.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf, summaryOf } from "../options/help.ts";
import { readCompletionsArguments } from "../options/config_options.ts";
import type { Session } from "../output/output.ts";

/** Runs the command. @throws {LoadError} `usage` */
export async function completionsCommand(
  args: readonly string[],
  { terminal }: Session,
): Promise<ExitStatus> {
  const { help, what, config } = readCompletionsArguments(args);
  if (help || what === undefined) {
    terminal.text(helpOf("completions"));
    return 0;
  }
  if (what === "loads" || what === "backends") {
    const names = await namesOf(what, config);
    if (names.length > 0) terminal.text(names.join("\n"));
    return 0;
  }
  const commands = COMMANDS.map((name): CompletedCommand => {
    const words = name === "help" ? COMMANDS : COMMAND_WORDS[name];
    return {
      name,
      help: summaryOf(name),
      options: COMMAND_OPTIONS[name],
      ...(words ? { words } : {}),
      ...(name === "run" ? { names: "loads" } : {}),
    };
  });
  terminal.text(completions(what, commands));
  return 0;
}

/** Names of a configuration that a shell can take as they are; none where it cannot be read. */
async function namesOf(kind: NameKind, config = CONFIG_NAME): Promise<string[]> {
  try {
    const json = await readJsonFile(config, "config_invalid");
    const named = isObject(json) ? json[kind] : undefined;
    return isObject(named) ? Object.keys(named).filter((name) => NAME.test(name)) : [];
  } catch (error) {
    if (error instanceof LoadError) return [];
    throw error;
  }
}
