import * as v from "valibot";
import { type Shape, WRITE_MODES } from "./batch.ts";
import { COLUMN_TYPES } from "./column_type.ts";
import { LIMITS } from "./limits.ts";

const Name = v.pipe(v.string(), v.minLength(1));

/** What a question must be; see {@linkcode PlanQuestion}. */
export const PlanQuestionSchema: v.GenericSchema<unknown, PlanQuestion> = v.strictObject({
  plugin: v.strictObject({
    name: v.string(),
    sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "Expected a SHA-256 in hex")),
  }),
  settings: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
  shape: v.strictObject({
    table: v.strictObject({ schema: v.exactOptional(Name), name: Name }),
    columns: v.pipe(
      v.array(v.strictObject({
        name: Name,
        type: v.picklist(COLUMN_TYPES),
        nullable: v.boolean(),
        key: v.boolean(),
      })),
      v.minLength(1),
      v.maxLength(LIMITS.columnsMax),
      v.readonly(),
    ),
    mode: v.picklist(WRITE_MODES),
  }),
});

/**
 * What a plugin was asked for a plan with. A plan is a function of it, so it can be asked again,
 * without a database and without the rows.
 */
export interface PlanQuestion {
  /** Which plugin, by its own name and the hash of its bytes. */
  readonly plugin: { readonly name: string; readonly sha256: string };
  /** The plugin's settings; those that are secrets it never sees. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Table, columns and mode. */
  readonly shape: Shape;
}
