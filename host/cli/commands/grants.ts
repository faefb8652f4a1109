/** `snakepipe grant` and `snakepipe revoke`: what the operator says of a plugin's file. */
import { join } from "@std/path";
import { grant, type GrantChange, revoke } from "../../plugins/store/admission.ts";
import { LOCK_FILE, type LockedPlugin } from "../../plugins/store/plugin_lock.ts";
import { loadConfigFile, pluginFolder } from "../config/config_file.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readGrantArguments } from "../options/plugin_options.ts";
import { HASH_DIGITS, type Session } from "../output/output.ts";

/** Runs one of both. @throws {LoadError} `usage`, and why the file is no plugin that can be let in */
export async function grantsCommand(
  verb: "grant" | "revoke",
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readGrantArguments(verb, args);
  const { terminal } = session;
  if (options.help) {
    terminal.text(helpOf(verb));
    return 0;
  }
  const { file, names } = options;
  const config = await loadConfigFile(options.config);
  // A bare name is one of the folder's.
  const path = /[\\/]/.test(file) ? file : join(await pluginFolder(options.plugins, config), file);
  const change = await (verb === "grant" ? grant : revoke)(path, names);
  if (session.json) terminal.json(change);
  else for (const line of changeLines(change)) terminal.result(line);
  return 0;
}

function changeLines({ file, before, after }: GrantChange): string[] {
  if (!after) {
    return [`${LOCK_FILE} knows ${file} no more: it is as new as one that was never seen`];
  }
  const was = before && before.sha256 !== after.sha256 ? `, was ${hashOf(before)}` : "";
  return [
    `${LOCK_FILE} knows ${file}: sha256 ${hashOf(after)}${was}, ${after.bytes} bytes`,
    `imports ${after.imports.join(" ") || "nothing"}`,
    `granted ${after.grants.join(" ") || "nothing beyond what every plugin has"}`,
  ];
}

function hashOf({ sha256 }: LockedPlugin): string {
  return sha256.slice(0, HASH_DIGITS);
}
