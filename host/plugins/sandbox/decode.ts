/**
 * Reads a WebAssembly module as far as it is judged and rewritten before it runs. Section layout: Core
 * Specification 2.0, chapter 5.5. It comes before the engine sees the bytes, so nothing is taken for
 * granted: every count is held to its limit, sections stand in their order, and what is not known is
 * refused. What is let in is still to be validated: indexes are not checked here.
 */
import { LIMITS } from "../../../src/model/limits.ts";
import { ByteReader, malformed, refuse } from "./byte_reader.ts";
import { without } from "./compiler_flag.ts";
import { readInstruction, referenceType, valueType } from "./instruction.ts";

/** A function type, printed as `(i64, i32) -> (i32)`. */
export type Signature = string;

/** A function type. */
export interface FunctionType {
  readonly signature: Signature;
  /** How many of each there are. */
  readonly parameters: number;
  readonly results: number;
}

/** An import as the module asks for it. */
export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: Kind;
  /** Of functions only. */
  readonly signature?: Signature;
}

/** An export of the module. */
export interface ModuleExport {
  readonly name: string;
  readonly kind: Kind;
  /** Of functions only. */
  readonly signature?: Signature;
}

/** What imports and exports are. */
export type Kind = typeof KINDS[number];

/** The size of a memory or a table. */
export interface Extent {
  readonly minimum: number;
  readonly maximum?: number;
}

/** What is known of a module before it runs. */
export interface DecodedModule {
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  /** Function types, by their numbers. */
  readonly types: readonly FunctionType[];
  /** The type of each function, by its number: imported ones, then those that it defines. */
  readonly functions: readonly FunctionType[];
  /** The bodies of those that it defines, from their locals to their last instruction. */
  readonly bodies: readonly ByteReader[];
  /** Globals that it defines; it can import none. */
  readonly globals: number;
  /** Bytes of the element type, and the size of each table. */
  readonly tables: readonly { readonly type: number; readonly extent: Extent }[];
  /** The number of the function that runs first, where there is one. */
  readonly start: number | undefined;
  /** Its memory, in pages; it can have one. */
  readonly memory: Extent | undefined;
  /** What its sections hold, by their numbers; those of no meaning are left out. */
  readonly sections: ReadonlyMap<number, Uint8Array>;
}

const KINDS = ["function", "table", "memory", "global", "tag"] as const;

/** Numbers of the sections. */
export const SECTION = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  dataCount: 12,
  code: 10,
  data: 11,
} as const;

/** What exceptions are made of; no plugin has it. */
const TAG_SECTION = 13;

/** The order in which they stand. */
export const SECTION_ORDER: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 10, 11];

/** Bytes before the first section: the word and the version. */
export const MAGIC: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Decodes a module. @throws {DecodeError} on what is beyond the limits or unknown */
export function decodeModule(bytes: Uint8Array): DecodedModule {
  const sections = readSections(bytes);
  const of = (id: number) => {
    const content = sections.get(id);
    return new ByteReader(content ?? EMPTY_VECTOR);
  };
  const read = <T>(id: number, countMax: number, what: string, item: (r: ByteReader) => T): T[] => {
    const reader = of(id);
    const items = reader.list(countMax, what, () => item(reader));
    if (!reader.done) malformed(`bytes behind its ${what}`);
    return items;
  };
  const types = read(SECTION.type, LIMITS.typesMax, "types", readType);
  const imported: FunctionType[] = [];
  const imports = read(SECTION.import, LIMITS.importsMax, "imports", (r) => {
    return readImport(r, types, imported);
  });
  const defined = read(SECTION.function, LIMITS.functionsMax, "functions", (r) => typeAt(types, r));
  const tables = read(SECTION.table, LIMITS.tablesMax, "tables", readTable);
  const [memory] = read(SECTION.memory, 1, "memories", readMemory);
  const globals = read(SECTION.global, LIMITS.globalsMax, "globals", readGlobal).length;
  const functions = [...imported, ...defined];
  const exports = read(SECTION.export, LIMITS.exportsMax, "exports", (r) => {
    return readExport(r, functions);
  });
  let elements = 0;
  read(SECTION.element, LIMITS.segmentsMax, "element segments", (r) => {
    elements += readElements(r, LIMITS.elementsMax - elements);
  });
  read(SECTION.data, LIMITS.segmentsMax, "data segments", readData);
  const bodies = read(SECTION.code, LIMITS.functionsMax, "function bodies", readBody);
  if (bodies.length !== defined.length) {
    malformed(`${defined.length} functions and ${bodies.length} bodies`);
  }
  return {
    imports,
    exports,
    types,
    functions,
    bodies,
    globals,
    tables,
    start: sections.has(SECTION.start) ? of(SECTION.start).u32() : undefined,
    memory,
    sections,
  };
}

const EMPTY_VECTOR = Uint8Array.of(0);

function readSections(bytes: Uint8Array): Map<number, Uint8Array> {
  const sections = new Map<number, Uint8Array>();
  const reader = new ByteReader(bytes, MAGIC.length);
  let last = -1;
  while (!reader.done) {
    const id = reader.byte();
    const { at, end } = reader.slice(reader.u32());
    if (id === SECTION.custom) continue;
    const place = SECTION_ORDER.indexOf(id);
    if (place < 0) {
      const tags = id === TAG_SECTION ? `, of tags: ${without("exceptions")}` : "";
      refuse(`an unknown section ${id}${tags}`);
    }
    if (place <= last) malformed(`section ${id} twice or out of order`);
    last = place;
    sections.set(id, bytes.subarray(at, end));
  }
  return sections;
}

function readType(reader: ByteReader): FunctionType {
  const form = reader.byte();
  if (form !== 0x60) {
    const way = without("garbage collection");
    refuse(`a type of form 0x${form.toString(16)}, only functions are read: ${way}`);
  }
  const parameters = reader.list(LIMITS.parametersMax, "parameters", () => valueType(reader));
  const results = reader.list(LIMITS.parametersMax, "results", () => valueType(reader));
  return {
    signature: signature(parameters, results),
    parameters: parameters.length,
    results: results.length,
  };
}

/** Prints a function type. */
export function signature(parameters: readonly string[], results: readonly string[]): Signature {
  return `(${parameters.join(", ")}) -> (${results.join(", ")})`;
}

function typeAt(types: readonly FunctionType[], reader: ByteReader): FunctionType {
  const index = reader.u32();
  return types[index] ?? malformed(`a function of type ${index}, there are ${types.length}`);
}

/** Adds the type of an imported function to those that there are. */
function readImport(
  reader: ByteReader,
  types: readonly FunctionType[],
  imported: FunctionType[],
): ModuleImport {
  const module = reader.name();
  const name = reader.name();
  const kind = KINDS[reader.byte()] ?? refuse("an import of unknown kind");
  switch (kind) {
    case "function": {
      const type = typeAt(types, reader);
      imported.push(type);
      return { module, name, kind, signature: type.signature };
    }
    case "table":
      referenceType(reader);
      readExtent(reader);
      break;
    case "memory":
      readExtent(reader);
      break;
    case "global":
      valueType(reader);
      reader.byte();
      break;
    case "tag":
      reader.byte();
      reader.u32();
      break;
  }
  return { module, name, kind };
}

function readTable(reader: ByteReader): DecodedModule["tables"][number] {
  const type = reader.bytes[reader.at] ?? 0;
  referenceType(reader);
  const extent = readExtent(reader);
  if (extent.minimum > LIMITS.tableElementsMax) {
    refuse(`a table of ${extent.minimum} elements, at most ${LIMITS.tableElementsMax}`);
  }
  return { type, extent };
}

function readMemory(reader: ByteReader): Extent {
  const extent = readExtent(reader);
  if (extent.minimum > LIMITS.guestPagesMax) {
    refuse(`a memory of ${extent.minimum} pages, at most ${LIMITS.guestPagesMax}`);
  }
  return extent;
}

function readExtent(reader: ByteReader): Extent {
  const flags = reader.byte();
  if (flags > 1) {
    const feature = (flags & 4) !== 0 ? "64-bit memory" : "threads";
    refuse(`a shared or 64-bit memory or table: ${without(feature)}`);
  }
  const minimum = reader.u32();
  return flags === 0 ? { minimum } : { minimum, maximum: reader.u32() };
}

function readGlobal(reader: ByteReader): void {
  valueType(reader);
  reader.byte();
  readConstant(reader);
}

/** A constant expression: instructions up to their end. */
function readConstant(reader: ByteReader): void {
  while (readInstruction(reader).kind !== "end");
}

function readExport(reader: ByteReader, functions: readonly FunctionType[]): ModuleExport {
  const name = reader.name();
  const kind = KINDS[reader.byte()] ?? refuse("an export of unknown kind");
  const index = reader.u32();
  const signature = functions[index]?.signature ?? "?";
  return kind === "function" ? { name, kind, signature } : { name, kind };
}

/** Bits of an element segment's first number: passive or declared, of a table that is named, of expressions. */
const ELEMENTS = { passive: 1, named: 2, expressions: 4 } as const;

/** How many elements a segment has; each is set again in every instance, 60 ns. */
function readElements(reader: ByteReader, countMax: number): number {
  const flags = reader.u32();
  if (flags > 7) refuse(`an element segment of unknown form ${flags}`);
  const active = (flags & ELEMENTS.passive) === 0;
  if (active) {
    if (flags & ELEMENTS.named) reader.u32();
    readConstant(reader);
  }
  const expressions = (flags & ELEMENTS.expressions) !== 0;
  if (flags & (ELEMENTS.passive | ELEMENTS.named)) {
    if (expressions) referenceType(reader);
    else reader.byte();
  }
  const count = reader.u32();
  if (count > countMax) refuse(`more than ${LIMITS.elementsMax} elements in its segments`);
  for (let left = count; left > 0; left--) {
    if (expressions) readConstant(reader);
    else reader.u32();
  }
  return count;
}

function readData(reader: ByteReader): void {
  const form = reader.u32();
  if (form > 2) refuse(`a data segment of unknown form ${form}`);
  if (form === 2) reader.u32();
  if (form !== 1) readConstant(reader);
  reader.skip(reader.u32());
}

function readBody(reader: ByteReader): ByteReader {
  const size = reader.u32();
  if (size > LIMITS.functionBodyBytesMax) {
    refuse(`a function body of ${size} bytes, at most ${LIMITS.functionBodyBytesMax}`);
  }
  return reader.slice(size);
}
