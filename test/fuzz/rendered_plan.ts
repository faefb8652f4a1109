/**
 * What becomes of a plan that was accepted, once its slots are filled with hostile names as the drivers
 * fill them: each statement still reads as the one that was accepted.
 */
import type { Plan } from "../../src/plugin_api/plan.ts";
import type { Shape } from "../../src/model/batch.ts";
import { parseTemplate, type Slot, type SlotNames } from "../../src/plan_policy/slot.ts";
import { tokensOf } from "../../src/plan_policy/token.ts";
import { insertText } from "../../host/drivers/sql/insert_text.ts";
import { render, slotNames } from "../../host/drivers/sql/names.ts";
import { plansOf } from "../families/plan_families.ts";
import type { Random } from "../crash/random.ts";
import { hostileName, hostileShape } from "./hostile_name.ts";
import type { Family } from "./family.ts";
import { readSql, type SqlToken } from "./sql_reading.ts";

/** Rows of the INSERT that is looked at. */
const ROWS = 2;
const LOAD_ID = "0123456789abcdef";

/** What slots stand for, as the driver quotes it and as it is. */
interface Filling {
  readonly family: Family;
  readonly shape: Shape;
  readonly schema: string | undefined;
  readonly names: SlotNames;
  readonly row: string;
}

/** What is wrong with the statements of a plan as they go out; nothing is the rule. */
export function renderedFaults(
  plan: Plan,
  { shape, family, random }: {
    readonly shape: Shape;
    readonly family: Family;
    readonly random: Random;
  },
): string[] {
  const hostile = hostileShape(shape, random);
  const schema = plansOf(family).inSchemas ? hostileName(random) : undefined;
  const names = slotNames(plansOf(family).words, hostile, { schema, loadId: LOAD_ID });
  const filling = { family, shape: hostile, schema, names, row: plan.write.row };
  const { create, prepare, stage, merge, finish } = plan;
  const faults = [...create, ...prepare, ...stage, ...merge, ...finish].flatMap((sql) => {
    return faultOf(sql, { text: render(sql, names), filling });
  });
  const bulk = plansOf(family).bulkInsert?.(plan.write, hostile);
  return [
    ...faults,
    ...faultOf(plan.write.sql, { text: writeText(plan, filling), filling }),
    ...bulk === undefined ? [] : faultOf(bulk, { text: render(bulk, names), filling }),
  ];
}

function writeText({ write }: Plan, { family, names }: Filling): string {
  return insertText(plansOf(family).words, { ...write, rowsMax: ROWS }, names).text(ROWS);
}

function faultOf(
  sql: string,
  { text, filling }: { readonly text: string; readonly filling: Filling },
): string[] {
  const read = readSql(text);
  const found = typeof read === "string" ? read : JSON.stringify(read);
  const expected = JSON.stringify(expectedOf(sql, filling));
  return found === expected
    ? []
    : [`rendered ${JSON.stringify(sql)} as ${JSON.stringify(text)}: ${found} for ${expected}`];
}

/** The tokens of a template with its slots filled by what is meant. */
function expectedOf(sql: string, filling: Filling): SqlToken[] | string {
  const tokens = tokensOf(parseTemplate(sql, filling.shape.columns.length));
  if (typeof tokens === "string") return tokens;
  return tokens.flatMap((token): SqlToken[] => {
    switch (token.kind) {
      case "word":
      case "sign":
        return [[token.kind, token.text]];
      case "number":
        return [["number", String(token.value)]];
      case "slot":
        return meant(token.slot, filling);
    }
  });
}

function meant(slot: Slot, filling: Filling): SqlToken[] {
  const { shape, schema, names, row } = filling;
  const name = (text: string): SqlToken => ["name", text];
  const keys = shape.columns.filter(({ key }) => key);
  switch (slot.kind) {
    case "table":
      return schema === undefined
        ? [name(shape.table.name)]
        : [name(schema), ["sign", "."], name(shape.table.name)];
    case "table_name":
      return [name(shape.table.name)];
    case "columns":
      return listed(shape.columns.map((column) => [name(column.name)]));
    case "keys":
      return listed(keys.map((column) => [name(column.name)]));
    case "col":
      return [name(shape.columns[slot.column]!.name)];
    case "value":
      return [["parameter", ""]];
    case "values":
      return listed(shape.columns.map(() => [["parameter", ""]]));
    case "rows":
      return listed(Array.from({ length: ROWS }, () => rowOf(row, filling)));
    case "staging":
    case "aside":
    case "ordinal":
      return ownName(names[slot.kind]);
  }
}

/** A row of parameters: its ordinal is one of them, and no name. */
function rowOf(row: string, filling: Filling): SqlToken[] {
  const parameters = row.replaceAll("{ordinal}", "{value:0}");
  return expectedOf(parameters, filling) as SqlToken[];
}

/** A name that the host has made by itself: names alone, with dots in between. */
function ownName(quoted: string): SqlToken[] {
  const read = readSql(quoted);
  const plain = typeof read !== "string" &&
    read.every(([kind, text], i) => i % 2 === 0 ? kind === "name" : text === ".");
  return plain ? read : [["word", `no name: ${quoted}`]];
}

function listed(items: readonly SqlToken[][]): SqlToken[] {
  return items.flatMap((item, i): SqlToken[] => i === 0 ? item : [["sign", ","], ...item]);
}
