/**
 * The compiled codec: reads and compiles the module once, and makes instances of it. A module can be
 * posted to a worker, which then shares the machine code: each lane would else compile and optimise
 * it once more, 60 ms of CPU.
 */
import { LoadError, messageOf, permissionError } from "../../src/model/errors.ts";

/** Where `deno task build` puts the module, seen from here and from the bundled program alike. */
const MODULE_URL = new URL("../codec/dist/codec.wasm", import.meta.url);

/** An exported global that holds an address. */
interface Address {
  readonly value: number;
}

/** What the module offers; see `assembly/index.ts`. Addresses are numbers in exported globals. */
export interface CodecExports {
  readonly memory: WebAssembly.Memory;
  readonly columnsAt: Address;
  readonly keysAt: Address;
  readonly formatAt: Address;
  readonly offsetsAt: Address;
  /** What the hash is where each record that was taken begins: 16 bits each. */
  readonly marksAt: Address;
  readonly inputAt: Address;
  readonly outputAt: Address;
  readonly outputEnd: Address;
  /** Where the output that was written last ends. */
  readonly outputTo: Address;
  /** Why encoding stopped last: see {@linkcode STOP}. */
  readonly stopReason: { readonly value: number };
  /** Makes room; 0 if there is no memory. */
  lay(
    columns: number,
    keyBytes: number,
    slots: number,
    formatBytes: number,
    rows: number,
    inputBytes: number,
    outputBytes: number,
  ): number;
  /** Takes up the table of columns; cells of text are to be UTF-8, where that is said. */
  openBatch(isCsv: boolean, slots: number, nul: boolean, nan: boolean, utf8: boolean): void;
  /** Takes up the records in the input. */
  openSlice(bytes: number): void;
  /** Encodes rows of the slice; the row at which it stopped. */
  encode(format: number, first: number, last: number, ordinal: number): number;
  /** The same from an address on, up to another; it stops too once it is behind `enough`. */
  encodeTo(
    format: number,
    first: number,
    last: number,
    ordinal: number,
    out: number,
    enough: number,
    end: number,
  ): number;
  /** Takes whole records, `takenRows` of them; where they end. See `assembly/lines.ts`. */
  takeRecords(
    from: number,
    to: number,
    rowsMax: number,
    bytesMax: number,
    isLast: boolean,
    lineEnd: number,
  ): number;
  readonly takenRows: { readonly value: number };
  /** Takes up the records that were taken. */
  openTaken(from: number, to: number): void;
  /** Puts back what stood behind them. */
  closeTaken(): void;
  /** Begins the hash of the bytes from an address on. */
  hashFrom(at: number): void;
  /** Moves bytes that are not used yet; see `assembly/xxh64.ts`. */
  carry(from: number, end: number, base: number): number;
  /** Hashes the records that were taken, and marks where they begin. */
  hashTaken(rows: number, end: number): void;
  /** The hash, hashed as far as that. */
  hashTo(end: number): bigint;
  /** Prepares the cells of rows of the slice, as many as there is room for; the row behind them. */
  readCells(first: number, last: number): number;
  /** The text of one cell; as large as the input. */
  readonly scratchAt: Address;
  /** Where an image's row of cells stands that others have read. */
  readonly rowTagsAt: Address;
  readonly rowValuesAt: Address;
  readonly rowTextAt: Address;
  /** Pages of an image that are yet to be taken. */
  readonly pagesAt: Address;
  readonly pagesTo: Address;
  /** Why an image's rows stopped last: see {@linkcode STOP}. */
  readonly imageStop: { readonly value: number };
  /** Begins an image. */
  openImage(pageBytes: number, wholeAsInteger: boolean): void;
  /** Makes room for rows and pages of an image, whose pages were taken. */
  layImage(): void;
  /** Adds rows of the slice, whose first has the number `number`; the row at which it stopped. */
  imageRows(first: number, last: number, number: number): number;
  /** Adds the row that was written to its place; 0 where it cannot be. */
  imageRow(number: number, textBytes: number): number;
  /** Says that the pages so far were taken. */
  takePages(): void;
  /** Writes the last pages, the root as the very last; how many pages the image has. */
  closeImage(): number;
}

/** Why encoding stopped. */
export const STOP = { done: 0, unsure: 1, full: 2 } as const;

/** Modules that this thread has compiled, by their URLs. */
const compiled = new Map<string, Promise<WebAssembly.Module>>();

/**
 * A new instance, with a memory of its own; of the module that `deno task build` makes by default.
 *
 * @throws {LoadError} `codec_unreadable` if the module is not there or is none
 */
export async function instantiateCodec(url: URL = MODULE_URL): Promise<CodecExports> {
  return await instanceOf(await compiledCodec(url));
}

/** A new instance of a compiled module, with a memory of its own. */
export async function instanceOf(module: WebAssembly.Module): Promise<CodecExports> {
  const instance = await WebAssembly.instantiate(module, {});
  return instance.exports as unknown as CodecExports;
}

/**
 * The module, read and compiled once a thread; the one that `deno task build` makes by default.
 *
 * @throws {LoadError} `codec_unreadable` if the module is not there or is none
 */
export async function compiledCodec(url: URL = MODULE_URL): Promise<WebAssembly.Module> {
  const module = compiled.get(url.href) ?? compile(url);
  compiled.set(url.href, module);
  try {
    return await module;
  } catch (error) {
    compiled.delete(url.href);
    const denied = permissionError(error);
    if (denied) throw denied;
    const why = error instanceof Deno.errors.NotFound ? "it is not there" : messageOf(error);
    throw new LoadError(`Codec cannot be read, ${why}: ${url}. Build it with deno task build`, {
      code: "codec_unreadable",
      blame: "host",
      cause: error,
    });
  }
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(await readModule(url));
}

async function readModule(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  if (url.protocol === "file:") return await Deno.readFile(url);
  const response = await fetch(url);
  if (response.ok) return await response.bytes();
  await response.body?.cancel();
  throw new Error(`the server answers ${response.status}`);
}
