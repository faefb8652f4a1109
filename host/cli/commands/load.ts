/** `snakepipe load`: from the words of the command line to rows in a database. */
import type { ConfigFile } from "../../../src/config/file.ts";
import { chooseTarget, type Target } from "../../../src/config/route.ts";
import { LoadError } from "../../../src/errors.ts";
import type { DatabaseBackend } from "../../../src/backend.ts";
import { createHost, type Host } from "../../host.ts";
import { endSpareWorkers, lanesByDefault, startLaneWorkers } from "../../lane/lane_connection.ts";
import type { LoadOptions } from "../../load.ts";
import { openSource } from "../../sources/open_source.ts";
import type { Source } from "../../sources/source.ts";
import { loadConfigFile, pluginFolder } from "../config_file.ts";
import type { ExitStatus } from "../exit_status.ts";
import { helpOf } from "../help.ts";
import { Interrupt } from "../interrupt.ts";
import { type LoadArguments, readLoadArguments } from "../options.ts";
import { type Session, showReport } from "../output.ts";
import { ProgressDisplay } from "../progress_display.ts";
import { readSchemaFile } from "../schema_file.ts";
import { SkipNotes } from "../skip_notes.ts";
import { openTarget, typeOfTarget } from "../target.ts";

/** How long a stopped program takes to say goodbye to a database. */
const CLOSE_GRACE_MS = 1_000;

/**
 * Runs the command.
 *
 * @throws {LoadError} whatever is wrong, with a report once the load has begun
 */
export async function loadCommand(args: readonly string[], session: Session): Promise<ExitStatus> {
  session.about = {};
  const options = readLoadArguments(args);
  if (options.help) {
    session.terminal.result(helpOf("load"));
    return 0;
  }
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  const skips = new SkipNotes();
  const source = sourceOf(options, skips);
  const table = options.table ?? source.table;
  session.about = {
    source: source.name,
    mode: options.mode,
    ...(table === undefined ? {} : { table }),
  };
  if (table === undefined) {
    throw new LoadError("A table must be named, as in --table nodes", {
      code: "usage",
      blame: "config",
    });
  }
  const target = chooseTarget(config, {
    table,
    ...(options.to === undefined ? {} : { to: options.to }),
  });
  const loadOptions = { ...await loadOptionsOf(options), table };
  using interrupt = listen(session);
  startLaneWorkers(lanesExpected(options, source));
  const host = await openHost(options, config);
  try {
    const backend = await interrupt.race(openBackend(host, target, { options, session }));
    const report = await withProgress({ options, session }, (onProgress) => {
      return host.load(source, backend, { ...loadOptions, signal: interrupt.signal, onProgress });
    });
    session.notes = skips.sentences();
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

/** A connection that was still being tried is waited for until its timeout, unless somebody waits. */
async function closeHost(host: Host, interrupt: Interrupt): Promise<void> {
  const closed = host.close();
  if (interrupt.status === undefined) return await closed;
  const { promise: graceEnded, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, CLOSE_GRACE_MS);
  await Promise.race([closed, graceEnded]).finally(() => clearTimeout(timer));
}

function sourceOf(options: LoadArguments, skips: SkipNotes): Source {
  const { format, delimiter, header, nullText } = options;
  return openSource(options.sources, {
    ...(format === undefined ? {} : { format }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(header === undefined ? {} : { header }),
    ...(nullText === undefined ? {} : { nullText }),
    onSkip: (file, reason) => skips.add(file, reason),
  });
}

async function loadOptionsOf(options: LoadArguments): Promise<LoadOptions> {
  const { mode, key, batchRowsMax, batchBytesMax, connections, nul } = options;
  return {
    mode,
    ...(key === undefined ? {} : { key }),
    ...(options.schema === undefined ? {} : { schema: await readSchemaFile(options.schema) }),
    ...(batchRowsMax === undefined ? {} : { batchRowsMax }),
    ...(batchBytesMax === undefined ? {} : { batchBytesMax }),
    ...(connections === undefined ? {} : { connections }),
    ...(nul === undefined ? {} : { nul }),
  };
}

function listen(session: Session): Interrupt {
  const interrupt: Interrupt = new Interrupt(() => {
    if (interrupt.status !== undefined) session.stopStatus = interrupt.status;
    session.terminal.say(
      "Stopping after the batch in hand; the same signal again ends the program at once",
    );
  }, () => session.terminal.clear());
  return interrupt;
}

/**
 * How many lanes the load will have, most likely: it is not known yet which backend will be chosen.
 * One that is not needed costs a few milliseconds, one that is missing is started later.
 */
function lanesExpected(
  { to, mode, connections }: LoadArguments,
  { bytesTotal }: Source,
): number {
  const oneWriter = mode === "upsert" || /^(libsql|file|https?|wss?):/.test(to ?? "");
  return oneWriter ? 1 : connections ?? lanesByDefault(bytesTotal);
}

async function openHost(options: LoadArguments, config: ConfigFile): Promise<Host> {
  const audit = options.audit ?? config.audit;
  return await createHost({
    plugins: await pluginFolder(options.plugins, config),
    firstConnection: "lane",
    ...(audit === undefined ? {} : { audit }),
  });
}

/** Connects; where no backend fits, the plugins that were refused may be why. */
async function openBackend(
  host: Host,
  target: Target,
  { options, session }: { options: LoadArguments; session: Session },
): Promise<DatabaseBackend> {
  try {
    const type = typeOfTarget(host, target);
    session.about = { ...session.about, backend: type };
    return await openTarget(host, target, {
      set: options.set,
      ...(options.connections === undefined ? {} : { connections: options.connections }),
    });
  } catch (error) {
    if (error instanceof LoadError && error.code === "backend_unknown") {
      session.notes = host.discoverAvailableBackends()
        .filter((info) => info.status === "refused")
        .map((info) =>
          `Plugin ${info.plugin?.file ?? info.type} was refused: ${info.reason ?? ""}`
        );
    }
    throw error;
  }
}

async function withProgress<T>(
  { options, session }: { options: LoadArguments; session: Session },
  run: (onProgress: NonNullable<LoadOptions["onProgress"]>) => Promise<T>,
): Promise<T> {
  if (options.quiet) return await run(() => {});
  using display = new ProgressDisplay(session.terminal);
  return await run((progress) => display.update(progress));
}
