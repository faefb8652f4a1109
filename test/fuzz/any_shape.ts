/** Shapes at random, small ones: what is planned for many columns is planned for a few. */
import { type Column, type Shape, WRITE_MODES } from "../../src/model/batch.ts";
import { COLUMN_TYPES } from "../../src/model/column_type.ts";
import type { Random } from "../crash/random.ts";

/** Columns at random; an upsert has a key. */
export function anyShape(random: Random): Shape {
  const mode = random.oneOf(WRITE_MODES);
  const columns = Array.from({ length: 1 + random.below(6) }, (_, i): Column => {
    const key = random.below(3) === 0 || (mode === "upsert" && i === 0);
    return { name: `c${i}`, type: random.oneOf(COLUMN_TYPES), nullable: !key, key };
  });
  return { table: { name: "t" }, columns, mode };
}
