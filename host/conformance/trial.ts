import {
  type BackendCapabilities,
  type DatabaseBackend,
  DEFAULT_CAPABILITIES,
} from "../../src/model/backend.ts";
import { LoadError } from "../../src/model/errors.ts";
import { type LoadReport, LoadStoppedError } from "../../src/load/report.ts";
import type { Host } from "../host.ts";
import type { LoadOptions } from "../load/load.ts";
import { rows } from "../sources/rows.ts";
import type { Source } from "../sources/source.ts";
import { faultsOf, HOST_TABLES } from "./load_invariants.ts";
import { type Columns, normalOf, selectedOf } from "./read_value.ts";
import { csvOf, linesOf } from "./text_source.ts";
import type { ConformanceWords } from "../drivers/conformance_words.ts";

/** A client on the database, which had better share no code with the driver under test. */
export interface ConformanceClient {
  /** Runs one statement. */
  execute(sql: string): Promise<void>;
  /** Runs a query whose every column is a text or null; its rows. */
  read(sql: string): Promise<readonly (readonly (string | null)[])[]>;
}

/** A database, and what loads into it. */
export interface OpenDatabase {
  readonly host: Host;
  readonly backend: DatabaseBackend;
  readonly client: ConformanceClient;
  readonly words: ConformanceWords;
  /** Names of the tables that were there before the suite, which are nothing that it has left. */
  readonly before: readonly string[];
}

/** One load, as data. Each has a source of its own unless it names one. */
export interface LoadSpec
  extends Omit<LoadOptions, "table" | "maxRejects" | "rejects" | "rejectTable" | "onProgress"> {
  /** Its rows: records of NDJSON, the lines of a CSV file with its header, or objects for `rows()`. */
  readonly lines?: readonly (string | Readonly<Record<string, unknown>>)[];
  readonly csv?: readonly string[];
  readonly rows?: readonly object[];
  /** The table as it is named, where that is another than the first of the trial. */
  readonly table?: string;
  /** The source's name; one that no other load has, by default. */
  readonly source?: string;
  /** Rows that may be left out; none by default. */
  readonly rejectsMax?: number;
  /** Stops the load once so many batches are in. */
  readonly stopAfter?: number;
  /** What is done once the first batch is in. */
  readonly meanwhile?: () => Promise<void>;
}

/** A text that stands in rows which are refused, and in no message. */
export const SECRET = "hunter2";

/**
 * What an experiment works with: tables of its own in one database, loads into them, and a look at
 * them.
 */
export class Trial {
  readonly #database: OpenDatabase;
  readonly #prefix: string;
  readonly #tables: string[] = [];
  #loads = 0;

  /** Names of tables begin with the prefix. */
  constructor(database: OpenDatabase, prefix: string) {
    this.#database = database;
    this.#prefix = prefix;
  }

  get words(): ConformanceWords {
    return this.#database.words;
  }

  get capabilities(): BackendCapabilities {
    return this.#database.backend.capabilities ?? DEFAULT_CAPABILITIES;
  }

  /** The name of a table of this trial, which is removed behind it; whole where it is said to be. */
  table(name = "", { whole = false }: { readonly whole?: boolean } = {}): string {
    const full = whole ? name : this.#prefix + name;
    if (!this.#tables.includes(full)) this.#tables.push(full);
    return full;
  }

  /** The same in quotes. */
  quoted(name = ""): string {
    return this.words.quote(this.table(name));
  }

  /** Runs statements, one after the other. */
  async execute(...statements: readonly string[]): Promise<void> {
    for (const sql of statements) await this.#database.client.execute(sql);
  }

  /** Rows of a query whose every column is a text or null. */
  read(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    return this.#database.client.read(sql);
  }

  /** The rows of a table in the order of their columns, in one form for all databases. */
  async rows(columns: Columns, table = this.table()): Promise<(string | null)[][]> {
    const from = this.words.quote(table);
    const found = await this.read(`SELECT ${selectedOf(this.words, columns)} FROM ${from}`);
    return sorted(found.map((row) => normalOf(columns, row)));
  }

  /** How many rows a table has; undefined where it is not there. */
  async count(table: string): Promise<number | undefined> {
    try {
      const text = this.words.textOf("count(*)");
      const [row] = await this.read(`SELECT ${text} AS c0 FROM ${this.words.quote(table)}`);
      return Number(row![0]);
    } catch {
      return undefined;
    }
  }

  /** Names of the tables that are there. */
  async tables(): Promise<string[]> {
    return (await this.read(this.words.tables)).map(([name]) => name!);
  }

  /** Those of them that are the host's or of this trial, and were not there before the suite. */
  async leftOver(): Promise<string[]> {
    const { before } = this.#database;
    return (await this.tables()).filter((name) =>
      (name.startsWith(this.#prefix) || /_snakepipe_/.test(name)) &&
      !HOST_TABLES.includes(name) && !before.includes(name)
    );
  }

  /** Loads, and says in a few words what came of it, and what is wrong with that. */
  async load(spec: LoadSpec): Promise<string> {
    const name = spec.table ?? this.table();
    const before = await this.count(name);
    let said: string;
    let report: LoadReport | undefined;
    try {
      report = await this.#load(name, spec);
      said = await this.#summary(report);
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      if (error instanceof LoadStoppedError) report = error.report;
      const issues = error.issues.map(({ path, message }) => `${path}: ${message}`);
      said = [`${error.code}: ${error.message}`, ...issues].join("\n");
      if (said.includes(SECRET)) said += "; but a message has a row's value in it";
    }
    const faults = await faultsOf(this, {
      ...{ report, table: name, before },
      replanned: spec.meanwhile !== undefined,
    });
    return [said, ...faults].join("; but ");
  }

  #load(name: string, spec: LoadSpec): Promise<LoadReport> {
    const { lines, csv, rows: objects, table: _, source, stopAfter, rejectsMax, ...rest } = spec;
    const { meanwhile, ...options } = rest;
    const stop = new AbortController();
    let batches = 0;
    let done: Promise<void> | undefined;
    const { host, backend } = this.#database;
    const named = `${this.#prefix}${source ?? this.#loads++}`;
    const known = options.load === undefined ? {} : { load: this.#prefix + options.load };
    const loading = host.load(sourceOf(named, { lines, csv, objects }), backend, {
      connections: 1,
      ...{ ...options, ...known },
      table: `"${name.replaceAll('"', '""')}"`,
      signal: stop.signal,
      ...(rejectsMax === undefined
        ? {}
        : { maxRejects: { kind: "count", rowsMax: rejectsMax }, rejectTable: true }),
      onProgress: () => {
        if (++batches === stopAfter) stop.abort();
        done ??= meanwhile?.();
        // Heard of where the load has ended.
        done?.catch(() => {});
      },
    });
    return loading.finally(() => done);
  }

  async #summary(report: LoadReport): Promise<string> {
    const counts = [["superseded", report.superseded], ["skipped", report.skipped]] as const;
    const more = [...counts, ["repaired", report.repaired] as const].filter(([, n]) => n > 0)
      .map(([what, n]) => `, ${n} ${what}`).join("");
    const { generation = 1 } = report.load ?? {};
    const again = generation > 1 ? `, generation ${generation}` : "";
    if (report.rejected === 0) return `${report.committed} committed${more}${again}`;
    const { textOf, quote } = this.words;
    const rejects = await this.read(
      `SELECT ${textOf("line")} AS c0, column_name AS c1, code AS c2 FROM ` +
        `${quote("_snakepipe_reject")} WHERE ${textOf("load_id")} = '${
          report.load!.id
        }' ORDER BY line`,
    );
    const told = rejects.map((reject) => reject.filter((part) => part !== null).join(" "));
    const left = `${report.rejected} rejected: ${told.join(", ")}`;
    return `${report.committed} committed${more}${again}, ${left}`;
  }

  /** Removes its tables, the last one first. Some have names that no table can have. */
  async end(): Promise<void> {
    const there = await this.tables();
    for (const table of this.#tables.reverse().filter((name) => there.includes(name))) {
      await this.execute(`DROP TABLE ${this.words.quote(table)}`);
    }
  }
}

function sourceOf(
  name: string,
  { lines, csv, objects }: {
    readonly lines: LoadSpec["lines"];
    readonly csv: LoadSpec["csv"];
    readonly objects: LoadSpec["rows"];
  },
): Source {
  if (objects) return rows(objects, { name });
  if (csv) return csvOf(name, csv);
  const texts = lines ?? [];
  return linesOf(name, texts.map((line) => typeof line === "string" ? line : JSON.stringify(line)));
}

/** Rows in an order that is the same whatever the database gives them in. */
export function sorted<T>(rows: T[]): T[] {
  const key = (row: T) => JSON.stringify(row);
  return rows.sort((a, b) => key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
