/** `snakepipe run`: the loads of the configuration. */
import type { ConfigFile } from "../../../src/config/config_content.ts";
import type { NamedLoad } from "../../../src/config/load_settings.ts";
import { inOrder } from "../../../src/config/references.ts";
import { defined } from "../../../src/model/defined.ts";
import { didYouMean } from "../../../src/model/near_word.ts";
import { endSpareWorkers } from "../../lane/lanes.ts";
import { closeHost, listen, openHost } from "../loads/command_context.ts";
import { enterFolder, loadConfigFile } from "../config/config_file.ts";
import { startDebugLog } from "../output/debug_log.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { usage } from "../options/option_values.ts";
import { readRunArguments } from "../options/load_options.ts";
import type { Session } from "../output/output.ts";
import { ProgressDisplay } from "../output/progress_display.ts";
import { runLoads } from "../loads/run_loads.ts";
import { checkSideBySide, plannedLoads } from "../config/side_by_side.ts";
import { showEndings } from "../loads/run_report.ts";

/**
 * Runs the command; the worst status of its loads.
 *
 * @throws {LoadError} what is wrong before any load has begun
 */
export async function runCommand(args: readonly string[], session: Session): Promise<ExitStatus> {
  const options = readRunArguments(args);
  if (options.help) {
    session.terminal.text(helpOf("run"));
    return 0;
  }
  await startDebugLog(session.terminal, options.verbose);
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  const { loads, notes } = chosenLoads(config, options.names);
  session.notes = notes;
  const { plugins, audit, config: configFile } = options;
  const paths = await enterFolder(config, { plugins, audit, config: configFile });
  using interrupt = listen(session);
  const { dryRun, quiet, jobs } = options;
  const host = await openHost(
    { ...options, ...defined(paths), readOnly: dryRun },
    config,
    { session, interrupt },
  );
  const started = performance.now();
  const planned = plannedLoads(loads);
  try {
    checkSideBySide(planned, { host, config });
    using display = quiet || dryRun ? undefined : new ProgressDisplay(session.terminal);
    const endings = await runLoads(planned, {
      ...{ config, host, session, display, dryRun, jobs },
      signal: interrupt.signal,
      race: (work) => interrupt.race(work),
    });
    const seconds = (performance.now() - started) / 1000;
    return showEndings(endings, { session, seconds, quiet });
  } finally {
    await closeHost(host, interrupt);
    endSpareWorkers();
  }
}

/** The loads to run, in an order in which they may be. @throws {LoadError} `usage` */
function chosenLoads(
  config: ConfigFile,
  names: readonly string[],
): { readonly loads: ReadonlyMap<string, NamedLoad>; readonly notes: readonly string[] } {
  const known = [...config.loads.keys()];
  if (known.length === 0) {
    throw usage(
      'The configuration has no loads: name them in "loads", as docs/configuration.md shows',
    );
  }
  const unknown = names.filter((name) => !config.loads.has(name));
  if (unknown.length > 0) {
    const [first = ""] = unknown;
    const way = didYouMean(first, known) || `, there are: ${known.join(", ")}`;
    throw usage(`No load is named ${first}${way}`);
  }
  const chosen = inOrder(config.loads).filter((name) => names.length === 0 || names.includes(name));
  const loads = new Map(chosen.map((name) => [name, config.loads.get(name)!]));
  const notes = chosen.flatMap((name) =>
    (loads.get(name)?.after ?? []).filter((before) => !loads.has(before))
      .map((before) => `${name} comes after ${before}, which was not named and was not run`)
  );
  return { loads, notes };
}
