/**
 * Cells as DuckDB is to keep them: it rounds a number to the digits that its column has behind the
 * point, and cuts the fraction of a time, without a word. Rows in which that would befall a digit that
 * is none of the zeros at the end are rejected, and so are texts for nested types, which it reads by
 * rules of its own.
 */
import type { Shape } from "../../../src/model/batch.ts";
import type { Place } from "../sql/host_tables.ts";
import { type KeptColumn, Unkept } from "../sql/kept_cells.ts";
import { readColumns } from "./catalog.ts";
import { DUCKDB_WORDS, isNested } from "./names_and_types.ts";
import type { DuckSession } from "./session.ts";

/** Digits behind the point of a type, by how it begins. */
const DIGITS: readonly (readonly [RegExp, number])[] = [
  [/^(UBIGINT|U?HUGEINT|BIGNUM|TIMESTAMP_S)$/, 0],
  [/^TIMESTAMP_MS$/, 3],
  [/^TIME(STAMP)?( WITH TIME ZONE)?$/, 6],
];

/** The columns of a load that do not keep every value that the codec lets pass. @throws {SessionError} */
export async function keptColumns(
  session: DuckSession,
  { columns }: Shape,
  place: Place,
): Promise<readonly KeptColumn[]> {
  const { foldCase } = DUCKDB_WORDS;
  const declared = new Map(
    (await readColumns(session, place)).map((each) => [foldCase(each.name), each.declared]),
  );
  return columns.flatMap(({ name }, index) => {
    const type = declared.get(foldCase(name)) ?? "";
    const unkept = (message: string) => new Unkept({ code: "range", message, column: name });
    if (isNested(type)) {
      const nested = unkept(
        `Values are not loaded into columns of type ${
          type.slice(0, 100)
        }: load them into one of type ` +
          "JSON, from which DuckDB makes it by a cast",
      );
      return [{ index, keep: () => nested }];
    }
    const [, scale] = /^DECIMAL\(\d+,(\d+)\)$/.exec(type) ?? [];
    const digits = scale === undefined
      ? DIGITS.find(([pattern]) => pattern.test(type))?.[1]
      : Number(scale);
    if (digits === undefined) return [];
    const longer = unkept(
      `The value has more digits behind the point than the column, of type ${type}, keeps`,
    );
    return [{
      index,
      keep: (cell) => typeof cell === "string" && digitsOf(cell) > digits ? longer : cell,
    }];
  });
}

/** Digits behind the point of a number or a time, but for zeros at the end. */
function digitsOf(text: string): number {
  const fraction = /\.(\d*)/.exec(text)?.[1] ?? "";
  const exponent = Number(/e([+-]?\d+)$/i.exec(text)?.[1] ?? 0);
  if (exponent === 0) return fraction.replace(/0+$/, "").length;
  const digits = text.replace(/e.*$/i, "").replace(/\D/g, "");
  const zeros = digits.length - digits.replace(/0+$/, "").length;
  return zeros === digits.length ? 0 : fraction.length - zeros - exponent;
}
