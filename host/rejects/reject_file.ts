/**
 * The file that rows which are left out are kept in: one line of JSON each, see `reject_line.ts`.
 *
 * Invariants
 * - A line is on the disk, in the file of that name, before the rest of its batch is committed. Where
 *   the program dies in between, the batch comes again, and so do its rejects: what a load finds of
 *   its own in the file, from batches that its ledger does not have, it takes out before it goes on.
 * - What stands there of a batch is what was said of it last.
 * - Lines are appended, or the file is replaced whole: nothing is ever missing from it meanwhile.
 * - One program at a time has the file, since what another one appends while it is replaced is lost.
 * - A file that holds anything but lines of ours is refused as it stands, and its bytes stay.
 */
import type { BackendLoad, LedgerBatch } from "../../src/model/backend.ts";
import type { RecordFormat, RejectedRow } from "../../src/model/batch.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { LeftOut } from "../../src/load/left_out.ts";
import { type Disturbance, HeldFile, UnholdableFile, writeAll } from "../platform/held_file.ts";
import { type Line, LineTooLong, readLines } from "../platform/line_reader.ts";
import {
  batchOfLine,
  isRejectLine,
  mayBeRejectLine,
  readRejectLine,
  rejectLine,
} from "./reject_line.ts";
import { checkNotTaken, type TakenFile } from "../platform/taken_file.ts";

/** How to open a file of rejects. */
export interface RejectFileOptions {
  /** Makes it where it is missing. */
  readonly create: boolean;
  /** Files that are something else to this program: none of them can be it. */
  readonly taken?: readonly TakenFile[];
}

/** What becomes of a line: the same, nothing, or another text. */
export type ChangeLine = (line: Line) => Uint8Array | undefined;

const WRITE_BYTES = 1024 * 1024;
const LINE_END = Uint8Array.of(0x0a);
const BLANK = /^\s*$/;

/** A batch whose rows are kept: its number is this run's alone, a row of it is known by its place. */
export type KeptBatch = Pick<LedgerBatch, "sequence" | "part" | "byteOffset" | "byteEnd">;

/**
 * The file that rows which are left out are kept in: one line of JSON each, see `reject_line.ts`.
 */
export class RejectFile implements AsyncDisposable {
  /** As it was named. */
  readonly #name: string;
  readonly #held: HeldFile;
  #load = "";
  #run: string | undefined;
  /** Loads that have lines in it, as it was opened. */
  readonly #loads: ReadonlySet<string>;
  /** Whether the last line has no end. */
  #torn: boolean;
  /** Batches of this run that have lines here. */
  readonly #kept = new Set<number>();
  /** The batch whose lines stand at the end, and where they start. */
  #last: { readonly batch: number; readonly start: number } | undefined;
  #turn: Promise<void> = Promise.resolve();

  private constructor(name: string, held: HeldFile, survey: Survey) {
    this.#name = name;
    this.#held = held;
    this.#loads = survey.loads;
    this.#torn = survey.torn;
  }

  /** Opens a file. @throws {LoadError} `usage`; `source_missing` where it is missing */
  static async open(path: string, options: RejectFileOptions): Promise<RejectFile> {
    let held: HeldFile | undefined;
    try {
      // Before it is made, and once more as what was opened.
      checkNotTaken(path, options.taken ?? []);
      held = await HeldFile.open(path, { create: options.create, links: true });
      checkNotTaken(held.path, options.taken ?? []);
      return new RejectFile(path, held, await survey(held));
    } catch (error) {
      await held?.discard();
      throw openError(path, options, error);
    }
  }

  /**
   * Takes out what a load has left here of batches that are not in, and of rows that are; and of
   * batches that another run has committed, which has kept them elsewhere.
   */
  async begin(load: Pick<BackendLoad, "id" | "run" | "batches">): Promise<void> {
    this.#load = load.id;
    this.#run = load.run;
    if (!this.#loads.has(load.id)) return;
    const numbers = new Set(load.batches.map(({ sequence }) => sequence));
    const leftOut = new LeftOut(load.batches);
    await this.change(({ bytes }) => {
      const of = batchOfLine(bytes);
      if (of?.load !== load.id) return bytes;
      const { source, byte, run } = readRejectLine(bytes) ?? {};
      if (source === undefined || byte === undefined) {
        return numbers.has(of.batch) ? bytes : undefined;
      }
      const fate = leftOut.of(source, byte);
      const writtenBy = leftOut.batchOf(source, byte)?.run;
      if (run !== undefined && writtenBy !== undefined && run !== writtenBy) return undefined;
      return fate === "left_out" || fate === "unknown" ? bytes : undefined;
    });
  }

  /**
   * Has these rows, which may be none, in the place of all that the file has of the batch. Resolves
   * once they are on the disk, in the file of this name.
   *
   * @throws {LoadError} `rejects_lost` where the file is not what this program has left of it
   */
  readonly keep = (
    of: KeptBatch,
    rows: readonly RejectedRow[],
    format: RecordFormat,
  ): Promise<void> => {
    const load = this.#load;
    const run = this.#run;
    const batch = of.sequence;
    return this.#next(async () => {
      await this.#check(batch);
      if (this.#kept.delete(batch)) await this.#takeOut(of);
      if (rows.length === 0) return;
      const start = this.#held.size;
      await this.#append(rows.map((row) => rejectLine(row, { load, batch, run, format })));
      this.#kept.add(batch);
      this.#last = { batch, start };
      try {
        await this.#check(batch);
      } catch (error) {
        // Wherever it is by now: its batch is not committed.
        await this.#held.cut(start).catch(() => {});
        throw error;
      }
    });
  };

  /**
   * Says whether all that was kept in this run still stands in the file of this name.
   *
   * @throws {LoadError} `rejects_lost`
   */
  checkKept(): Promise<void> {
    return this.#next(async () => {
      if (this.#kept.size > 0) await this.#check(undefined);
    });
  }

  /** The lines as they stand there now, many at a time, but for blank ones. */
  async *lines(): AsyncGenerator<Line[]> {
    await this.#turn.catch(() => {});
    using file = await this.#held.read();
    yield* fullLines(file);
  }

  /**
   * Puts what `of` says in the place of each line that stands there by then, nothing where it says so.
   */
  change(of: ChangeLine): Promise<void> {
    return this.#next(() => this.#change(of));
  }

  /** Closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#turn.catch(() => {});
    await this.#held[Symbol.asyncDispose]();
  }

  #next(act: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.catch(() => {}).then(async () => {
      try {
        await act();
      } catch (error) {
        if (error instanceof LoadError) throw error;
        throw new LoadError(`Rejects cannot be kept in ${this.#name}: ${messageOf(error)}`, {
          code: "resource_exhausted",
          blame: "config",
          cause: error,
        });
      }
    });
    return this.#turn;
  }

  async #check(batch: number | undefined): Promise<void> {
    const disturbance = await this.#held.disturbance();
    if (disturbance === undefined) return;
    const left = batch === undefined
      ? "Every row that fits is committed"
      : `Nothing of batch ${batch} was committed`;
    throw new LoadError(
      `Rejects cannot be kept in ${this.#name}: ${WORDS[disturbance]}. ${left}; the same command ` +
        "again goes on. Nothing else may touch the file while a load runs",
      { code: "rejects_lost", blame: "config" },
    );
  }

  /** Takes out what a batch has here that was not committed. */
  async #takeOut({ sequence, part, byteOffset, byteEnd }: KeptBatch): Promise<void> {
    if (this.#last?.batch === sequence) await this.#held.cut(this.#last.start);
    else {
      await this.#change(({ bytes }) => {
        const of = batchOfLine(bytes);
        if (of?.load !== this.#load || of.batch !== sequence) return bytes;
        // An earlier run may have given this number to another batch.
        const { source = part, byte = byteOffset } = readRejectLine(bytes) ?? {};
        return source === part && byte >= byteOffset && byte < byteEnd ? undefined : bytes;
      });
    }
    this.#last = undefined;
  }

  async #change(of: ChangeLine): Promise<void> {
    const before = await this.#firstChange(of);
    if (before === undefined) return;
    using file = await this.#held.read();
    await this.#held.replace(async (to) => {
      const pieces = new Pieces(to);
      for await (const lines of fullLines(file)) {
        for (const line of lines) {
          const after = line.start < before ? line.bytes : of(line);
          if (after) await pieces.add(after);
        }
      }
      await pieces.flush();
    });
    this.#torn = false;
    this.#last = undefined;
  }

  /** Where the first line starts that changes. */
  async #firstChange(of: ChangeLine): Promise<number | undefined> {
    using file = await this.#held.read();
    for await (const lines of fullLines(file)) {
      for (const line of lines) if (of(line) !== line.bytes) return line.start;
    }
    return undefined;
  }

  async #append(lines: readonly string[]): Promise<void> {
    const text = lines.map((line) => `${line}\n`).join("");
    await this.#held.append(new TextEncoder().encode(this.#torn ? `\n${text}` : text));
    this.#torn = false;
  }
}

/** What a file holds. */
interface Survey {
  readonly loads: ReadonlySet<string>;
  readonly torn: boolean;
}

/** Reads all of it, unless there is something in it that is not ours. @throws {ForeignFile} */
async function survey(held: HeldFile): Promise<Survey> {
  using file = await held.read();
  const loads = new Set<string>();
  let torn = false;
  let last = 0;
  try {
    for await (const lines of readLines(file, mayBeRejectLine)) {
      for (const { bytes, number, ended } of lines) {
        last = number;
        torn = !ended;
        if (isBlank(bytes)) continue;
        if (!isRejectLine(bytes)) throw new ForeignFile(number);
        const of = batchOfLine(bytes);
        if (of) loads.add(of.load);
      }
    }
  } catch (error) {
    throw error instanceof LineTooLong ? new ForeignFile(last + 1) : error;
  }
  return { loads, torn };
}

async function* fullLines(file: Deno.FsFile): AsyncGenerator<Line[]> {
  for await (const lines of readLines(file, mayBeRejectLine)) {
    yield lines.filter(({ bytes }) => !isBlank(bytes));
  }
}

function isBlank(line: Uint8Array): boolean {
  return line.length < 100 && BLANK.test(new TextDecoder("latin1").decode(line));
}

/** Writes lines in pieces. */
class Pieces {
  readonly #to: Deno.FsFile;
  readonly #bytes = new Uint8Array(WRITE_BYTES);
  #length = 0;

  constructor(to: Deno.FsFile) {
    this.#to = to;
  }

  async add(line: Uint8Array): Promise<void> {
    for (const bytes of [line, LINE_END]) {
      if (this.#length + bytes.length > WRITE_BYTES) await this.flush();
      if (bytes.length > WRITE_BYTES) await writeAll(this.#to, bytes);
      else {
        this.#bytes.set(bytes, this.#length);
        this.#length += bytes.length;
      }
    }
  }

  async flush(): Promise<void> {
    await writeAll(this.#to, this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }
}

/** There is something in it that is not ours. */
class ForeignFile extends Error {
  constructor(line: number) {
    super(`line ${line} is no line of a file of rejects, and the file is left as it is`);
  }
}

const WORDS: Readonly<Record<Disturbance, string>> = {
  removed: "it was removed while the load ran, with the rejects of the batches before",
  moved:
    "it was moved while the load ran, or another file was put in its place; the rejects of the " +
    "batches before are in the file that was moved",
  cut:
    "it was cut while the load ran, as by logrotate's copytruncate; the rejects of the batches " +
    "before are in the copy, if there is one",
  written: "somebody else has written to it while the load ran",
};

function openError(path: string, { create }: RejectFileOptions, error: unknown): LoadError {
  if (error instanceof LoadError) return error;
  const kind = error instanceof UnholdableFile ? error.kind : undefined;
  if (kind === "missing") {
    return new LoadError(`No such file: ${path}`, { code: "source_missing", blame: "config" });
  }
  const why = kind === "in_use"
    ? "another load, or a replay, has it in hand"
    : messageOf(error) + (error instanceof ForeignFile && create
      ? ". Name a new file, or one that holds rejects alone"
      : "");
  return new LoadError(
    `Rejects cannot be ${create ? "kept in" : "replayed from"} ${path}: ${why}`,
    {
      code: "usage",
      blame: "config",
      cause: error,
    },
  );
}
