import { WRITE_MODES, type WriteMode } from "../../../src/model/batch.ts";
import type { Value } from "../../drivers/family_conformance.ts";
import type { Experiment } from "../experiment.ts";
import type { Trial } from "../trial.ts";

/** Names by what is odd about them. */
const ODD: Readonly<Record<string, string>> = {
  "mixed case": "MixedCase",
  "a double quote": 'a"b',
  "a single quote": "a'b",
  "a backtick": "a`b",
  "a backslash": "a\\b",
  "a bracket": "a]b[",
  "a dot": "a.b",
  "a blank": "a b",
  "a digit first": "1st",
  "a slot": "{columns} {rows}",
  "a placeholder": "$1 ? :a @b",
  "a comment": "a; -- /* */",
  "a percent sign": "100%s",
  emoji: "🐍",
  "other letters": "straße_漢字",
};

const RESERVED = ["select", "table", "order", "group", "user", "default", "values", "key", "index"];

/** What is expected of a name that is taken. */
const TAKEN = "1 committed; it has the row";

function expectedOf(): Record<string, Value> {
  const odd = Object.keys(ODD).map((what) => [`a table's name with ${what}`, TAKEN]);
  return Object.fromEntries([
    ...odd,
    ["a table's name that is a reserved word", TAKEN],
    ["columns' names with all of that, and reserved words", TAKEN],
    ["a column's name with emoji", TAKEN],
    ["a table's name that is as long as may be", TAKEN],
    ["a column's name that is as long as may be", TAKEN],
    ["a table's name that is too long", "name_refused: … long…"],
    ["a column's name that is too long", "name_refused: … long…"],
    ["a column's name with U+0000", "name_refused: …U+0000…"],
    ["a column's name that the loader keeps for itself", "name_refused: …which the loader keeps…"],
    ["a table's name that the loader keeps for itself", "name_refused: …which the loader keeps…"],
    ["columns' names that differ in case alone", "name_refused: …are the same to the database…"],
  ]);
}

/** Loads a row into a table of that name by each of the modes; says what came of it. */
async function tried(
  trial: Trial,
  table: string,
  { columns = ["v"], modes = modesOf(trial) }: {
    readonly columns?: readonly string[];
    readonly modes?: readonly WriteMode[];
  } = {},
): Promise<string> {
  const row = Object.fromEntries(["id", ...columns].map((name, i) => [name, i + 1]));
  const schema = Object.keys(row).map((name) => ({
    ...{ name, type: "int64", nullable: name !== "id", key: name === "id" } as const,
  }));
  for (const [i, mode] of modes.entries()) {
    if (i > 0) await trial.execute(`DELETE FROM ${trial.words.quote(table)}`);
    const said = await trial.load({ table, mode, key: ["id"], schema, lines: [row] });
    if (said !== "1 committed") return said;
  }
  const types = Object.fromEntries(Object.keys(row).map((name) => [name, "int64"] as const));
  const [found] = await trial.rows(types, table);
  const whole = JSON.stringify(found) === JSON.stringify(Object.values(row).map(String));
  return whole ? TAKEN : `1 committed; it has ${JSON.stringify(found)}`;
}

/** Those that the plugin promises. */
function modesOf({ capabilities }: Trial): readonly WriteMode[] {
  return WRITE_MODES.filter((mode) => capabilities.modes.includes(mode));
}

/** As long a name as may be, or longer by one, of letters of two bytes at its end. */
function long(trial: Trial, more = 0): string {
  const { words: { nameCharactersMax }, capabilities: { identifierBytesMax } } = trial;
  const start = trial.table();
  if (nameCharactersMax) return start + "é".repeat(nameCharactersMax + more - start.length);
  const rest = identifierBytesMax + more - start.length;
  return start + "é".repeat(Math.floor(rest / 2)) + "x".repeat(rest % 2);
}

async function found(trial: Trial): Promise<Record<string, Value>> {
  const found: Record<string, Value> = {};
  for (const [i, [what, name]] of Object.entries(ODD).entries()) {
    const modes = modesOf(trial).slice(i % modesOf(trial).length).slice(0, 1);
    found[`a table's name with ${what}`] = await tried(trial, trial.table(name), { modes });
  }
  const { emoji, ...others } = ODD;
  const columns = [...Object.values(others), ...RESERVED];
  found["columns' names with all of that, and reserved words"] = await tried(trial, trial.table(), {
    columns,
  });
  const there = await trial.tables();
  const free = RESERVED.find((word) => !there.includes(word));
  found["a table's name that is a reserved word"] = free
    ? await tried(trial, trial.table(free, { whole: true }))
    : "they are all taken";
  const [longest, tooLong] = [long(trial), long(trial, 1)];
  const table = (name: string) => tried(trial, trial.table(name, { whole: true }));
  let tables = 0;
  const column = (name: string) => tried(trial, trial.table(`c${tables++}`), { columns: [name] });
  found["a table's name that is as long as may be"] = await table(longest);
  found["a column's name that is as long as may be"] = await column(longest);
  found["a table's name that is too long"] = await table(tooLong);
  found["a column's name that is too long"] = await column(tooLong);
  found["a column's name with emoji"] = await column(emoji!);
  found["a column's name with U+0000"] = await column("a\0b");
  found["a column's name that the loader keeps for itself"] = await column("_snakepipe_ordinal");
  found["a table's name that the loader keeps for itself"] = await table("_snakepipe_mine");
  found["columns' names that differ in case alone"] = await tried(trial, trial.table("t"), {
    columns: ["Twin", "twin"],
  });
  return found;
}

/** Names of tables and columns: whatever stands in them, they are taken as they are, or refused. */
export const NAMES_HOLD: readonly Experiment[] = [
  { group: "names", expected: expectedOf(), run: found },
];
