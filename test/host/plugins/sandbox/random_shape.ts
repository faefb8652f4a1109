/** Shapes and settings out of a seed, of every width, type, key and mode that a plugin may be asked about. */
import { type Column, type Shape, WRITE_MODES } from "../../../../src/model/batch.ts";
import { COLUMN_TYPES } from "../../../../src/model/column_type.ts";
import type {
  Config,
  ConfigField,
  ConfigSchema,
  ConfigValue,
} from "../../../../src/model/config_schema.ts";
import { LIMITS } from "../../../../src/model/limits.ts";
import type { Random } from "../../codec/differential_random.ts";
import { columnsOfShape } from "../../codec/differential_shape.ts";

/** How often a shape is as wide as shapes can be. */
const WIDEST = 0.001;

/** A shape; the number makes its table one that no other has. */
export function randomShape(r: Random, number: number): Shape {
  const keys = r.pick([0, 0.2, 0.2, 0.7, 1]);
  const columns = withKeys(r, r.chance(WIDEST) ? widest(r) : columnsOfShape(r), keys);
  const schema = r.chance(0.2) ? { schema: r.pick(["public", 's"chema', "größe"]) } : {};
  return {
    table: { ...schema, name: `${r.pick(["t", 'ta"ble', "{table}", "größe", ""])}${number}` },
    columns,
    mode: r.pick(WRITE_MODES),
  };
}

/** A key column is never nullable. */
function withKeys(r: Random, columns: readonly Column[], share: number): Column[] {
  return columns.map((column) =>
    r.chance(share) ? { ...column, key: true, nullable: false } : { ...column, key: false }
  );
}

function widest(r: Random): Column[] {
  return Array.from({ length: LIMITS.columnsMax }, (_, i) => ({
    name: `c${i}`,
    type: r.pick(COLUMN_TYPES),
    nullable: r.chance(0.5),
    key: false,
  }));
}

/** Settings that a plugin's manifest lets through. */
export function randomSettings(r: Random, { properties }: ConfigSchema): Config {
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, randomValue(r, field)]),
  );
}

function randomValue(r: Random, field: ConfigField): ConfigValue {
  switch (field.type) {
    case "string":
      return field.enum ? r.pick(field.enum) : r.letters("abc", r.below(20));
    case "integer":
    case "number":
      return r.between(field.minimum ?? 0, field.maximum ?? 1_000_000);
    case "boolean":
      return r.chance(0.5);
  }
}
