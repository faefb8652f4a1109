/** `snakepipe config`: everything that is wrong with a configuration, and its schema for editors. */
import { counted } from "../../../src/model/counted.ts";
import { configFaults, knownBackends } from "../config/config_faults.ts";
import { CONFIG_NAME, noSuchConfig } from "../config/config_file.ts";
import { configJsonSchema } from "../config/config_schema.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readTextFile } from "../config/json_file.ts";
import { type ConfigArguments, readConfigArguments } from "../options/config_options.ts";
import type { Session } from "../output/output.ts";

/** Runs the command; 2 where something is wrong with the file. @throws {LoadError} */
export async function configCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readConfigArguments(args);
  if (options.help) {
    session.terminal.text(helpOf("config"));
    return 0;
  }
  return options.verb === "schema"
    ? await showSchema(options, session)
    : await check(options, session);
}

async function showSchema(options: ConfigArguments, { terminal }: Session): Promise<ExitStatus> {
  terminal.json(await configJsonSchema(await knownBackends(options.plugins)), { indented: true });
  return 0;
}

async function check(options: ConfigArguments, session: Session): Promise<ExitStatus> {
  const file = options.file ?? options.config ?? CONFIG_NAME;
  const text = await readTextFile(file, "config_invalid");
  if (text === undefined) {
    throw noSuchConfig(file);
  }
  const faults = await configFaults({ file, text, plugins: options.plugins });
  const { terminal } = session;
  if (session.json) terminal.json({ file, valid: faults.length === 0, issues: faults });
  else {
    for (const { line, column, path, message } of faults) {
      terminal.result(`${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}${message}`);
    }
    terminal.result(
      faults.length === 0 ? `${file} is valid` : `${counted(faults.length, "problem")} in ${file}`,
    );
  }
  return faults.length === 0 ? 0 : 2;
}
