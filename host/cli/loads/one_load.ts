/** One load, from its settings to what it needs: what the commands that load have in common. */
import type { ConfigFile } from "../../../src/config/config_content.ts";
import type { LoadUnit } from "../../../src/config/destination.ts";
import { chooseTarget, type Target } from "../../../src/config/route.ts";
import { defined } from "../../../src/model/defined.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { LoadOptions } from "../../load/load.ts";
import { STANDARD_INPUT } from "../../sources/input.ts";
import { isReadOnce } from "../../sources/read_once.ts";
import { openSource } from "../../sources/open_source.ts";
import type { Source } from "../../sources/source.ts";
import type { SourceTee } from "../../sources/tee.ts";
import type { Session } from "../output/output.ts";
import { readSchemaFile } from "../config/schema_file.ts";
import { SkipNotes } from "../output/skip_notes.ts";
import { tableNote, tableOfSources } from "../config/table_name.ts";
import { exampleTargets, type TargetSettings } from "../config/target.ts";

/** A load that can begin once its backend is connected. */
export interface ReadyLoad {
  readonly source: Source;
  /** Of which the first is taken that is healthy; at least one. */
  readonly targets: readonly Target[];
  /** What the backend is created with beside the target. */
  readonly targetSettings: TargetSettings;
  readonly options: LoadOptions & Required<Pick<LoadOptions, "table" | "mode">>;
  /** Which files were passed over and what else its source has to say, once the load is done. */
  readonly skips: Pick<SkipNotes, "sentences">;
}

/**
 * Finds the source, the table and the target of a load, and reads its schema. What is known of it on
 * the way is left in `session.about`, what the user should know in `session.notes`.
 *
 * @throws {LoadError} whatever is wrong with the settings, or the source
 */
export async function readyLoad(
  { name, settings, to: targets, share, shares, label }: LoadUnit,
  { config, session, tee }: {
    readonly config: ConfigFile;
    readonly session: Session;
    /** By which it reads what can be read once, beside the others of its source. */
    readonly tee?: SourceTee;
  },
): Promise<ReadyLoad> {
  const { mode = "append", set = {}, connections } = settings;
  const skips = new SkipNotes();
  const own = sourceOf(settings, skips);
  if (shares && !tee) checkRereadable(own);
  const opened = tee?.sourceOf(name, own) ?? own;
  const sharing = share ? await import("../../sources/row_share.ts") : undefined;
  const shared = sharing?.withShare(opened, share!);
  const source = shared ?? opened;
  const named = settings.table ?? source.table;
  session.about = { source: source.name, mode };
  const table = named ?? tableOfSources(settings.source);
  session.about = { ...session.about, table };
  const choose = (to?: string) =>
    chooseTarget(config, { table, examples: exampleTargets(), ...defined({ to }) });
  const candidates = targets.length === 0 ? [choose()] : targets.map((to) => choose(to));
  const options = {
    ...await loadOptionsOf(settings),
    table,
    mode,
    // What is left of the source for another target is another load.
    ...(share ? { load: `${settings.load ?? source.name} by ${share.by} to ${label}` } : {}),
  };
  if (options.schema) {
    const columns = options.schema.map(({ name }) => name);
    sharing?.checkColumn(columns, { by: share!.by, where: settings.schema! });
  }
  if (named === undefined) session.notes = [tableNote(table)];
  const targetSettings = { set, ...defined({ connections, rejects: settings.rejects }) };
  return {
    ...{ source, targets: candidates, targetSettings, options },
    skips: { sentences: () => [...skips.sentences(), ...shared?.notes() ?? []] },
  };
}

/** Each target reads the source by itself. @throws {LoadError} `usage` where it can be read once alone */
function checkRereadable({ name, files = [] }: Source): void {
  const once = files.find(isReadOnce);
  if (once === undefined) return;
  const what = once === STANDARD_INPUT ? "Standard input" : `${once} is no file, and`;
  throw new LoadError(
    `${what} can be read once, and each target of this load reads ${name} by itself: where rows go by a ` +
      "column's value, none writes before each has come past what it has loaded, and serve runs them one " +
      "by one. Write it to a file first, or load it into one target",
    { code: "usage", blame: "config" },
  );
}

function sourceOf(settings: LoadUnit["settings"], skips: SkipNotes): Source {
  const { format, delimiter, header, null: nullText, allFiles = false } = settings;
  return openSource(settings.source, {
    ...defined({ format, delimiter, header, nullText }),
    allFiles,
    onSkip: (file, reason) => skips.add(file, reason),
  });
}

async function loadOptionsOf(settings: LoadUnit["settings"]): Promise<LoadOptions> {
  const { key, batchRows, batchBytes, connections, load, maxRejects, rejects } = settings;
  const { fresh, allowEmpty, sameTable, rejectsTable, nul, indexes, bytes } = settings;
  const schema = settings.schema === undefined ? undefined : await readSchemaFile(settings.schema);
  return defined({
    ...{ key, schema, batchRowsMax: batchRows, batchBytesMax: batchBytes, connections, load },
    ...{ fresh, allowEmpty, sameTable, rejectTable: rejectsTable, maxRejects, rejects },
    ...{ nul, indexes, bytes },
  });
}
