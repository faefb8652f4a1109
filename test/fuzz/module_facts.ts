import { ByteReader } from "../../host/plugins/sandbox/byte_reader.ts";
import { SECTION } from "../../host/plugins/sandbox/decode.ts";
import type { Part } from "./wasm_parts.ts";

/** Parameters and results, by the bytes of their types. */
export interface FunctionType {
  readonly parameters: readonly number[];
  readonly results: readonly number[];
}

/** What code that is put into a module has to know of it, so that the module stays in order. */
export interface ModuleFacts {
  readonly types: readonly FunctionType[];
  /** Of each function, those that are imported first, the number of its type. */
  readonly functions: readonly number[];
  /** How many of them are imported. */
  readonly imported: number;
  readonly globals: readonly { readonly type: number; readonly mutable: boolean }[];
  /** Of each table the type of its elements. */
  readonly tables: readonly number[];
  readonly memory: boolean;
  /** Segments of data that instructions can name. */
  readonly data: number;
  readonly elements: number;
}

/** Looks at a module that is in order. */
export function factsOf(parts: readonly Part[]): ModuleFacts {
  const items = (id: number) => parts.find((part) => part.id === id)?.items ?? [];
  const imports = items(SECTION.import).map(importType);
  return {
    types: items(SECTION.type).map(functionType),
    functions: [...imports, ...items(SECTION.function).map((item) => new ByteReader(item).u32())],
    imported: imports.length,
    globals: items(SECTION.global).map(([type, mutable]) => ({
      type: type!,
      mutable: mutable === 1,
    })),
    tables: items(SECTION.table).map(([type]) => type!),
    memory: items(SECTION.memory).length > 0,
    data: items(SECTION.dataCount).length > 0 ? items(SECTION.data).length : 0,
    elements: items(SECTION.element).length,
  };
}

function importType(item: Uint8Array): number {
  const reader = new ByteReader(item);
  reader.name();
  reader.name();
  reader.byte();
  return reader.u32();
}

function functionType(item: Uint8Array): FunctionType {
  const reader = new ByteReader(item, 1);
  const types = () => reader.list(item.length, "types", () => reader.byte());
  return { parameters: types(), results: types() };
}
