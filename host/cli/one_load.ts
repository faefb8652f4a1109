/** One load, from its settings to what it needs: what the commands that load have in common. */
import type { ConfigFile } from "../../src/config/file.ts";
import type { SourceSettings } from "../../src/config/load_settings.ts";
import { chooseTarget, type Target } from "../../src/config/route.ts";
import { defined } from "../../src/model/defined.ts";
import type { LoadOptions } from "../load/load.ts";
import { openSource } from "../sources/open_source.ts";
import type { Source } from "../sources/source.ts";
import type { Session } from "./output.ts";
import { readSchemaFile } from "./schema_file.ts";
import { SkipNotes } from "./skip_notes.ts";
import { tableNote, tableOfSources } from "./table_name.ts";
import { exampleTargets, type TargetSettings } from "./target.ts";

/** A load that can begin once its backend is connected. */
export interface ReadyLoad {
  readonly source: Source;
  readonly target: Target;
  /** What the backend is created with beside the target. */
  readonly targetSettings: TargetSettings;
  readonly options: LoadOptions & Required<Pick<LoadOptions, "table" | "mode">>;
  /** Which files were passed over, once the load is done. */
  readonly skips: SkipNotes;
}

/**
 * Finds the source, the table and the target of a load, and reads its schema. What is known of it on
 * the way is left in `session.about`, what the user should know in `session.notes`.
 *
 * @throws {LoadError} whatever is wrong with the settings, or the source
 */
export async function readyLoad(
  settings: SourceSettings,
  { config, session }: { readonly config: ConfigFile; readonly session: Session },
): Promise<ReadyLoad> {
  const { mode = "append", to, set = {}, connections } = settings;
  const skips = new SkipNotes();
  const source = sourceOf(settings, skips);
  const named = settings.table ?? source.table;
  session.about = { source: source.name, mode };
  const table = named ?? tableOfSources(settings.source);
  session.about = { ...session.about, table };
  const target = chooseTarget(config, { table, examples: exampleTargets(), ...defined({ to }) });
  const options = { ...await loadOptionsOf(settings), table, mode };
  if (named === undefined) session.notes = [tableNote(table)];
  return { source, target, targetSettings: { set, ...defined({ connections }) }, options, skips };
}

function sourceOf(settings: SourceSettings, skips: SkipNotes): Source {
  const { format, delimiter, header, null: nullText, allFiles = false } = settings;
  return openSource(settings.source, {
    ...defined({ format, delimiter, header, nullText }),
    allFiles,
    onSkip: (file, reason) => skips.add(file, reason),
  });
}

async function loadOptionsOf(settings: SourceSettings): Promise<LoadOptions> {
  const { key, batchRows, batchBytes, connections, load, maxRejects, rejects } = settings;
  const { fresh, allowEmpty, sameTable, rejectsTable, nul, indexes, bytes } = settings;
  const schema = settings.schema === undefined ? undefined : await readSchemaFile(settings.schema);
  return defined({
    ...{ key, schema, batchRowsMax: batchRows, batchBytesMax: batchBytes, connections, load },
    ...{ fresh, allowEmpty, sameTable, rejectTable: rejectsTable, maxRejects, rejects },
    ...{ nul, indexes, bytes },
  });
}
