/**
 * A module cut into sections, and these into their items, so that one of them can be changed while
 * counts and sizes around it are made again. Only modules in order are cut.
 */
import { ByteReader } from "../../host/plugins/sandbox/byte_reader.ts";
import { ByteWriter } from "../../host/plugins/sandbox/byte_writer.ts";
import { MAGIC, SECTION } from "../../host/plugins/sandbox/decode.ts";
import { readInstruction, valueType } from "../../host/plugins/sandbox/instruction.ts";

/** One section. */
export interface Part {
  readonly id: number;
  /**
   * The items that it counts; of a section that counts nothing, all that it holds. Bodies are without
   * their size.
   */
  items: Uint8Array[];
  /** What is written as the number of its items, where that is not the truth. */
  count?: number;
}

/** Sections that hold something else than a counted list. */
const UNCOUNTED: ReadonlySet<number> = new Set([SECTION.custom, SECTION.start, SECTION.dataCount]);

/** Passes over one item, by the number of its section. */
const PASS: Readonly<Record<number, (reader: ByteReader) => void>> = {
  [SECTION.type]: (reader) => {
    reader.byte();
    passTypes(reader);
    passTypes(reader);
  },
  [SECTION.import]: (reader) => {
    reader.name();
    reader.name();
    if (reader.byte() !== 0) throw new Error("Modules to mutate import functions only");
    reader.u32();
  },
  [SECTION.function]: (reader) => reader.u32(),
  [SECTION.table]: (reader) => {
    reader.byte();
    passExtent(reader);
  },
  [SECTION.memory]: passExtent,
  [SECTION.global]: (reader) => {
    reader.skip(2);
    passConstant(reader);
  },
  [SECTION.export]: (reader) => {
    reader.name();
    reader.byte();
    reader.u32();
  },
  [SECTION.element]: passElements,
  [SECTION.code]: (reader) => reader.skip(reader.u32()),
  [SECTION.data]: (reader) => {
    const form = reader.u32();
    if (form === 2) reader.u32();
    if (form !== 1) passConstant(reader);
    reader.skip(reader.u32());
  },
};

/** Cuts a module that is in order. */
export function cutModule(bytes: Uint8Array): Part[] {
  const parts: Part[] = [];
  const reader = new ByteReader(bytes, MAGIC.length);
  while (!reader.done) {
    const id = reader.byte();
    const section = reader.slice(reader.u32());
    const { at, end } = section;
    parts.push({ id, items: PASS[id] ? cutItems(section, id) : [bytes.slice(at, end)] });
  }
  return parts;
}

function cutItems(section: ByteReader, id: number): Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let left = section.u32(); left > 0; left--) {
    const start = section.at;
    PASS[id]!(section);
    const item = section.bytes.slice(start, section.at);
    items.push(id === SECTION.code ? item.subarray(sizeBytes(item)) : item);
  }
  return items;
}

function sizeBytes(item: Uint8Array): number {
  const reader = new ByteReader(item);
  reader.u32();
  return reader.at;
}

/** Puts the module together again. */
export function joinModule(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(1 << 15).raw(MAGIC);
  for (const part of parts) out.raw([part.id]).sized(contentOf(part));
  return out.take();
}

function contentOf({ id, items, count }: Part): Uint8Array {
  const out = new ByteWriter(items.reduce((sum, { length }) => sum + length + 5, 5));
  if (!UNCOUNTED.has(id)) out.u32(count ?? items.length);
  for (const item of items) id === SECTION.code ? out.sized(item) : out.raw(item);
  return out.take();
}

function passTypes(reader: ByteReader): void {
  for (let left = reader.u32(); left > 0; left--) valueType(reader);
}

function passExtent(reader: ByteReader): void {
  const flags = reader.byte();
  reader.u32();
  if (flags & 1) reader.u32();
}

function passConstant(reader: ByteReader): void {
  while (readInstruction(reader).kind !== "end");
}

function passElements(reader: ByteReader): void {
  const flags = reader.u32();
  const [passive, named, expressions] = [flags & 1, flags & 2, flags & 4];
  if (!passive) {
    if (named) reader.u32();
    passConstant(reader);
  }
  if (flags & 3) reader.byte();
  for (let left = reader.u32(); left > 0; left--) {
    if (expressions) passConstant(reader);
    else reader.u32();
  }
}
