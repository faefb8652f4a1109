/** What a hostile module is, and what modules are made of. */
import type { ErrorCode } from "../../src/model/errors.ts";
import { ByteWriter } from "../../host/plugins/sandbox/byte_writer.ts";
import { MAGIC } from "../../host/plugins/sandbox/decode.ts";
import { assemble, type Features, type SamplePlugin, samplePlugin } from "../support/wasm_text.ts";

/** One module that an operator might drop into the folder of plugins. */
export interface ModuleAttack {
  /** The file. */
  readonly bytes: () => Uint8Array;
  /**
   * Where it is stopped: as the folder is read, as a backend of it is created, as rows are loaded, as
   * its health is asked; `nowhere` if what it tries is denied and it works for all that.
   */
  readonly stopped: "folder" | "connect" | "load" | "health" | "nowhere";
  /** The error's code; none where it is stopped nowhere. */
  readonly code?: ErrorCode;
  /** Words that the reason has in it. */
  readonly says?: string;
}

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

/** A module with nothing but these fields, in text. */
export function moduleWith(fields: string, features: Features = {}): Uint8Array<ArrayBuffer> {
  return assemble(`(module ${fields})`, features);
}

/** A module of these sections, each with its number and what it holds. */
export function moduleOf(
  ...sections: readonly (readonly [id: number, content: ArrayLike<number>])[]
): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(1024).raw(MAGIC);
  for (const [id, content] of sections) out.raw([id]).sized(Uint8Array.from(content));
  return out.take();
}

/** So many equal items, one behind the other. */
export function repeated(count: number, item: readonly number[]): Uint8Array {
  const out = new ByteWriter(count * item.length);
  for (let i = 0; i < count; i++) out.raw(item);
  return out.take();
}

/** A vector of so many equal items. */
export function vectorOf(count: number, item: readonly number[]): Uint8Array {
  const items = repeated(count, item);
  return new ByteWriter(items.length + 5).u32(count).raw(items).take();
}

/** A module of one function without parameters, whose body has these bytes. */
export function functionOf(
  body: ArrayLike<number>,
  ...before: readonly (readonly [id: number, content: ArrayLike<number>])[]
): Uint8Array<ArrayBuffer> {
  return moduleOf([1, [1, 0x60, 0, 0]], [3, [1, 0]], ...before, [10, [1, ...bodyOf(body)]]);
}

/** A function's body as it stands in its section. */
export function bodyOf(body: ArrayLike<number>): Uint8Array {
  return new ByteWriter(body.length + 5).sized(Uint8Array.from(body)).take();
}
