/**
 * The journal of a database file, and how commits wait for the disk. A file keeps the journal that it
 * has, unless the settings say otherwise; one that a load makes has SQLite's own default, a rollback
 * journal, by which pages that are new are written once.
 */
import type { Config, ConfigSchema } from "../../../src/model/config_schema.ts";

const MODES = ["auto", "wal", "delete"] as const;
const WAITS = ["auto", "off", "normal", "full"] as const;

/** What the settings ask for. */
export interface JournalSettings {
  readonly journalMode: typeof MODES[number];
  readonly synchronous: typeof WAITS[number];
}

/** The settings themselves. */
export const JOURNAL_CONFIG: ConfigSchema["properties"] = {
  journalMode: {
    type: "string",
    description:
      "Journal of a database file: auto keeps what it has, which is delete for a new one; with wal others read while a load writes, which then takes longer",
    enum: MODES,
    default: "auto",
  },
  synchronous: {
    type: "string",
    description:
      "How a database file waits for the disk: auto takes normal with wal, where a power cut can undo the latest batches, each as a whole, and full otherwise",
    enum: WAITS,
    default: "auto",
  },
};

/** Reads the settings, which were held to their schema. */
export function journalSettings({ journalMode, synchronous }: Config): JournalSettings {
  return {
    journalMode: MODES.find((mode) => mode === journalMode) ?? "auto",
    synchronous: WAITS.find((wait) => wait === synchronous) ?? "auto",
  };
}

/** Begins a session with a file that was opened, before any statement of the plugin. */
export async function setUpJournal(
  run: (sql: string) => Promise<void>,
  path: string,
  { journalMode, synchronous }: JournalSettings,
): Promise<void> {
  const keeps = journalMode === "auto";
  if (!keeps) await run(`PRAGMA journal_mode = ${journalMode}`);
  const isWal = keeps ? await hasLog(run, path) : journalMode === "wal";
  const waits = synchronous === "auto" ? (isWal ? "normal" : "full") : synchronous;
  await run(`PRAGMA synchronous = ${waits}`);
}

/** Whether a file has a write-ahead log: SQLite makes one beside it as soon as it reads such a file. */
async function hasLog(run: (sql: string) => Promise<void>, path: string): Promise<boolean> {
  await run("PRAGMA schema_version");
  try {
    await Deno.stat(`${path}-wal`);
    return true;
  } catch {
    return false;
  }
}
