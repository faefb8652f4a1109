/** Cases that are plain data: statements that make tables, loads, and what is there in the end. */
import type { WriteMode } from "../../src/model/batch.ts";
import { LACKING, type Value } from "../drivers/family_conformance.ts";
import type { Experiment } from "./experiment.ts";
import type { Columns } from "./read_value.ts";
import { type LoadSpec, sorted, type Trial } from "./trial.ts";
import type { MadeType } from "../drivers/conformance_words.ts";

/**
 * One case. In statements `{t}` is its table and `{u}` another one, in quotes; `{integer}`, `{keyText}`,
 * `{identity}` and each type of a column are what the database calls them; `{generated:…}` is a column
 * that is computed; `{loose}` a text that is equal in any case; `{cascade}` deletes with what is referred to. `{trigger}` and `{guard}` alone stand
 * for the statements that make those.
 */
export interface TableCase {
  readonly group: string;
  readonly name: string;
  /** Modes in which the same is loaded and expected; those of the loads by default. */
  readonly modes?: readonly WriteMode[];
  /** What is there beforehand; nothing by default. */
  readonly given?: readonly string[];
  readonly loads: readonly (LoadSpec & {
    /** Statements that run before it. */
    readonly after?: readonly string[];
    /** Statements that run once its first batch is in. */
    readonly during?: readonly string[];
    /** What comes of it, in words; `…` stands for any text. */
    readonly says: string;
  })[];
  /** The columns to read of its table, and the rows that are expected, in any order. */
  readonly read?: Columns;
  readonly rows?: readonly (readonly (string | null)[])[];
  /** The same of the other table. */
  readonly readOther?: Columns;
  readonly otherRows?: readonly (readonly (string | null)[])[];
}

/** The experiments that cases come to. */
export function experimentsOf(cases: readonly TableCase[]): Experiment[] {
  return cases.flatMap((one) => (one.modes ?? [undefined]).map((mode) => experimentOf(one, mode)));
}

function experimentOf(one: TableCase, mode: WriteMode | undefined): Experiment {
  const { group, name, given = [], loads, read, rows, readOther, otherRows } = one;
  const expected: Record<string, Value> = { loads: loads.map(({ says }) => says) };
  if (rows) expected.rows = sorted(rows.map((row) => [...row]));
  if (otherRows) expected.other = sorted(otherRows.map((row) => [...row]));
  return {
    group,
    ...(mode === undefined ? {} : { way: mode }),
    modes: mode === undefined ? loads.map(({ mode = "append" }) => mode) : [mode],
    expected: { [name]: expected },
    async run(trial) {
      const statements = given.flatMap((sql) => madeOf(trial, sql));
      if (statements.includes(undefined)) return { [name]: LACKING };
      await prepare(trial, given);
      await trial.execute(...statements as string[]);
      const said: string[] = [];
      for (const { after = [], during, says: _, ...rest } of loads) {
        await trial.execute(...after.map((sql) => written(trial, sql) ?? ""));
        const spec = during
          ? {
            ...rest,
            meanwhile: () => trial.execute(...during.map((sql) => written(trial, sql) ?? "")),
          }
          : rest;
        said.push(await trial.load(mode === undefined ? spec : withMode(spec, mode)));
      }
      const found: Record<string, Value> = { loads: said };
      if (rows) found.rows = await rowsOf(trial, read!, trial.table());
      if (otherRows) found.other = await rowsOf(trial, readOther ?? read!, trial.table("u"));
      return { [name]: found };
    },
  };
}

function withMode(spec: LoadSpec, mode: WriteMode): LoadSpec {
  return { mode, ...(mode === "upsert" ? { key: ["id"] } : {}), ...spec };
}

/** Rows, or why they cannot be read. */
async function rowsOf(trial: Trial, columns: Columns, table: string): Promise<Value> {
  return await trial.count(table) === undefined ? "no such table" : trial.rows(columns, table);
}

/** What one line of `given` comes to; undefined stands for what the database lacks. */
function madeOf(trial: Trial, sql: string): readonly (string | undefined)[] {
  const { words } = trial;
  if (sql === "{trigger}") {
    return words.trigger?.(trial.quoted(), trial.quoted("u")) ?? [undefined];
  }
  if (sql === "{guard}") return words.guard?.(trial.quoted()) ?? [undefined];
  return [written(trial, sql)];
}

/** A statement with its words filled in; undefined where the database has no such thing. */
export function written(trial: Trial, sql: string): string | undefined {
  const { words } = trial;
  let lacking = false;
  const text = sql.replaceAll(
    /\{([a-zA-Z0-9]+)(?::([^}]*))?\}/g,
    (_, name: string, more: string) => {
      const found = name === "t"
        ? trial.quoted()
        : name === "u"
        ? trial.quoted("u")
        : name === "generated"
        ? words.generated?.(more)
        : name === "cascade"
        ? words.cascade ?? "ON DELETE CASCADE"
        : name === "loose"
        ? words.looseText?.type
        : ["integer", "keyText", "identity"].includes(name)
        ? words[name as "integer" | "keyText" | "identity"]
        : words.types[name as MadeType];
      if (found === undefined) lacking = true;
      return found ?? "";
    },
  );
  return lacking ? undefined : text;
}

/** Makes what the statements need beside tables. */
async function prepare(trial: Trial, given: readonly string[]): Promise<void> {
  const { looseText } = trial.words;
  if (!looseText || !given.some((sql) => sql.includes("{loose}"))) return;
  if (looseText.setUp) await trial.execute(looseText.setUp);
}
