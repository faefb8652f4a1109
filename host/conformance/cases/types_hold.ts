import { type Column, WRITE_MODES, type WriteMode } from "../../../src/model/batch.ts";
import type { Value } from "../../drivers/family_conformance.ts";
import type { Experiment } from "../experiment.ts";
import type { Columns } from "../read_value.ts";
import type { LoadSpec, Trial } from "../trial.ts";
import type { MadeType } from "../../drivers/conformance_words.ts";
import { NONE, TYPE_EDGES, type TypeEdge } from "./type_edge.ts";

/** One row: a value in the column of its type, null in all others. */
interface EdgeRow {
  readonly name: string;
  readonly type: MadeType;
  readonly edge: TypeEdge;
}

const TYPES = Object.keys(TYPE_EDGES) as MadeType[];
const ALL: readonly EdgeRow[] = TYPES.flatMap((type) =>
  TYPE_EDGES[type].map((edge) => ({ name: `${type}: ${edge.name}`, type, edge }))
);
const SCHEMA: readonly Column[] = [
  { name: "id", type: "int32", nullable: false, key: true },
  ...TYPES.map((type) => ({ name: `v_${type}`, type, nullable: true, key: false })),
];
const COLUMNS: Columns = {
  id: "int32",
  ...Object.fromEntries(TYPES.map((type) => [`v_${type}`, type])),
};

/** What the rows are written as in one format, and which of them can be. */
interface Format {
  readonly name: string;
  /** The value's text or itself; {@linkcode NONE} where it has no such form. */
  form(edge: TypeEdge): unknown;
  load(rows: readonly EdgeRow[], form: (row: EdgeRow) => unknown): LoadSpec;
}

const others = (type: MadeType) => TYPES.filter((other) => other !== type);

const NDJSON: Format = {
  name: "NDJSON",
  form: ({ json }) => json ?? NONE,
  load: (rows, form) => ({
    lines: rows.map((row, id) => {
      const nulls = others(row.type).map((type) => `"v_${type}":null`);
      return `{"id":${id},"v_${row.type}":${form(row)},${nulls.join(",")}}`;
    }),
  }),
};

const CSV: Format = {
  name: "CSV",
  form: ({ json, csv }) =>
    csv !== undefined
      ? csv ?? NONE
      : json === undefined
      ? NONE
      : json === "null"
      ? ""
      : fieldOf(json),
  load: (rows, form) => ({
    csv: [
      ["id", ...TYPES.map((type) => `v_${type}`)].join(","),
      ...rows.map((row, id) =>
        [id, ...TYPES.map((type) => type === row.type ? form(row) : "")].join(",")
      ),
    ],
  }),
};

const ROWS: Format = {
  name: "rows()",
  form: ({ json, value }) =>
    value !== undefined ? value : json === undefined ? NONE : JSON.parse(json),
  load: (rows, form) => ({
    rows: rows.map((row, id) => ({
      id,
      ...Object.fromEntries(
        TYPES.map((type) => [`v_${type}`, type === row.type ? form(row) : null]),
      ),
    })),
  }),
};

/** The field of CSV that means the same. */
function fieldOf(json: string): string {
  const text = json.startsWith('"') ? JSON.parse(json) as string : json;
  return `"${text.replaceAll('"', '""')}"`;
}

async function found(
  trial: Trial,
  { format, mode, rows }: { format: Format; mode: WriteMode; rows: readonly EdgeRow[] },
): Promise<Record<string, Value>> {
  const said = await trial.load({
    ...format.load(rows, ({ edge }) => format.form(edge)),
    ...{ mode, schema: SCHEMA, rejectsMax: rows.length },
    ...(mode === "upsert" ? { key: ["id"] } : {}),
  });
  if (!/^\d+ committed(, \d+ rejected: [^;]*)?$/.test(said)) throw new Error(said);
  const { textOf, quote } = trial.words;
  const name = trial.table().toLowerCase();
  const refused = await trial.read(
    `SELECT ${textOf("r.ordinal")} AS c0, r.code AS c1 FROM ${quote("_snakepipe_reject")} r ` +
      `JOIN ${quote("_snakepipe_load")} l ON l.id = r.load_id WHERE l.table_name LIKE '%${name}'`,
  );
  const codes = new Map(refused.map(([ordinal, code]) => [Number(ordinal), code!]));
  const read = new Map((await trial.rows(COLUMNS)).map(([id, ...values]) => [Number(id), values]));
  return Object.fromEntries(rows.map(({ name, type }, id): [string, Value] => {
    const code = codes.get(id);
    const values = read.get(id);
    if (code !== undefined) return [name, { refused: code }];
    return [name, values ? { read: values[TYPES.indexOf(type)]! } : "is not there"];
  }));
}

/**
 * The edges of every type, by every mode and from every format: what goes in comes back, or is
 * refused. CSV and `rows()` are tried by one mode, since modes know no format.
 */
export const TYPES_HOLD: readonly Experiment[] = [
  ...WRITE_MODES.map((mode) => [NDJSON, mode] as const),
  ...[[CSV, "append"], [ROWS, "append"]] as const,
].map(([format, mode]) => {
  const rows = ALL.filter(({ edge }) => format.form(edge) !== NONE);
  return {
    group: "types",
    way: `${mode}, ${format.name}`,
    modes: [mode],
    expected: Object.fromEntries(rows.map(({ name, edge }) => [name, edge.is])),
    run: (trial) => found(trial, { format, mode, rows }),
  };
});
