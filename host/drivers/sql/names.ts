/** The names that a plan's slots are filled with, and which names are refused. */
import type { Shape, TableName } from "../../../src/model/batch.ts";
import { LoadError } from "../../../src/model/errors.ts";
import {
  checkNames,
  HOST_NAME_PREFIX,
  parseTemplate,
  renderTemplate,
  type SlotNames,
} from "../../../src/plan_policy/slot.ts";
import type { HostTables } from "./host_tables.ts";
import { sha256Now } from "../../platform/sha256.ts";
import { qualified, type SqlWords } from "./words.ts";

/** The staging table's name; it is a temporary one of the session. */
export const STAGING_NAME = `${HOST_NAME_PREFIX}staging`;

/** The name of staging's column for the row's ordinal. */
export const ORDINAL_NAME = `${HOST_NAME_PREFIX}ordinal`;

/** The staging table of a session. */
export function stagingTable(words: SqlWords): string {
  return qualified(words, words.temporarySchema, STAGING_NAME);
}

/**
 * The name of the table that one replace is loaded into, beside the target in its schema: the same for
 * every spelling that the database takes for the same table.
 */
export function asideName(words: SqlWords, table: string, loadId: string): string {
  const hash = sha256Now(words.foldCase(table)).slice(0, 12);
  return `${HOST_NAME_PREFIX}aside_${hash}_${loadId.slice(0, 8)}`;
}

/** The statement that removes it. */
export function dropAside({ words, place, table }: HostTables, loadId: string): string {
  const name = qualified(words, place.schema, asideName(words, table.name, loadId));
  return `DROP TABLE IF EXISTS ${name}`;
}

/**
 * What slots are filled with. Tables carry the schema that is given, so that neither a search path nor
 * a temporary table decides which one is meant.
 */
export function slotNames(
  words: SqlWords,
  { table, columns }: Shape,
  { schema, loadId }: { readonly schema: string | undefined; readonly loadId: string },
): SlotNames {
  return {
    table: qualified(words, schema, table.name),
    tableName: words.quote(table.name),
    staging: stagingTable(words),
    aside: qualified(words, schema, asideName(words, table.name, loadId)),
    ordinal: words.quote(ORDINAL_NAME),
    columns: columns.map(({ name }) => words.quote(name)),
    keys: columns.filter(({ key }) => key).map(({ name }) => words.quote(name)),
  };
}

/** A statement of a plan with its slots filled. @throws {LoadError} `plan_refused` */
export function render(sql: string, names: SlotNames): string {
  return renderTemplate(parseTemplate(sql, names.columns.length), names);
}

/** Refuses names that the database cuts, or takes for the same. @throws {LoadError} `name_refused` */
export function checkShape(words: SqlWords, { table, columns }: Shape): void {
  checkNames(table, columns.map(({ name }) => name), words.identifierBytesMax);
  checkFaults(words, "Table", [table.name]);
  checkFaults(words, "Schema", table.schema === undefined ? [] : [table.schema]);
  checkFaults(words, "Column", columns.map(({ name }) => name));
  const seen = new Map<string, string>();
  for (const { name } of columns) {
    const twin = seen.get(words.foldCase(name));
    if (twin !== undefined) {
      throw new LoadError(
        `Columns ${JSON.stringify(twin)} and ${JSON.stringify(name)} are the same to the ` +
          "database, which ignores upper and lower case",
        { code: "name_refused", blame: "config" },
      );
    }
    seen.set(words.foldCase(name), name);
  }
}

/** Refuses the name of a table that the database can have no table of. @throws {LoadError} */
export function checkTableName(words: SqlWords, { name }: TableName): void {
  checkFaults(words, "Table", [name]);
}

/** Refuses the name of a source that is too long for the key of its loads. @throws {LoadError} */
export function checkSource({ keyCharactersMax = Infinity }: SqlWords, source: string): void {
  const characters = [...source].length;
  if (characters <= keyCharactersMax) return;
  throw new LoadError(
    `The source's name is ${characters} characters long, and the ledger of this database keeps ` +
      `${keyCharactersMax}: give the load a shorter one, as by --load NAME`,
    { code: "name_refused", blame: "config" },
  );
}

function checkFaults(words: SqlWords, what: string, names: readonly string[]): void {
  for (const name of names) {
    const fault = words.nameFault?.(name);
    if (fault === undefined) continue;
    throw new LoadError(`${what} name ${fault}: ${JSON.stringify(name.slice(0, 100))}`, {
      code: "name_refused",
      blame: "config",
    });
  }
}
