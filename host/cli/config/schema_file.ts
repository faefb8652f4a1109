/** The file of `--schema`: the columns of a table that is new. */
import * as v from "valibot";
import type { Column } from "../../../src/model/batch.ts";
import { BYTES_FORMS } from "../../../src/model/bytes_form.ts";
import { COLUMN_TYPES } from "../../../src/model/column_type.ts";
import { parse } from "../../../src/config/parse.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { readJsonFile } from "./json_file.ts";

const SchemaFile = v.strictObject({
  columns: v.pipe(
    v.array(v.strictObject({
      name: v.pipe(v.string(), v.minLength(1, "Expected a name, not an empty one")),
      type: v.picklist(COLUMN_TYPES),
      nullable: v.optional(v.boolean(), true),
      bytes: v.exactOptional(v.picklist(BYTES_FORMS)),
    })),
    v.minLength(1, "Expected at least one column"),
    v.maxLength(LIMITS.columnsMax, `Expected at most ${LIMITS.columnsMax} columns`),
    v.check(
      (columns) => new Set(columns.map((c) => c.name)).size === columns.length,
      "Expected each column once",
    ),
  ),
});

/**
 * Reads columns: `{ "columns": [{ "name": "id", "type": "int64", "nullable": false }] }`. A column
 * takes NULL unless it says otherwise, and one of bytes says how they are written, as in
 * `"bytes": "base64"`; which of them are the key, the load says.
 *
 * @throws {LoadError} `config_invalid` with every failing path
 */
export async function readSchemaFile(file: string): Promise<readonly Column[]> {
  const json = await readJsonFile(file, "config_invalid");
  if (json === undefined) {
    throw new LoadError(`No such schema file: ${file}`, {
      code: "config_invalid",
      blame: "config",
    });
  }
  const { columns } = parse(SchemaFile, json, {
    what: file,
    code: "config_invalid",
    blame: "config",
  });
  return columns.map((column) => ({ ...column, key: false }));
}
