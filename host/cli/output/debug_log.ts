/**
 * The debug log, `--verbose` or `SNAKEPIPE_LOG=debug`: lines on standard error by LogTape, which is
 * loaded for it alone. Its categories are `snakepipe` and one of {@linkcode LOG_CATEGORIES}.
 */
import { isLogged, type LogFigures, logTo } from "../../../src/model/log.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Terminal } from "./terminal.ts";

/** The variable that asks for it, and what it may say. */
const VARIABLE = "SNAKEPIPE_LOG";

/**
 * Begins to log, where it is asked for.
 *
 * @throws {LoadError} `usage` for another word in the variable
 */
export async function startDebugLog(terminal: Terminal, verbose: boolean): Promise<void> {
  if (isLogged() || !(verbose || isAskedFor())) return;
  const { configure, getLogger, getTextFormatter } = await import("@logtape/logtape");
  const format = getTextFormatter({ timestamp: "time", level: "abbr", value: String });
  const say = (record: Parameters<typeof format>[0]) => terminal.say(format(record).trimEnd());
  await configure({
    sinks: { terminal: say },
    loggers: [
      { category: "snakepipe", lowestLevel: "debug", sinks: ["terminal"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["terminal"] },
    ],
    reset: true,
  });
  logTo((category, text, figures) => {
    // A message of one value, so that nothing in it is taken for the name of a property.
    getLogger(["snakepipe", category]).debug`${text + inWords(figures)}`;
  });
}

/** Where the environment may not be read, it does not ask. */
function isAskedFor(): boolean {
  const state = Deno.permissions.querySync({ name: "env", variable: VARIABLE }).state;
  const word = state === "granted" ? Deno.env.get(VARIABLE) : undefined;
  if (word === undefined || word === "") return false;
  if (word === "debug") return true;
  throw new LoadError(`${VARIABLE}: Expected debug`, { code: "usage", blame: "config" });
}

function inWords(figures: LogFigures): string {
  return Object.entries(figures).filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${value}`).join("");
}
