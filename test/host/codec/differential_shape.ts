/** Shapes: 1 to 200 columns of every type, under names that are hard to tell apart. */
import type { Column } from "../../../src/model/batch.ts";
import { BYTES_FORMS } from "../../../src/model/bytes_form.ts";
import { COLUMN_TYPES, type ColumnType } from "../../../src/model/column_type.ts";
import type { Random } from "./differential_random.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyz_";
/** Names that need escapes, mean something to JavaScript, or are not ASCII. */
const ODD_NAMES = [
  ...[
    "",
    'q"uote',
    "back\\slash",
    "line\nend",
    "tab\t",
    "nul\u0000",
    "\u001f",
    "\u007f",
    "größe",
    "😀",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "a b",
    " ",
    "a,b",
    "a;b",
    "\ufeff",
    "\u2028",
    "é",
    "e\u0301",
  ],
  ...[
    "\\u0061",
    "null",
    "{",
    "}",
    ":",
    "日本語の列",
    "\ud7ff",
    "\u0080",
    "a\u0000",
    "ä".repeat(31),
  ],
];

/** Columns with names of one family, so that their keys are prefixes of one another or collide. */
export function columnsOfShape(r: Random): Column[] {
  const count = r.chance(0.1) ? r.between(1, 200) : r.between(1, r.pick([1, 4, 13, 24]));
  const names = namesOf(r, count);
  const types = typesOf(r);
  const nullable = r.pick([1, 1, 1, 0.9, 0]);
  const inferred = r.pick([0, 0.5, 1]);
  return names.map((name) => {
    const key = nullable < 1 && r.chance(0.03);
    return {
      name,
      type: r.pick(types),
      nullable: !key && r.chance(nullable),
      key,
      inferred: r.chance(inferred),
      ...(r.chance(0.8) ? { bytes: r.pick(BYTES_FORMS) } : {}),
    };
  });
}

/** The types that the columns of one shape have: often all, sometimes only a few. */
function typesOf(r: Random): readonly ColumnType[] {
  return r.chance(0.6) ? COLUMN_TYPES : Array.from({ length: 3 }, () => r.pick(COLUMN_TYPES));
}

function namesOf(r: Random, count: number): string[] {
  const family = r.below(7);
  const stem = r.letters(LETTERS, r.pick([3, 7, 8, 9, 15, 16, 17, 31, 32, 33]));
  const names = new Set<string>();
  for (let tries = 0; names.size < count; tries++) names.add(name(r, family, stem, tries));
  return [...names];
}

function name(r: Random, family: number, stem: string, index: number): string {
  switch (family) {
    case 0:
      return `c${index}`;
    case 1:
      return stem + String.fromCodePoint(0x41 + index % 26) + (index < 26 ? "" : index);
    case 2:
      return "a".repeat(index + 1);
    case 3:
      return index < 200 && r.chance(0.6)
        ? r.pick(ODD_NAMES)
        : r.letters(LETTERS, r.between(1, 20));
    case 4:
      // Alike but in the middle: also where a hash looks at both ends alone.
      return `${stem}${String(index).padStart(3, "0")}${stem}`;
    case 5:
      return r.letters("ab", r.between(1, 6)) + (index < 50 ? "" : index);
    default:
      return r.letters(LETTERS, r.between(1, 24)) + (index < 200 ? "" : index);
  }
}

/** A name that is nearly a column's, and mostly no column. */
export function nearlyName(r: Random, names: readonly string[]): string {
  const near = r.pick(names);
  switch (r.below(6)) {
    case 0:
      return near.slice(0, -1);
    case 1:
      return near + r.pick(["", "a", "\u0000", '"', " ", "1"]);
    case 2:
      return near.toUpperCase();
    case 3:
      return near.slice(0, -1) + r.letters(LETTERS, 1);
    case 4:
      return near + near;
    default:
      return r.chance(0.1)
        ? r.letters(LETTERS, 120) + "\u00e9\ud800"
        : r.letters(LETTERS, r.below(30));
  }
}
