/** `snakepipe load`: from the words of the command line to rows in a database. */
import { chooseTarget } from "../../../src/config/route.ts";
import { defined } from "../../../src/model/defined.ts";
import { endSpareWorkers, expectLanes } from "../../lane/lanes.ts";
import type { LoadOptions } from "../../load/load.ts";
import { openSource } from "../../sources/open_source.ts";
import type { Source } from "../../sources/source.ts";
import { loadConfigFile } from "../config_file.ts";
import type { ExitStatus } from "../exit_status.ts";
import { helpOf } from "../help.ts";
import { type LoadArguments, readLoadArguments } from "../options.ts";
import { type Session, showReport } from "../output.ts";
import { ProgressDisplay } from "../progress_display.ts";
import { readSchemaFile } from "../schema_file.ts";
import { SkipNotes } from "../skip_notes.ts";
import { tableNote, tableOfSources } from "../table_name.ts";
import { startDebugLog } from "../debug_log.ts";
import { exampleTargets, workersExpected } from "../target.ts";
import { closeHost, listen, openBackend, openHost } from "../command_context.ts";

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
  const skips = new SkipNotes();
  const source = sourceOf(options, skips);
  const named = options.table ?? source.table;
  session.about = { source: source.name, mode: options.mode };
  const table = named ?? tableOfSources(options.sources);
  session.about = { ...session.about, table };
  const target = chooseTarget(config, {
    table,
    examples: exampleTargets(),
    ...defined({ to: options.to }),
  });
  const loadOptions = { ...await loadOptionsOf(options), table };
  if (named === undefined) session.notes = [tableNote(table)];
  using interrupt = listen(session);
  const { files: reads = [], plainBytes: sourceBytes } = source;
  expectLanes({ workers: workersExpected(target, { ...loadOptions, sourceBytes }) });
  const host = await openHost({ ...options, reads, sourceBytes, target }, config, {
    session,
    interrupt,
  });
  try {
    const { set, connections } = options;
    const settings = { set, ...defined({ connections }) };
    const backend = await interrupt.race(openBackend(host, target, { settings, session }));
    const report = await withProgress({ options, session }, (onStart) => {
      return host.load(source, backend, { ...loadOptions, signal: interrupt.signal, onStart });
    });
    session.notes = [...session.notes, ...skips.sentences()];
    showReport(report, session, options.quiet);
    return 0;
  } catch (error) {
    session.notes = [...session.notes, ...skips.sentences()];
    throw error;
  } finally {
    await closeHost(host, interrupt);
    endSpareWorkers();
  }
}

function sourceOf(options: LoadArguments, skips: SkipNotes): Source {
  const { format, delimiter, header, nullText, allFiles } = options;
  return openSource(options.sources, {
    ...defined({ format, delimiter, header, nullText }),
    allFiles,
    onSkip: (file, reason) => skips.add(file, reason),
  });
}

async function loadOptionsOf(options: LoadArguments): Promise<LoadOptions> {
  const { mode, key, batchRowsMax, batchBytesMax, connections, load, maxRejects, rejects } =
    options;
  const { fresh, allowEmpty, sameTable, rejectTable, nul, indexes, bytes } = options;
  const schema = options.schema === undefined ? undefined : await readSchemaFile(options.schema);
  return {
    ...{ mode, fresh, allowEmpty, sameTable, rejectTable },
    ...defined({
      key,
      schema,
      batchRowsMax,
      batchBytesMax,
      connections,
      load,
      maxRejects,
      rejects,
    }),
    ...defined({ nul, indexes, bytes }),
  };
}

async function withProgress<T>(
  { options, session }: { options: LoadArguments; session: Session },
  run: (onStart: NonNullable<LoadOptions["onStart"]>) => Promise<T>,
): Promise<T> {
  if (options.quiet) return await run(() => {});
  using display = new ProgressDisplay(session.terminal);
  return await run((progress) => display.follow(progress));
}
