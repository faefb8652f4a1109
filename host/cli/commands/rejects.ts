/** `snakepipe rejects replay`: the corrected rows of a file of rejects, into their table. */
import { chooseTarget } from "../../../src/config/route.ts";
import { startDebugLog } from "../output/debug_log.ts";
import { defined } from "../../../src/model/defined.ts";
import { counted } from "../../../src/model/counted.ts";
import { endSpareWorkers, expectLanes } from "../../lane/lanes.ts";
import type { ReplayReport } from "../../load/replay_report.ts";
import { loadConfigFile } from "../config/config_file.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readRejectsArguments } from "../options/load_options.ts";
import type { Session } from "../output/output.ts";
import { durationText } from "../output/progress_display.ts";
import { exampleTargets, workersExpected } from "../config/target.ts";
import { closeHost, listen, openBackend, openHost } from "../loads/command_context.ts";

/**
 * Runs the command; 3 where rows stay in the file.
 *
 * @throws {LoadError} whatever is wrong, with a report once the replay has begun
 */
export async function rejectsCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  session.about = {};
  const options = readRejectsArguments(args);
  if (options.help) {
    session.terminal.text(helpOf("rejects"));
    return 0;
  }
  await startDebugLog(session.terminal, options.verbose);
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  const { file, table, mode, key, to, set, sameTable } = options;
  session.about = { source: file, mode, table };
  const target = chooseTarget(config, {
    table,
    examples: exampleTargets(),
    ...defined({ to }),
  });
  using interrupt = listen(session);
  expectLanes({ workers: workersExpected(target, { connections: 1 }) });
  const host = await openHost({ ...options, target }, config, { session, interrupt });
  try {
    const opening = openBackend(host, target, { settings: { set }, session });
    const report = await host.replayRejects(file, await interrupt.race(opening), {
      table,
      mode,
      ...defined({ key, bytes: options.bytes }),
      sameTable,
      signal: interrupt.signal,
    });
    if (session.json) session.terminal.json(report);
    else if (!options.quiet) {
      for (const line of summaryLines(report)) session.terminal.result(line);
    }
    return report.rejected + report.uncorrected + report.waiting + report.unreadable > 0 ? 3 : 0;
  } finally {
    await closeHost(host, interrupt);
    endSpareWorkers();
  }
}

/** The summary of a replay that is complete. */
function summaryLines(report: ReplayReport): string[] {
  const { committed, rejected, skipped, uncorrected, table, seconds, source, notes } = report;
  return [
    `${counted(committed, "row")} committed to ${table} in ${durationText(seconds * 1000)}`,
    ...(skipped > 0 ? [`${counted(skipped, "row")} skipped: they were in already`] : []),
    ...(rejected > 0
      ? [`${counted(rejected, "row")} refused again, kept in ${source} with the new reason`]
      : []),
    ...(uncorrected > 0
      ? [`${counted(uncorrected, "row")} not corrected, kept in ${source}: no "row" in the line`]
      : []),
    ...notes.map((note) => `Note: ${note}`),
  ];
}
