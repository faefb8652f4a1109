/** Names that mean more than themselves to whoever does not quote them well. */
import type { Shape } from "../../src/model/batch.ts";
import type { Random } from "../crash/random.ts";

const NAMES: readonly string[] = [
  ...[
    '"',
    '""',
    '"; DROP TABLE x; --',
    `'; DELETE FROM y; --`,
    "a;b",
    "--",
    "/*",
    "*/",
    "\\",
    '\\"',
  ],
  ...[
    "{table}",
    "{col:0}",
    "{rows}",
    "}{",
    "{",
    "}",
    "$1",
    "$$",
    "?",
    "?1",
    ":x",
    "@y",
    "`",
    "[a]",
  ],
  ...[
    "select",
    "ROWID",
    "a b",
    " ",
    "\t",
    "\n",
    "\r\n",
    "é",
    "ü ñ",
    "😀",
    "\u202e",
    "\u2028",
    "\ufeff",
  ],
  ...["%s", "%I", "E'", 'U&"', 'x" AS SELECT 1; --', "ı", "ſ", "0", "1e5", "a.b", 'a"."b', ","],
];

/** The same shape with other names; no two columns have the same. */
export function hostileShape(shape: Shape, random: Random): Shape {
  const start = random.below(NAMES.length);
  const columns = shape.columns.map((column, i) => {
    const name = NAMES[(start + i) % NAMES.length]!;
    return { ...column, name: i < NAMES.length ? name : `${name}${i}` };
  });
  return { ...shape, columns, table: { name: random.oneOf(NAMES) } };
}

/** A name for a schema. */
export function hostileName(random: Random): string {
  return random.oneOf(NAMES);
}
