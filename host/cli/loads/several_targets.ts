/** One load of a command line into several targets, each a load of its own. */
import type { ConfigFile } from "../../../src/config/config_content.ts";
import type { LoadUnit } from "../../../src/config/destination.ts";
import { defined } from "../../../src/model/defined.ts";
import { endSpareWorkers } from "../../lane/lanes.ts";
import { closeHost, listen, openHost, statusPage } from "./command_context.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import type { LoadArguments } from "../options/load_options.ts";
import type { Session } from "../output/output.ts";
import { ProgressDisplay } from "../output/progress_display.ts";
import { runLoads } from "./run_loads.ts";
import { checkSideBySide, checkTargets } from "../config/side_by_side.ts";
import { showEndings } from "./run_report.ts";

/**
 * Loads into all of them side by side, and shows what came of each; the worst status.
 *
 * @throws {LoadError} what is wrong before any of them has begun
 */
export async function loadIntoSeveral(
  units: readonly LoadUnit[],
  { options, config, session }: {
    readonly options: LoadArguments;
    readonly config: ConfigFile;
    readonly session: Session;
  },
): Promise<ExitStatus> {
  const { dryRun, quiet, settings: { schema } } = options;
  const page = await statusPage(options, session);
  using interrupt = listen(session);
  const host = await openHost(
    {
      ...{ ...options, ...defined({ schema }), readOnly: dryRun },
      onRetry: (retry) => page?.retried(retry),
    },
    config,
    { session, interrupt },
  );
  const started = performance.now();
  const planned = new Map([["load", { units }]]);
  try {
    checkTargets(units, { host, config });
    checkSideBySide(planned, { host, config });
    await page?.open(host);
    using display = quiet || dryRun ? undefined : new ProgressDisplay(session.terminal);
    // None waits for another, however many there are.
    const endings = await runLoads(planned, {
      ...{ config, host, session, display, page, dryRun, jobs: units.length },
      signal: interrupt.signal,
      race: (work) => interrupt.race(work),
    });
    return showEndings(endings, { session, seconds: (performance.now() - started) / 1000, quiet });
  } finally {
    await page?.close();
    await closeHost(host, interrupt);
    endSpareWorkers();
  }
}
