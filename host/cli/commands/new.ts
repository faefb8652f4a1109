/** `snakepipe new`: a folder in which a plugin begins. */
import { newPlugin } from "../../plugins/author/new_plugin.ts";
import { readNewArguments } from "../options/plugin_options.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import type { Session } from "../output/output.ts";

const TITLES = { assemblyscript: "AssemblyScript", c: "C", rust: "Rust" } as const;

/** Runs the command. @throws {LoadError} */
export async function newCommand(
  args: readonly string[],
  { terminal, json }: Session,
): Promise<ExitStatus> {
  const options = readNewArguments(args);
  if (options.help) {
    terminal.text(helpOf("new"));
    return 0;
  }
  const { folder } = options;
  const made = await newPlugin(options);
  if (json) terminal.json({ folder, ...made });
  else {
    const { name, family, language, write, files } = made;
    const what = `a plugin in ${
      TITLES[language]
    } for databases of family ${family}, whose upserts are written by ${write}`;
    terminal.result(`${folder} is ${what}: ${files.length} files`);
    terminal.result("It builds and passes as it stands; six places, marked CHANGE, are yours:");
    terminal.result(`  snakepipe build ${folder} --watch`);
    terminal.result(
      `${folder}/README.md says what they are, and how to test ${name} on a database`,
    );
  }
  return 0;
}
