/** `snakepipe check --to`: loads through a plugin into a real database, in every way that there is. */
import { basename, dirname } from "@std/path";
import { mergeConfigSchemas } from "../../../src/model/config_schema.ts";
import { counted } from "../../../src/model/counted.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { schemeOf } from "../../../src/model/url_scheme.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import {
  type CaseOutcome,
  conformanceCases,
  conformanceGroups,
  type ConformanceResult,
  type Quirks,
  runConformance,
} from "../../conformance/conformance.ts";
import { quirkOf } from "../../conformance/run_suite.ts";
import { loadDriver } from "../../drivers/load_driver.ts";
import { VERSION } from "../../platform/version.ts";
import type { PluginCheck } from "../../plugins/check/plugin_check.ts";
import { grantsOf } from "../../plugins/store/admission.ts";
import { CHECKS_FILE, keepCheck } from "../../plugins/store/kept_checks.ts";
import { listen } from "../loads/command_context.ts";
import { ConformanceProgress } from "../output/conformance_progress.ts";
import { conformanceJson, conformanceLines, countsOf } from "../output/conformance_lines.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { usage } from "../options/option_values.ts";
import type { CheckArguments } from "../options/plugin_options.ts";
import type { Session } from "../output/output.ts";
import { readQuirks } from "../config/quirks_file.ts";
import { typedSettings } from "../config/target.ts";

/** A server that only speaks like another one may lack its fast way to take rows, and not say so. */
const SLOW_WAY =
  "A server that does not know the fast way in which rows are sent may wait for ever: " +
  "--set bulk=insert sends them by INSERT";

/** Runs it; 1 where a case fails. @throws {LoadError} where nothing could be tried */
export async function checkDatabase(
  { file, sha256, manifest }: PluginCheck,
  { to, only, quirks, set }: CheckArguments & { readonly to: string },
  session: Session,
): Promise<ExitStatus> {
  const { terminal } = session;
  const driver = await loadDriver(manifest.driver);
  checkScheme(to, manifest.name, { own: manifest.schemes, ...driver });
  const strange = only?.find((group) => !conformanceGroups().includes(group));
  if (strange !== undefined) {
    throw usage(`No group of cases is called ${strange}: ${conformanceGroups().join(", ")}`);
  }
  const settings = typedSettings(set, mergeConfigSchemas(driver.config, manifest.config));
  const known = quirks === undefined ? {} : await readQuirks(quirks);
  const tried: CaseOutcome[] = [];
  const total = conformanceCases().filter(({ group }) => only?.includes(group) ?? true).length;
  using interrupt = listen(session, "the case in hand, and removing what was made");
  using progress = new ConformanceProgress(terminal, {
    total,
    way: Object.hasOwn(driver.config.properties, "bulk") ? SLOW_WAY : undefined,
  });
  let result: ConformanceResult;
  try {
    // Not given up at a signal: it has to remove what it has made.
    result = await runConformance({
      ...{ plugin: file, settings: { ...settings, url: to }, quirks: known },
      ...(only ? { groups: only } : { speedRows: LIMITS.speedRows }),
      grants: await grantsOf(file),
      signal: interrupt.signal,
      onEarlier: (tables) =>
        terminal.say(
          "Tables of another check are there. If none is under way, one was killed and has left them: " +
            tables.map((table) => `DROP TABLE ${table};`).join(" "),
        ),
      onDatabase: (database) => progress.begin(database),
      onOutcome: (outcome) => {
        tried.push(outcome);
        progress.follow(outcome);
      },
    });
  } catch (error) {
    const { status } = interrupt;
    if (status === undefined || (error as LoadError).code !== "cancelled") throw error;
    const counts = countsOf(tried);
    if (session.json) terminal.json({ file, sha256, state: "stopped", ...counts });
    terminal.say(
      `Stopped behind ${tried.length} of ${counted(total, "case")}, ${counts.failed} of which ` +
        "failed: nothing of them is left in the database, and no result is kept",
    );
    return status;
  } finally {
    terminal.clear();
  }
  const passed = countsOf(result.outcomes).failed === 0;
  // Some groups prove nothing, and some that fail prove enough.
  const kept = only && passed
    ? undefined
    : await keep({ file, sha256, result, known, passed }, session);
  const about = { file, sha256, manifest, result, kept };
  if (session.json) terminal.json(conformanceJson(about));
  else for (const line of conformanceLines(about)) terminal.result(line);
  return passed ? 0 : 1;
}

/** A claim beside the file; that it cannot be written changes nothing of the check. */
async function keep(
  { file, sha256, result, known, passed }: {
    readonly file: string;
    readonly sha256: string;
    readonly result: ConformanceResult;
    readonly known: Quirks;
    readonly passed: boolean;
  },
  session: Session,
): Promise<string | undefined> {
  const { untried } = countsOf(result.outcomes);
  const differs = result.outcomes.filter((one) => one.kind === "differs" && quirkOf(known, one));
  const folder = dirname(file);
  try {
    await keepCheck(folder, {
      ...{ name: basename(file), sha256, passed },
      check: {
        database: result.database,
        on: new Date().toISOString().slice(0, 10),
        snakepipe: VERSION,
        cases: result.outcomes.length - untried,
        differs: differs.length,
      },
    });
    return passed ? `${folder}/${CHECKS_FILE}` : undefined;
  } catch (error) {
    const why = error instanceof LoadError ? error.message : "the folder cannot be written";
    session.terminal.say(`The result is not kept beside the file: ${why}`);
    return undefined;
  }
}

/** A database of another family is better named here than in whatever its driver makes of the URL. */
function checkScheme(
  to: string,
  plugin: string,
  { own, family, schemes }: {
    readonly own: readonly string[];
    readonly family: string;
    readonly schemes: readonly string[];
  },
): void {
  const scheme = schemeOf(to);
  const all = [...new Set([...own, ...schemes])];
  if (scheme !== undefined && all.includes(scheme)) return;
  const given = scheme === undefined ? "what --to names is no URL" : `--to begins with ${scheme}:`;
  throw usage(
    `Plugin ${plugin} plans for driver ${family}, whose URLs begin with ${
      all.map((one) => `${one}:`).join(", ")
    }; ${given}`,
  );
}
