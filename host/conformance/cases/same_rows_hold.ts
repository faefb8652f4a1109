import { type Column, WRITE_MODES } from "../../../src/model/batch.ts";
import type { Value } from "../../drivers/family_conformance.ts";
import type { Experiment } from "../experiment.ts";
import type { Columns } from "../read_value.ts";
import { sorted } from "../trial.ts";

const ROWS = 400;
/** Rows of a batch: several batches, the last one short. */
const BATCH = 150;

const COLUMNS: Columns = {
  id: "int64",
  flag: "boolean",
  small: "int16",
  big: "int64",
  exact: "decimal",
  near: "float64",
  said: "text",
  doc: "json",
  raw: "bytes",
  day: "date",
  at: "timestamp",
};
const SCHEMA: readonly Column[] = Object.entries(COLUMNS).map(([name, type]) => ({
  ...{ name, type, nullable: name !== "id", key: name === "id" },
}));

const PIECES = [
  ...["", " ", "a", "\\", "\\N", "\t", "\n", "\r\n", '"', "'", "`", "$1", "{rows}", ";--"],
  ...["é", "e\u0301", "漢", "👩‍👩‍👧", "\u0001", "\u007f", "\u2028", "\ufeff", "NULL", "\\."],
];

/** Numbers that look random and are the same each time: Numerical Recipes' linear congruential ones. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

interface NastyRow {
  /** As it stands in NDJSON. */
  readonly json: string;
  /** As it is read. */
  readonly read: (string | null)[];
}

/** Rows with every kind of value that all databases can keep, and nulls among them. */
function nastyRows(): NastyRow[] {
  const next = chance(20261129);
  const digits = (count: number) => Array.from({ length: count }, () => next(10)).join("");
  const two = (below: number) => String(next(below) + 1).padStart(2, "0");
  return Array.from({ length: ROWS }, (_, id) => {
    const said = Array.from({ length: next(6) }, () => PIECES[next(PIECES.length)]).join("");
    const exact = `${next(2) ? "-" : ""}${1 + next(9)}${digits(next(18))}.${digits(next(8))}${
      1 + next(9)
    }`;
    const near = (next(2) ? -1 : 1) * (1 + next(2 ** 31)) * 10 ** (next(600) - 300);
    const doc = [said, next(1000), null, { k: said }];
    const raw = Array.from({ length: next(20) }, () => next(256).toString(16).padStart(2, "0"))
      .join("");
    const day = `${1800 + next(400)}-${two(12)}-${two(28)}`;
    const at = `${day}T${two(23)}:${two(58)}:${two(58)}.${digits(5)}${1 + next(9)}`;
    const big = String(BigInt.asIntN(64, BigInt(next(2 ** 32)) << 32n | BigInt(next(2 ** 32))));
    const small = String(next(65_536) - 32_768);
    const cells: [json: string, read: string][] = [
      [next(2) ? "true" : "false", ""],
      ...[[small, small], [big, big], [exact, exact], [String(near), String(near)]] as [
        string,
        string,
      ][],
      [JSON.stringify(said), said],
      [JSON.stringify(doc), JSON.stringify(doc)],
      ...[[`"\\\\x${raw}"`, raw], [`"${day}"`, day], [`"${at}"`, at]] as [string, string][],
    ];
    const kept = cells.map(([json, read], i): [string, string | null] =>
      next(9) === 0 ? ["null", null] : [json, i === 0 ? json : read]
    );
    const names = Object.keys(COLUMNS).slice(1);
    const members = kept.map(([json], i) => `"${names[i]}":${json}`);
    return {
      json: `{"id":${id},${members.join(",")}}`,
      read: [String(id), ...kept.map(([, r]) => r)],
    };
  });
}

const NASTY = nastyRows();

/** Of each column, how many rows differ, and the first of them. */
function differences(found: readonly (string | null)[][]): Record<string, Value> {
  const expected = sorted(NASTY.map(({ read }) => read));
  return Object.fromEntries(
    Object.keys(COLUMNS).map((name, column): [string, Value] => {
      const wrong = expected.filter((row, i) => !same(found[i]?.[column], row[column]!, name));
      const [first] = wrong;
      if (!first) return [name, "as it was sent"];
      const other = found[expected.indexOf(first)]?.[column];
      return [
        name,
        `${wrong.length} differ: ${JSON.stringify(other)} for ${JSON.stringify(first[column])}`,
      ];
    }),
  );
}

/** JSON is the same whatever blanks stand in it. */
function same(found: string | null | undefined, expected: string | null, column: string): boolean {
  if (column !== "doc" || !found || !expected) return found === expected;
  return JSON.stringify(JSON.parse(found)) === expected;
}

/** One nasty set of rows, which is the same in every database that it is loaded into. */
export const SAME_ROWS_HOLD: readonly Experiment[] = WRITE_MODES.map((mode) => ({
  group: "the same rows everywhere",
  way: mode,
  modes: [mode],
  expected: Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, "as it was sent"])),
  async run(trial) {
    const said = await trial.load({
      ...{ mode, schema: SCHEMA, batchRowsMax: BATCH, lines: NASTY.map(({ json }) => json) },
      ...(mode === "upsert" ? { key: ["id"] } : {}),
    });
    if (said !== `${ROWS} committed`) throw new Error(said);
    return differences(await trial.rows(COLUMNS));
  },
}));
