/**
 * The journal of a database file, and how commits wait for the disk. A file that a load makes gets a
 * write-ahead log, so that others read while it is loaded; one that is there keeps what it has, unless
 * the settings say otherwise.
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
      "Journal of a database file: auto keeps that of a file that is there and gives a new one wal, with which others read while a load writes",
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

/**
 * Whether a file is yet to be made. To be asked before it is opened. It is not opened for that: to
 * close it would drop the locks that this process has on it.
 */
export async function isNewFile(path: string): Promise<boolean> {
  return (await sizeOf(path) ?? 0) === 0;
}

/** Begins a session with a file that was opened, before any statement of the plugin. */
export async function setUpJournal(
  run: (sql: string) => Promise<void>,
  path: string,
  { journalMode, synchronous, isNew }: JournalSettings & { readonly isNew: boolean },
): Promise<void> {
  const wanted = journalMode === "auto" && isNew ? "wal" : journalMode;
  if (wanted !== "auto") await run(`PRAGMA journal_mode = ${wanted}`);
  const isWal = wanted === "auto" ? await hasLog(run, path) : wanted === "wal";
  const waits = synchronous === "auto" ? (isWal ? "normal" : "full") : synchronous;
  await run(`PRAGMA synchronous = ${waits}`);
}

/** Whether a file has a write-ahead log: SQLite makes one beside it as soon as it reads such a file. */
async function hasLog(run: (sql: string) => Promise<void>, path: string): Promise<boolean> {
  await run("PRAGMA schema_version");
  return await sizeOf(`${path}-wal`) !== undefined;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch {
    return undefined;
  }
}
