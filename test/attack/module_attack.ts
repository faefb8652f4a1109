/** What hostile modules are made of. */
import { ByteWriter } from "../../host/plugins/sandbox/byte_writer.ts";
import { MAGIC, SECTION_ORDER } from "../../host/plugins/sandbox/decode.ts";
import { assemble, type Features, type SamplePlugin, samplePlugin } from "../support/wasm_text.ts";

/** Texts of {@linkcode pluginThat}, by their numbers in `$text`. */
const TEXTS = ["SELECT 1", "INSERT INTO {table} ({columns}) VALUES {rows}", "({values})"];

/** Plans as an honest plugin does; leaves nothing on the stack. */
export const PLAN = "(call $sql_insert (call $text (i32.const 2)) (call $text (i32.const 3)) " +
  "(i32.const 10))";

/** Judges its database as an honest plugin does; leaves nothing on the stack. */
export const PROBE = "(call $sql_health (call $text (i32.const 1)))";

/** A plugin that works, but for what is changed: texts begin at number 4. */
export function pluginThat(change: SamplePlugin): Uint8Array<ArrayBuffer> {
  return samplePlugin({
    ...change,
    capabilities: [
      ...["sql_health", "sql_insert", "sql_prepare", "batch_mode"] as const,
      ...change.capabilities ?? [],
    ],
    texts: [...TEXTS, ...change.texts ?? []],
    exports: {
      health_check: `${PROBE} (i32.const 0)`,
      write_batch: `${PLAN} (i32.const 0)`,
      ...change.exports,
    },
  });
}

/** A plugin that does something as it plans, and plans well for all that. */
export function pluginThatDoes(body: string, change: SamplePlugin = {}): Uint8Array<ArrayBuffer> {
  return pluginThat({
    ...change,
    exports: { write_batch: `${body} ${PLAN} (i32.const 0)`, ...change.exports },
  });
}

/** Types of a function that is called. */
export interface CalledSignature {
  readonly params?: readonly string[];
  readonly results?: readonly string[];
}

/** A plugin that imports a function and calls it with zeros as it plans. */
export function pluginThatCalls(
  module: string,
  name: string,
  { params = [], results = [] }: CalledSignature = {},
): Uint8Array<ArrayBuffer> {
  const signature = `(param ${params.join(" ")}) (result ${results.join(" ")})`;
  const call = `(call $asked ${params.map((type) => `(${type}.const 0)`).join(" ")})`;
  return pluginThatDoes(results.length > 0 ? `(drop ${call})` : call, {
    imports: [`(import "${module}" "${name}" (func $asked ${signature}))`],
  });
}

/** A module with nothing but these fields, in text. */
export function moduleWith(fields: string, features: Features = {}): Uint8Array<ArrayBuffer> {
  return assemble(`(module ${fields})`, features);
}

/** A section: its number and what it holds. */
export type Section = readonly [id: number, content: ArrayLike<number>];

/** A module of these sections, as they stand. */
export function moduleOf(...sections: readonly Section[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(1024).raw(MAGIC);
  for (const [id, content] of sections) out.raw([id]).sized(Uint8Array.from(content));
  return out.take();
}

/** So many equal items, one behind the other. */
export function repeated(count: number, item: ArrayLike<number>): Uint8Array {
  const out = new ByteWriter(count * item.length);
  for (let i = 0; i < count; i++) out.raw(item);
  return out.take();
}

/** A vector of so many equal items. */
export function vectorOf(count: number, item: ArrayLike<number>): Uint8Array {
  const items = repeated(count, item);
  return new ByteWriter(items.length + 5).u32(count).raw(items).take();
}

/** Pieces of a module, one behind the other. */
export function joined(...parts: readonly (ArrayLike<number> | number)[]): Uint8Array {
  const out = new ByteWriter(1024);
  for (const part of parts) typeof part === "number" ? out.byte(part) : out.raw(part);
  return out.take();
}

/** An unsigned number in LEB128. */
export function leb(value: number): Uint8Array {
  return new ByteWriter(5).u32(value).take();
}

/** A number of a constant instruction, not negative, in signed LEB128. */
export function signedLeb(value: number): Uint8Array {
  return new ByteWriter(9).positive(value).take();
}

/** The section that exports the item of that number by the name under which a plugin plans. */
export function exported(index: number, kind = 0, name = "write_batch"): Section {
  return [7, new ByteWriter(32).u32(1).name(name).raw([kind]).u32(index).take()];
}

/**
 * A module of one function without parameters, which is called as it is asked for a plan, and whose body
 * has these bytes; more sections beside it.
 */
export function functionOf(
  body: ArrayLike<number>,
  ...more: readonly Section[]
): Uint8Array<ArrayBuffer> {
  const own: Section[] = [
    [1, [1, 0x60, 0, 0]],
    [3, [1, 0]],
    exported(0),
    [10, joined(1, bodyOf(body))],
  ];
  const given = new Set(more.map(([id]) => id));
  const all = [...own.filter(([id]) => !given.has(id)), ...more];
  return moduleOf(
    ...all.sort(([a], [b]) => SECTION_ORDER.indexOf(a) - SECTION_ORDER.indexOf(b)),
  );
}

/** A function's body as it stands in its section. */
export function bodyOf(body: ArrayLike<number>): Uint8Array {
  return new ByteWriter(body.length + 5).sized(Uint8Array.from(body)).take();
}
