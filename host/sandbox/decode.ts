/**
 * Reads as much of a WebAssembly module as is needed to judge it before it runs: types, imports,
 * functions, exports. Section layout: WebAssembly Core Specification 2.0, chapter 5 (binary format).
 * It comes before the engine sees the bytes, so nothing is taken for granted: every count is held to
 * its limit, and bytes that are no module are an error like what is beyond the limits.
 */
import { LIMITS } from "../../src/limits.ts";

/** A function type, printed as `(i64, i32) -> (i32)`. */
export type Signature = string;

/** An import as the module asks for it. */
export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: "function" | "table" | "memory" | "global" | "tag";
  /** Of functions only. */
  readonly signature?: Signature;
}

/** An export of the module. */
export interface ModuleExport {
  readonly name: string;
  readonly kind: "function" | "table" | "memory" | "global" | "tag";
  /** Of functions only. */
  readonly signature?: Signature;
}

/** What is known of a module before it runs. */
export interface DecodedModule {
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  /** Functions that it defines. */
  readonly functionCount: number;
}

/** A module that is outside of what this decoder reads; the message says what it met. */
export class DecodeError extends Error {}

const VALUE_TYPES: Readonly<Record<number, string>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
  0x70: "funcref",
  0x6f: "externref",
};
const KINDS = ["function", "table", "memory", "global", "tag"] as const;
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;

/** Decodes a module. @throws {DecodeError} on what is beyond the limits or unknown. */
export function decodeModule(bytes: Uint8Array): DecodedModule {
  const reader = new Reader(bytes, 8);
  let types: Signature[] = [];
  let imports: ModuleImport[] = [];
  let defined: number[] = [];
  let rawExports: { name: string; kind: number; index: number }[] = [];
  while (!reader.done) {
    const id = reader.byte();
    const body = reader.slice(reader.u32());
    switch (id) {
      case SECTION.type:
        types = body.list(LIMITS.typesMax, "types", () => readType(body));
        break;
      case SECTION.import:
        imports = body.list(LIMITS.importsMax, "imports", () => readImport(body, types));
        break;
      case SECTION.function:
        defined = body.list(LIMITS.functionsMax, "functions", () => body.u32());
        break;
      case SECTION.export:
        rawExports = body.list(LIMITS.exportsMax, "exports", () => ({
          name: body.name(),
          kind: body.byte(),
          index: body.u32(),
        }));
        break;
      case SECTION.code:
        body.list(LIMITS.functionsMax, "function bodies", () => {
          const size = body.u32();
          if (size > LIMITS.functionBodyBytesMax) {
            throw new DecodeError(
              `a function body of ${size} bytes, at most ${LIMITS.functionBodyBytesMax}`,
            );
          }
          body.skip(size);
        });
        break;
      default:
        break;
    }
  }
  const signatures = [
    ...imports.filter((i) => i.kind === "function").map((i) => i.signature!),
    ...defined.map((index) => types[index] ?? "?"),
  ];
  const exports = rawExports.map(({ name, kind, index }): ModuleExport => {
    const word = KINDS[kind] ?? fail(`an export of unknown kind ${kind}`);
    return word === "function"
      ? { name, kind: word, signature: signatures[index] ?? "?" }
      : { name, kind: word };
  });
  return { imports, exports, functionCount: defined.length };
}

function readType(body: Reader): Signature {
  const form = body.byte();
  if (form !== 0x60) {
    throw new DecodeError(`a type of form 0x${form.toString(16)}, only functions are read`);
  }
  const params = body.list(1_000, "parameters", () => valueType(body));
  const results = body.list(1_000, "results", () => valueType(body));
  return signature(params, results);
}

/** Prints a function type. */
export function signature(params: readonly string[], results: readonly string[]): Signature {
  return `(${params.join(", ")}) -> (${results.join(", ")})`;
}

function valueType(body: Reader): string {
  const code = body.byte();
  return VALUE_TYPES[code] ?? fail(`a value of unknown type 0x${code.toString(16)}`);
}

function readImport(body: Reader, types: readonly Signature[]): ModuleImport {
  const module = body.name();
  const name = body.name();
  const kind = KINDS[body.byte()] ?? fail("an import of unknown kind");
  switch (kind) {
    case "function":
      return { module, name, kind, signature: types[body.u32()] ?? "?" };
    case "table":
      body.byte();
      readLimits(body);
      break;
    case "memory":
      readLimits(body);
      break;
    case "global":
      body.byte();
      body.byte();
      break;
    case "tag":
      body.byte();
      body.u32();
      break;
  }
  return { module, name, kind };
}

function readLimits(body: Reader): void {
  const flags = body.byte();
  if (flags > 1) throw new DecodeError("a shared or 64-bit memory or table");
  body.u32();
  if (flags === 1) body.u32();
}

function fail(what: string): never {
  throw new DecodeError(what);
}

const NAME_DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? fail("an end in the middle");
  }

  /** Unsigned LEB128, 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return fail("a number longer than 32 bits");
  }

  slice(length: number): Reader {
    const start = this.#at;
    this.skip(length);
    return new Reader(this.#bytes.subarray(start, this.#at));
  }

  skip(length: number): void {
    if (this.#at + length > this.#bytes.length) fail("an end in the middle");
    this.#at += length;
  }

  name(): string {
    const length = this.u32();
    if (length > 512) fail(`a name of ${length} bytes`);
    const start = this.#at;
    this.skip(length);
    try {
      return NAME_DECODER.decode(this.#bytes.subarray(start, this.#at));
    } catch {
      return fail("a name that is not UTF-8");
    }
  }

  list<T>(countMax: number, what: string, read: () => T): T[] {
    const count = this.u32();
    if (count > countMax) fail(`${count} ${what}, at most ${countMax}`);
    const items: T[] = [];
    for (let i = 0; i < count; i++) items.push(read());
    return items;
  }
}
