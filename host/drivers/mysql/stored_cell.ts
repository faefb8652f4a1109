/**
 * Cells as MySQL is to keep them. It takes times without an offset alone, and there are values that it
 * changes without a warning: those are rejected.
 */
import type { Shape } from "../../../src/model/batch.ts";
import type { Cell } from "../../codec/codec.ts";
import { type KeptColumn, Unkept } from "../sql/kept_cells.ts";
import { foldCase } from "./names_and_types.ts";
import type { CatalogColumn } from "./live_table.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The columns whose cells are not kept as they come, by what the catalogue says of the table. */
export function storedColumns(
  { columns }: Shape,
  catalog: readonly CatalogColumn[],
): KeptColumn[] {
  const found = new Map(catalog.map((column) => [foldCase(column.name), column]));
  return columns.flatMap(({ name, type }, index) => {
    const column = found.get(foldCase(name));
    const keep = column && keeper(type, column);
    if (!keep) return [];
    const unkept = new Unkept({
      code: "range",
      message: `The value would be changed by the column, of type ${column.columnType}: it keeps ` +
        "fewer digits, another length or other values",
      column: name,
    });
    return [{ index, keep: (cell) => keep(cell) ?? unkept }];
  });
}

/** What a column keeps of a cell; undefined where that is another value. */
type Keep = (cell: Cell) => Cell | undefined;

function keeper(type: string, column: CatalogColumn): Keep | undefined {
  const { dataType, columnType, fraction } = column;
  const text = (keep: (text: string) => string | undefined): Keep => (cell) =>
    typeof cell === "string" ? keep(cell) : cell;
  switch (dataType) {
    case "time":
    case "datetime":
    case "timestamp":
      return text((time) => keptTime(type === "timestamptz" ? inUtc(time) : time, fraction));
    // It is stored with zeros at its end.
    case "binary": {
      const length = Number(/\d+/.exec(columnType)?.[0] ?? 1);
      return (cell) => !(cell instanceof Uint8Array) || cell.length === length ? cell : undefined;
    }
    // 24 becomes 2024.
    case "year":
      return text((year) => /^\d{4}$/.test(year) ? year : undefined);
    // A number that is none of the values is the place of one.
    case "enum":
    case "set": {
      const values = new Set(columnType.match(/'(?:[^']|'')*'/g)?.map((v) => v.slice(1, -1)));
      return text((value) => /^\s*[+-]?\d/.test(value) && !values.has(value) ? undefined : value);
    }
    case "char":
      return type === "uuid" ? text((uuid) => uuid.toLowerCase()) : undefined;
    default:
      return undefined;
  }
}

/** Digits of a fraction that the column lacks are cut without a word: they have to be zeros. */
function keptTime(time: string | undefined, fraction: number): string | undefined {
  if (time === undefined) return undefined;
  const [whole, digits = ""] = time.replace("T", " ").split(".");
  if (/[1-9]/.test(digits.slice(fraction))) return undefined;
  const kept = digits.slice(0, fraction);
  return kept === "" ? whole : `${whole}.${kept}`;
}

/** An instant as date and time in UTC; undefined where that is before year 1 or behind 9999. */
function inUtc(instant: string): string | undefined {
  const [, date, clock, sign, hours = "0", minutes = "0"] =
    /^(\d{4}-\d\d-\d\d)[T ]([\d:.]+?)(?:Z|([+-])(\d\d):?(\d\d)?)$/.exec(instant)!;
  const [time, fraction] = clock!.split(".");
  const behind = (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS) * (sign === "-" ? 1 : -1);
  const seconds = time!.length === 5 ? `${time}:00` : time;
  const utc = new Date(Date.parse(`${date}T${seconds}Z`) + behind).toISOString();
  if (!/^\d{4}-/.test(utc) || utc.startsWith("0000")) return undefined;
  return utc.slice(0, 19).replace("T", " ") + (fraction === undefined ? "" : `.${fraction}`);
}
