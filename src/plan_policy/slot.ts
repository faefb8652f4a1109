/**
 * Slots: the only way in which a plugin's SQL names anything. A template is cut once into text and
 * slots; what a slot is filled with is never read again, so braces in a name mean nothing.
 */
import type { TableName } from "../model/batch.ts";
import { LoadError } from "../model/errors.ts";
import { LIMITS } from "../model/limits.ts";
import { nearWord } from "../model/near_word.ts";

/** A slot of a statement. */
export type Slot =
  | {
    readonly kind:
      | "table"
      | "table_name"
      | "staging"
      | "aside"
      | "columns"
      | "keys"
      | "ordinal"
      | "rows"
      | "values";
  }
  | { readonly kind: "col" | "value"; readonly column: number };

/** A template, cut: strings stand as they are. */
export type Template = readonly (string | Slot)[];

const PLAIN: ReadonlyMap<string, Slot> = new Map(
  ([
    "table",
    "table_name",
    "staging",
    "aside",
    "columns",
    "keys",
    "ordinal",
    "rows",
    "values",
  ] as const).map((kind) => [kind, { kind }]),
);
const KINDS_OF_COLUMNS = ["col", "value"] as const;
const INDEXED = /^(col|value):(0|[1-9][0-9]{0,3})$/;
/** Slots of single columns as they were met: a plan repeats the same ones over and over. */
const indexed = new Map<string, { kind: "col" | "value"; column: number }>();

/**
 * Cuts a statement into text and slots.
 *
 * @throws {LoadError} `plan_refused` on an unknown slot, a lone brace or a column out of range.
 */
export function parseTemplate(text: string, columnCount: number): Template {
  const template: (string | Slot)[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("{", at);
    const literal = open < 0 ? text.slice(at) : text.slice(at, open);
    if (literal.includes("}")) throw refused("a brace that closes nothing", text);
    if (literal !== "") template.push(literal);
    if (open < 0) break;
    const close = text.indexOf("}", open);
    if (close < 0) throw refused("a brace that is not closed", text);
    template.push(parseSlot(text.slice(open + 1, close), columnCount, text));
    at = close + 1;
  }
  return template;
}

function parseSlot(word: string, columnCount: number, text: string): Slot {
  const slot = PLAIN.get(word) ?? indexed.get(word) ?? parseIndexed(word, text);
  if ("column" in slot && slot.column >= columnCount) {
    throw refused(`a slot for column ${slot.column} of ${columnCount}, which count from 0`, text);
  }
  return slot;
}

function parseIndexed(word: string, text: string): Slot {
  const found = INDEXED.exec(word);
  if (!found) throw refused(`an unknown slot {${word.slice(0, 40)}}${meantBy(word)}`, text);
  const slot = { kind: found[1] as "col" | "value", column: Number(found[2]) };
  // Bounded by the pattern: two kinds, 10,000 columns.
  indexed.set(word, slot);
  return slot;
}

/** `, did you mean {table}?` where a slot is near; of one for a column, the column is kept. */
function meantBy(word: string): string {
  const [name = "", column] = word.split(":");
  if (name.length > 20) return "";
  const near = nearWord(name, [...PLAIN.keys(), ...KINDS_OF_COLUMNS]);
  if (near === undefined) return "";
  const isOfColumn = KINDS_OF_COLUMNS.some((kind) => kind === near);
  return `, did you mean {${near}${
    isOfColumn ? `:${/^\d+$/.test(column ?? "") ? column : 0}` : ""
  }}?`;
}

function refused(what: string, text: string): LoadError {
  return new LoadError(`Statement of a plan carries ${what}: ${text.slice(0, 200)}`, {
    code: "plan_refused",
    blame: "plugin",
  });
}

/** What slots are filled with. Everything is quoted by the driver's dialect before it gets here. */
export interface SlotNames {
  /** The target table, with its schema. */
  readonly table: string;
  /** The target table, without its schema. */
  readonly tableName: string;
  /** The connection's own staging table. */
  readonly staging: string;
  /** The table that a replace is loaded into. */
  readonly aside: string;
  /** The column that carries the row's ordinal in staging. */
  readonly ordinal: string;
  /** Every column, in the order of the shape. */
  readonly columns: readonly string[];
  /** The key columns. */
  readonly keys: readonly string[];
}

/** What a row binds: the value of a column, or the row's ordinal. */
export type Bound = number | "ordinal";

/** Placeholder of what a row binds, for `{value:i}`, `{values}` and `{ordinal}`. */
export type Placeholder = (bound: Bound) => string;

/** What the slots of single statements are filled with. */
export interface SlotFilling {
  /** What `{rows}` becomes. */
  readonly rows?: string;
  /** In a row template: what `{value:i}` and `{ordinal}` become, and `{values}` with commas. */
  readonly placeholder?: Placeholder;
}

/**
 * Fills a template.
 *
 * @throws {LoadError} `plan_refused` on a slot that has no meaning where the statement stands.
 */
export function renderTemplate(
  template: Template,
  names: SlotNames,
  options: SlotFilling = {},
): string {
  let text = "";
  for (const piece of template) {
    text += typeof piece === "string" ? piece : fill(piece, names, options);
  }
  return text;
}

function fill(slot: Slot, names: SlotNames, options: SlotFilling): string {
  switch (slot.kind) {
    case "table":
      return names.table;
    case "table_name":
      return names.tableName;
    case "staging":
      return names.staging;
    case "aside":
      return names.aside;
    case "ordinal":
      return options.placeholder?.("ordinal") ?? names.ordinal;
    case "columns":
      return names.columns.join(", ");
    case "keys":
      return names.keys.join(", ");
    case "col":
      return names.columns[slot.column]!;
    case "rows":
      if (options.rows === undefined) throw refused("{rows} outside of an insert", "");
      return options.rows;
    case "value":
      if (!options.placeholder) throw refused("{value:i} outside of a row template", "");
      return options.placeholder(slot.column);
    case "values": {
      const { placeholder } = options;
      if (!placeholder) throw refused("{values} outside of a row template", "");
      return names.columns.map((_, i) => placeholder(i)).join(", ");
    }
  }
}

/** Names that belong to the host: neither tables nor columns of a user may start so. */
export const HOST_NAME_PREFIX = "_snakepipe_";

/**
 * Refuses names that the host keeps for itself or that the database would cut, and too many of them.
 *
 * @throws {LoadError} `name_refused`, `usage`
 */
export function checkNames(
  table: TableName,
  columns: readonly string[],
  identifierBytesMax: number,
): void {
  // A plugin is not to be asked, and then blamed, for a table that no database takes.
  if (columns.length > LIMITS.columnsMax) {
    throw new LoadError(
      `The load has ${columns.length} columns, and a table takes no more than ${LIMITS.columnsMax}: ` +
        "put what varies into one column that holds an object",
      { code: "usage", blame: "config" },
    );
  }
  const encoder = new TextEncoder();
  const named: [string, string][] = [
    ["Table", table.name],
    ...columns.map((c): [string, string] => ["Column", c]),
  ];
  if (table.schema !== undefined) named.push(["Schema", table.schema]);
  for (const [what, name] of named) {
    const bytes = encoder.encode(name).length;
    const fault = name === ""
      ? "is empty"
      : name.includes("\0")
      ? "contains U+0000"
      : !name.isWellFormed()
      ? "is not well-formed text"
      : name.toLowerCase().startsWith(HOST_NAME_PREFIX)
      ? `starts with ${HOST_NAME_PREFIX}, which the loader keeps for its own tables`
      : bytes > identifierBytesMax
      ? `is ${bytes} bytes long, the database takes ${identifierBytesMax}`
      : undefined;
    if (fault) {
      throw new LoadError(`${what} name ${fault}: ${JSON.stringify(name.slice(0, 100))}`, {
        code: "name_refused",
        blame: "config",
      });
    }
  }
}
