/**
 * Standard input, or a pipe, that several loads read: each all of it, at its own pace.
 *
 * Invariants
 * - What was read and not yet taken by all of them is in memory, `bytesMax` of it at the most, whatever
 *   the number of loads.
 * - A load reads the same bytes as if it were alone.
 * - A load that is further behind than that holds the others up for `waitMsMax` altogether; then it is cut
 *   off: it reads no more, and the others go on.
 * - One that has ended, or was never begun, holds nobody up.
 */
import { LoadError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { realWorld, type World } from "../../src/model/world.ts";
import { STANDARD_INPUT } from "./input.ts";
import { isReadOnce } from "./read_once.ts";
import type { OpenPart, Source, SourcePart } from "./source.ts";

/** How much is kept, and how long is waited. */
export interface TeeOptions {
  /** Bytes that one load may be behind another; `teeBytesMax` by default. */
  readonly bytesMax?: number;
  /** Milliseconds that a load may hold others up in all; `teeWaitMsMax` by default. */
  readonly waitMsMax?: number;
  readonly world?: World;
}

/** What can be read once of a source, for loads of these names. */
export class SourceTee {
  readonly #options: Required<TeeOptions>;
  readonly #readers: Map<string, Reader>;
  /** By their names. */
  readonly #parts = new Map<string, PartTee>();

  /** For loads of these names, all of which are to read it. */
  constructor(names: Iterable<string>, options: TeeOptions = {}) {
    this.#options = {
      bytesMax: LIMITS.teeBytesMax,
      waitMsMax: LIMITS.teeWaitMsMax,
      world: realWorld,
      ...options,
    };
    this.#readers = new Map(
      [...names].map((name) => [name, { heldUpMs: 0, isCutOff: false, hasLeft: false }]),
    );
  }

  /** The source as one of the loads reads it: what can be read once is read by all of them together. */
  sourceOf(name: string, source: Source): Source {
    const parts = () => this.#partsOf(name, source);
    // What a source knows of itself may be known only later.
    return Object.create(source, { parts: { value: parts } });
  }

  /** A load has ended, whichever way; or will not begin. */
  leave(name: string): void {
    const reader = this.#readers.get(name);
    if (!reader) return;
    reader.hasLeft = true;
    for (const part of this.#parts.values()) part.leave(reader);
  }

  async *#partsOf(name: string, source: Source): AsyncGenerator<SourcePart> {
    const reader = this.#readers.get(name)!;
    for await (const part of source.parts()) {
      yield isReadOnce(part.name)
        ? { ...part, open: (signal) => this.#partOf(part).open(reader, signal) }
        : part;
    }
  }

  #partOf(part: SourcePart): PartTee {
    const known = this.#parts.get(part.name);
    if (known) return known;
    const readers = [...this.#readers.values()].filter(({ hasLeft }) => !hasLeft);
    const tee = new PartTee(part, { ...this.#options, readers });
    this.#parts.set(part.name, tee);
    return tee;
  }
}

/** One of the loads. */
interface Reader {
  /** How long others have waited for it, in milliseconds. */
  heldUpMs: number;
  isCutOff: boolean;
  hasLeft: boolean;
}

/** Bytes are read in pieces of that size at the most. */
const PIECE_BYTES = 256 * 1024;

class PartTee {
  readonly #part: SourcePart;
  readonly #options: Required<TeeOptions>;
  /** Where each of them is, in bytes from the start. */
  readonly #positions: Map<Reader, number>;
  /** Where those were that read no more. */
  readonly #left = new Map<Reader, number>();
  readonly #pieces: Piece[] = [];
  readonly #scratch = new Uint8Array(PIECE_BYTES);
  #opened: Promise<OpenPart> | undefined;
  /** Bytes that were read. */
  #length = 0;
  #filling: Promise<void> | undefined;
  #hasEnded = false;
  #failure: unknown;
  #change = Promise.withResolvers<void>();

  constructor(
    part: SourcePart,
    { readers, ...options }: Required<TeeOptions> & { readonly readers: readonly Reader[] },
  ) {
    this.#part = part;
    this.#options = options;
    this.#positions = new Map(readers.map((reader) => [reader, 0]));
  }

  async open(reader: Reader, signal: AbortSignal | undefined): Promise<OpenPart> {
    const opened = await (this.#opened ??= this.#part.open(signal));
    const { format, line, byteOffset } = opened;
    return {
      ...{ format, line, byteOffset },
      read: (into) => this.#read(reader, into),
      bytesRead: () => Math.round(opened.bytesRead() * this.#shareOf(reader)),
      ...(opened.fate ? { fate: () => opened.fate!() } : {}),
      close: () => {
        this.leave(reader);
        return Promise.resolve();
      },
    };
  }

  /** How much of what was read a load has taken, from 0 to 1. */
  #shareOf(reader: Reader): number {
    const position = this.#positions.get(reader) ?? this.#left.get(reader) ?? 0;
    return this.#length === 0 ? 1 : position / this.#length;
  }

  /** It reads no more; the last one closes what is read. */
  leave(reader: Reader): void {
    if (!this.#drop(reader)) return;
    this.#letGo();
    if (this.#positions.size > 0) return;
    this.#hasEnded = true;
    // It may never have been opened; who could not open it knows.
    void this.#opened?.then((opened) => opened.close()).catch(() => {});
  }

  #drop(reader: Reader): boolean {
    const position = this.#positions.get(reader);
    if (position === undefined) return false;
    this.#left.set(reader, position);
    return this.#positions.delete(reader);
  }

  async #read(reader: Reader, into: Uint8Array<ArrayBuffer>): Promise<number | undefined> {
    for (;;) {
      const position = this.#positions.get(reader);
      if (reader.isCutOff) throw cutOff(this.#part.name, this.#options);
      if (position === undefined) return undefined;
      if (position < this.#length) return this.#take(reader, { position, into });
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#hasEnded) return undefined;
      const { promise } = this.#change;
      this.#filling ??= this.#fill().finally(() => {
        this.#filling = undefined;
        this.#changed();
      });
      await promise;
    }
  }

  #take(
    reader: Reader,
    { position, into }: { readonly position: number; readonly into: Uint8Array },
  ): number {
    const piece = this.#pieces.find(({ start, length }) => position < start + length)!;
    const from = position - piece.start;
    const bytes = piece.bytes.subarray(from, Math.min(piece.length, from + into.length));
    into.set(bytes);
    this.#positions.set(reader, position + bytes.length);
    this.#letGo();
    return bytes.length;
  }

  /** Reads on, once there is room for it. Never rejects. */
  async #fill(): Promise<void> {
    try {
      await this.#room();
      const opened = await this.#opened!;
      const { bytesMax } = this.#options;
      const count = this.#hasEnded ? undefined : await opened.read(
        this.#scratch.subarray(0, Math.max(MIN_BYTES, Math.min(PIECE_BYTES, bytesMax))),
      );
      if (count === undefined) this.#hasEnded = true;
      else this.#keep(this.#scratch.subarray(0, count));
    } catch (error) {
      this.#failure = error;
    }
  }

  /** Behind what is there: pieces are full, however little comes at a time. */
  #keep(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      let last = this.#pieces.at(-1);
      if (!last || last.length === last.bytes.length) {
        last = { start: this.#length, bytes: new Uint8Array(PIECE_BYTES), length: 0 };
        this.#pieces.push(last);
      }
      const part = bytes.subarray(at, at + last.bytes.length - last.length);
      last.bytes.set(part, last.length);
      last.length += part.length;
      this.#length += part.length;
      at += part.length;
    }
  }

  /** Resolves once none is so far behind that there is no room, or there is nobody whom that holds up. */
  async #room(): Promise<void> {
    const { world, waitMsMax } = this.#options;
    for (let behind; this.#isHeldUp(behind = this.#farBehind());) {
      const leftMs = waitMsMax - Math.max(...behind.map(({ heldUpMs }) => heldUpMs));
      const started = world.monotonic();
      if (leftMs > 0) {
        const enough = new AbortController();
        const sleep = world.sleep(leftMs, enough.signal).catch(() => {});
        await Promise.race([sleep, this.#change.promise]);
        enough.abort();
      }
      const passedMs = world.monotonic() - started;
      for (const reader of behind) {
        reader.heldUpMs += passedMs;
        if (reader.heldUpMs < waitMsMax || this.#positions.get(reader) === undefined) continue;
        reader.isCutOff = true;
        this.#drop(reader);
      }
      this.#letGo();
    }
  }

  /** Whether there is another one, which waits for those. */
  #isHeldUp(behind: readonly Reader[]): boolean {
    return behind.length > 0 && behind.length < this.#positions.size && !this.#hasEnded;
  }

  #farBehind(): Reader[] {
    return [...this.#positions]
      .filter(([, position]) => this.#length - position >= this.#options.bytesMax)
      .map(([reader]) => reader);
  }

  /** Forgets what all of them have taken. */
  #letGo(): void {
    const taken = Math.min(...this.#positions.values());
    while (this.#pieces[0] && this.#pieces[0].start + this.#pieces[0].length <= taken) {
      this.#pieces.shift();
    }
    this.#changed();
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}

/** Room that a reader has at the least. */
const MIN_BYTES = 64 * 1024;

interface Piece {
  /** In bytes from the start. */
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  length: number;
}

function cutOff(name: string, { bytesMax, waitMsMax }: Required<TeeOptions>): LoadError {
  const what = name === STANDARD_INPUT ? "Standard input" : name;
  const behind = `${Math.round(bytesMax / 2 ** 20)} MiB behind the others`;
  return new LoadError(
    `${what} went on without this target: it was ${behind}, which had waited ${
      waitMsMax / 1000
    } s ` +
      "for it. Give the same input again, to this target alone, and what it lacks is loaded",
    { code: "backend_unavailable", blame: "database" },
  );
}
