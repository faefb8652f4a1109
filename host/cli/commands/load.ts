/** `snakepipe load`: from the words of the command line to rows in a database. */
import { unitsOf } from "../../../src/config/destination.ts";
import { nameOfTarget } from "../../../src/config/route.ts";
import { defined } from "../../../src/model/defined.ts";
import { endSpareWorkers, expectLanes } from "../../lane/lanes.ts";
import type { LoadOptions } from "../../load/load.ts";
import { loadConfigFile } from "../config/config_file.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readyLoad } from "../loads/one_load.ts";
import { usage } from "../options/option_values.ts";
import { namesApart, readLoadArguments } from "../options/load_options.ts";
import { type Session, showReport } from "../output/output.ts";
import { ProgressDisplay } from "../output/progress_display.ts";
import { startDebugLog } from "../output/debug_log.ts";
import { workersExpected } from "../config/target.ts";
import { closeHost, listen, openBackend, openHost, statusPage } from "../loads/command_context.ts";

/**
 * Runs the command.
 *
 * @throws {LoadError} whatever is wrong, with a report once the load has begun
 */
export async function loadCommand(args: readonly string[], session: Session): Promise<ExitStatus> {
  session.about = {};
  const options = readLoadArguments(args);
  if (options.help) {
    session.terminal.text(helpOf("load"));
    return 0;
  }
  await startDebugLog(session.terminal, options.verbose);
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  const units = unitsOf("load", namesApart(options.settings, config));
  const [unit] = units;
  if (units.length > 1 || !unit) {
    const { loadIntoSeveral } = await import("../loads/several_targets.ts");
    return await loadIntoSeveral(units, { options, config, session });
  }
  const { source, targets: [target], targetSettings, options: loadOptions, skips } =
    await readyLoad(
      unit,
      { config, session },
    );
  if (!target) throw usage("No target was named");
  const page = await statusPage(options, session);
  const watched = page?.load({
    name: loadOptions.table,
    source: options.settings.source,
    target: nameOfTarget(target),
  });
  using interrupt = listen(session);
  const { files: reads = [], plainBytes: sourceBytes } = source;
  const { schema } = options.settings;
  const { dryRun, quiet } = options;
  if (!dryRun) expectLanes({ workers: workersExpected(target, { ...loadOptions, sourceBytes }) });
  const host = await openHost(
    {
      ...{ ...options, ...defined({ schema }), reads, sourceBytes, target, readOnly: dryRun },
      onRetry: (retry) => page?.retried(retry),
    },
    config,
    { session, interrupt },
  );
  try {
    await page?.open(host);
    const opening = openBackend(host, target, { settings: targetSettings, session });
    const backend = await interrupt.race(opening);
    if (dryRun) {
      const work = host.preview(source, backend, { ...loadOptions, signal: interrupt.signal });
      const { previewLines, withNotes } = await import("../output/preview_lines.ts");
      const preview = withNotes(await interrupt.race(work), [
        ...session.notes,
        ...skips.sentences(),
      ]);
      if (session.json) session.terminal.json(preview);
      else if (!quiet) { for (const line of previewLines(preview)) session.terminal.result(line); }
      return 0;
    }
    const listeners = watched?.begin(backend, { options: loadOptions, target });
    const report = await withProgress(session, quiet, (follow) => {
      return host.load(source, backend, {
        ...{ ...loadOptions, ...listeners, signal: interrupt.signal },
        onStart: (progress) => {
          follow(progress);
          listeners?.onStart(progress);
        },
      });
    });
    session.notes = [...session.notes, ...skips.sentences()];
    watched?.complete(report, session.notes);
    showReport(report, session, quiet);
    return 0;
  } catch (error) {
    session.notes = [...session.notes, ...skips.sentences()];
    watched?.failed(error);
    throw error;
  } finally {
    await page?.close();
    await closeHost(host, interrupt);
    endSpareWorkers();
  }
}

async function withProgress<T>(
  { terminal }: Session,
  quiet: boolean,
  run: (onStart: NonNullable<LoadOptions["onStart"]>) => Promise<T>,
): Promise<T> {
  if (quiet) return await run(() => {});
  using display = new ProgressDisplay(terminal);
  return await run(display.show().follow);
}
