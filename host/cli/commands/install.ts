/** `snakepipe install`: a plugin of somebody else's, fetched, vetted, shown, asked for, and put into the folder. */
import { checkPlace, vetCandidate } from "../../plugins/install/candidate.ts";
import { place } from "../../plugins/install/place.ts";
import { pluginSource } from "../../plugins/install/plugin_source.ts";
import { installRefused } from "../../plugins/install/refusal.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { LOCK_FILE } from "../../plugins/store/plugin_lock.ts";
import { pathOf } from "../../plugins/store/store.ts";
import { loadConfigFile, pluginsOf } from "../config/config_file.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { candidateJson, candidateLines, nextLines } from "../output/install_lines.ts";
import { readInstallArguments } from "../options/plugin_options.ts";
import type { Session } from "../output/output.ts";

/** Runs the command. @throws {LoadError} `install_refused` with its reason, `cancelled` for a no */
export async function installCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readInstallArguments(args);
  const { terminal, json } = session;
  if (options.help) {
    terminal.text(helpOf("install"));
    return 0;
  }
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  const { plugins: folder = "", locked, trustedKeys } = await pluginsOf(options, config);
  const source = pluginSource(options.source, options.name);
  await checkPlace(pathOf(folder, source.name));
  const caCerts = options.cert === undefined ? [] : [await certificateIn(options.cert)];
  const candidate = await vetCandidate(source, {
    ...{ folder, replace: options.replace, locked: locked === true, caCerts },
    ...(trustedKeys ? { trustedKeys } : {}),
  });
  const file = pathOf(folder, source.name);
  if (candidate.there) {
    if (json) terminal.json({ ...candidateJson(candidate), installed: false });
    else terminal.result(`${file} is this plugin already, and ${LOCK_FILE} knows it`);
    return 0;
  }
  const tell = json
    ? (line: string) => terminal.say(line)
    : (line: string) => terminal.result(line);
  if (!json || !options.yes) { for (const line of candidateLines(candidate)) tell(line); }
  if (!options.yes) {
    const isMeant = await terminal.confirm(`Install ${source.name}?`);
    if (isMeant === undefined) {
      throw installRefused(
        "nobody_asked",
        "there is no terminal to ask at: --yes says that it is meant",
      );
    }
    if (!isMeant) {
      throw installRefused("declined", "the answer was no");
    }
  }
  await place(candidate);
  if (json) terminal.json({ ...candidateJson(candidate), installed: true });
  else {
    terminal.result(`${file} is installed, and ${LOCK_FILE} knows it`);
    for (const line of nextLines(candidate)) terminal.result(line);
  }
  return 0;
}

async function certificateIn(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    throw new LoadError(`Certificate cannot be read: ${file}`, {
      code: "usage",
      blame: "config",
      cause: error,
    });
  }
}
