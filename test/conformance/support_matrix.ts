/**
 * The table of the README that says what each database does: a row for some cases of the conformance
 * suite, a column for each database, a footnote for each quirk. The suite holds the quirks to be true.
 *
 * `deno task matrix` writes it.
 */
import { fromFileUrl } from "@std/path";
import {
  type CaseName,
  conformanceCases,
  type FamilyConformance,
  type Quirk,
} from "../../host/conformance/conformance.ts";
import { quirkOf } from "../../host/conformance/run_suite.ts";
import { DRIVER_FAMILIES } from "../../host/drivers/load_driver.ts";
import { familyOf } from "../families/families.ts";

const README = fromFileUrl(new URL("../../README.md", import.meta.url));
const [BEGIN, END] = ["<!-- matrix: deno task matrix -->\n", "<!-- end of matrix -->"];

/** What is supported, in words, and the labels of the cases that show it; a case counts for the first. */
const ROWS: readonly (readonly [what: string, labels: RegExp])[] = [
  ["append, upsert, replace; stopped loads go on", /^(shapes|resume)/],
  ["integers to 64 bits, booleans", /^types: (int|boolean)/],
  ["exact decimals", /^types: decimal/],
  ["floats, with NaN and infinities", /^types: float/],
  ["U+0000 in texts", /^types: text: U\+0000/],
  ["every other text, as it was sent", /^types: text/],
  ["JSON, bytes", /^types: (json|bytes)/],
  ["dates and times without a zone", /^types: (date|time|timestamp):/],
  ["instants, UUIDs", /^types: /],
  ["U+0000 left out, escaped or rejected", /^U\+0000/],
  ["one nasty set of rows, the same everywhere", /^the same rows everywhere/],
  ["upsert: the last row of a key wins", /^keys: (of equal|a number|a key|a table|texts are)/],
  ["upsert: keys that a collation takes for equal", /^keys: keys that are equal/],
  ["upsert: another unique key is not overwritten", /^keys: an upsert that would/],
  ["upsert by a unique index; refused without one", /^keys: /],
  ["absent fields, defaults", /^absent fields/],
  ["generated columns", /^own columns: a column that the table computes/],
  ["identity columns", /^own columns/],
  ["rows that rules refuse are left out one by one", /^rules: (exactly|nothing)/],
  ["triggers", /^rules: .*trigger/],
  ["replace of a table that others refer to", /^rules: a replace with/],
  ["foreign keys, both ways", /^rules/],
  ["names of any letters, long and reserved ones", /^names: (?!.*differ in case)/],
  ["names that differ in case alone are refused", /^names/],
  ["as many columns as a table can have, or 1,600", /^wide tables/],
];

/** A column: what the suite knows of one database. */
export type MatrixColumn = Pick<FamilyConformance, "database" | "quirks">;

/** Every database that the suite is run on. */
export async function matrixColumns(): Promise<MatrixColumn[]> {
  const columns = await Promise.all(DRIVER_FAMILIES.map(async ({ name, conformance }) => {
    const family = await conformance();
    const { variants = [] } = familyOf(name);
    const others = variants.filter(({ column }) => column);
    return [
      family,
      ...others.map(({ name, quirks }) => ({
        database: name,
        quirks: { ...family.quirks, ...quirks },
      })),
    ];
  }));
  return columns.flat();
}

/** The table and its footnotes. @throws {Error} where a case is in no row */
export function supportMatrix(columns: readonly MatrixColumn[]): string {
  const rows = casesByRow();
  const notes: string[] = [];
  const cellOf = (cases: readonly CaseName[], { quirks }: MatrixColumn): string => {
    const found = cases.map((one) => quirkOf(quirks, one));
    const whys = [...new Set(found.filter((q): q is Quirk => q !== undefined).map((q) => q.why))];
    const numbers = whys.map((why) => notes.indexOf(why) + 1 || notes.push(why));
    const does = found.includes(undefined) ? "yes" : "no";
    return numbers.length === 0 ? does : `${does} <sup>${numbers.join(", ")}</sup>`;
  };
  const lineOf = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const table = [
    lineOf(["", ...columns.map(({ database }) => database)]),
    lineOf(["---", ...columns.map(() => "---")]),
    ...[...rows].map(([what, cases]) =>
      lineOf([what, ...columns.map((column) => cellOf(cases, column))])
    ),
  ].join("");
  return `${table}\n${notes.map((why, i) => `${i + 1}. ${why}.\n`).join("")}`;
}

function casesByRow(): ReadonlyMap<string, readonly CaseName[]> {
  const rows = new Map<string, CaseName[]>(ROWS.map(([what]) => [what, []]));
  for (const one of conformanceCases()) {
    const row = ROWS.find(([, labels]) => labels.test(`${one.group}: ${one.name}`));
    if (!row) throw new Error(`In no row of the matrix: ${one.group}: ${one.name}`);
    rows.get(row[0])!.push(one);
  }
  return rows;
}

/** The README as it should be. @throws {Error} where it has no place for the table */
export async function readmeWithMatrix(): Promise<
  { readonly is: string; readonly should: string }
> {
  const is = await Deno.readTextFile(README);
  const [from, to] = [is.indexOf(BEGIN) + BEGIN.length, is.indexOf(END)];
  if (from < BEGIN.length || to < from) throw new Error("README.md has no place for the matrix");
  const matrix = supportMatrix(await matrixColumns());
  return { is, should: `${is.slice(0, from)}${matrix}${is.slice(to)}` };
}

if (import.meta.main) {
  await Deno.writeTextFile(README, (await readmeWithMatrix()).should);
}
