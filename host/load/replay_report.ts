/** What a replay of rejects comes to. */
import type { RowCounts } from "../../src/model/backend.ts";
import type { LoadReport } from "../../src/load/report.ts";
import { sumOf } from "../../src/load/ledger_index.ts";
import { counted } from "../../src/model/counted.ts";
import type { World } from "../../src/model/world.ts";

/**
 * The end of a replay, or where it stopped; each row is a batch of its own.
 * `read = committed + superseded + rejected + skipped + uncorrected + waiting`.
 */
export interface ReplayReport extends LoadReport {
  /** Rows that stay in the file, since their lines have no row to load. */
  readonly uncorrected: number;
  /** Rows that stay in the file, since their load has not come so far as to leave them out. */
  readonly waiting: number;
  /** Lines that stay in the file, since they cannot be read: torn by a crash, or mistyped. */
  readonly unreadable: number;
}

/** Lines that cannot be read and are named. */
const LINES_SHOWN = 10;

const NO_ROWS: RowCounts = { read: 0, committed: 0, superseded: 0, rejected: 0 };

/** Counts rows as they are replayed. */
export class ReplayCounters {
  readonly #about: Pick<LoadReport, "source" | "backend" | "table" | "mode" | "plugin">;
  readonly #world: World;
  readonly #began: number;
  readonly #parts: { counts: RowCounts; ofThisRun: RowCounts }[] = [];
  readonly #unreadable: number[] = [];
  #uncorrected = 0;
  #skipped = 0;
  /** Of those skipped. */
  #taken = 0;
  /** Of those skipped: by a load that began again. */
  #takenAnew = 0;
  #waiting = 0;
  /** Of those waiting: for a load that began again. */
  #waitingAnew = 0;
  #batches = 0;
  #bytes = 0;

  /** Begins to count. */
  constructor(
    about: Pick<LoadReport, "source" | "backend" | "table" | "mode" | "plugin">,
    world: World,
  ) {
    this.#about = about;
    this.#world = world;
    this.#began = world.monotonic();
  }

  /** Begins with the rows of a further load, which are counted by themselves too. */
  part(): { readonly counts: RowCounts; readonly ofThisRun: RowCounts } {
    const part = { counts: NO_ROWS, ofThisRun: NO_ROWS };
    this.#parts.push(part);
    return part;
  }

  /** A line, from 1, cannot be read. */
  unreadable(line: number): void {
    this.#unreadable.push(line);
  }

  /** A line has no row to load. */
  uncorrected(): void {
    this.#uncorrected++;
  }

  /** A row was in already. */
  skip(): void {
    this.#skipped++;
  }

  /** A row was in already, by its own load. */
  taken(): void {
    this.#skipped++;
    this.#taken++;
  }

  /** A row was in already, by a load that has begun again. */
  takenAnew(): void {
    this.#skipped++;
    this.#takenAnew++;
  }

  /** A row waits for a load that has begun again, or for its replay. */
  waitAnew(): void {
    this.#waiting++;
    this.#waitingAnew++;
  }

  /** A row waits for its load. */
  wait(): void {
    this.#waiting++;
  }

  /** A row of so many bytes was tried; `ofThisRun` unless another run has written it meanwhile. */
  add(counts: RowCounts, bytes: number, ofThisRun: boolean): void {
    const part = this.#parts.at(-1)!;
    part.counts = sumOf([part.counts, counts]);
    if (ofThisRun) part.ofThisRun = sumOf([part.ofThisRun, counts]);
    this.#bytes += bytes;
    this.#batches++;
  }

  /** All until now. */
  report(state: LoadReport["state"]): ReplayReport {
    const seconds = (this.#world.monotonic() - this.#began) / 1000;
    const counts = sumOf(this.#parts.map((part) => part.counts));
    return {
      state,
      ...counts,
      read: counts.read + this.#skipped + this.#uncorrected + this.#waiting,
      skipped: this.#skipped,
      uncorrected: this.#uncorrected,
      waiting: this.#waiting,
      unreadable: this.#unreadable.length,
      repaired: 0,
      rejectedTooLarge: 0,
      batches: this.#batches,
      bytes: this.#bytes,
      seconds,
      rowsPerSecond: seconds > 0 ? Math.round(counts.committed / seconds) : 0,
      ...this.#about,
      notes: this.#notes(),
    };
  }

  #notes(): string[] {
    const { source, table } = this.#about;
    const waiting = this.#waiting - this.#waitingAnew;
    const again =
      `table ${table} was emptied, replaced or made again since, and the source loaded again`;
    const lines = this.#unreadable;
    const more = lines.length > LINES_SHOWN ? `, and ${lines.length - LINES_SHOWN} more` : "";
    return [
      ...(this.#taken === 0 ? [] : [
        `${counted(this.#taken, "row")} had been loaded after all by the load that first left ` +
        `${this.#taken === 1 ? "it" : "them"} out: nothing was left to do`,
      ]),
      ...(this.#takenAnew === 0 ? [] : [
        `${
          counted(this.#takenAnew, "row")
        } of an earlier load taken out of ${source}: ${again}, by ` +
        `which ${this.#takenAnew === 1 ? "it is" : "they are"} in`,
      ]),
      ...(this.#waitingAnew === 0 ? [] : [
        `${counted(this.#waitingAnew, "row")} of an earlier load stay in ${source}, not loaded: ` +
        `${again}, which has not taken ${this.#waitingAnew === 1 ? "it" : "them"} either. Replay ` +
        "what that load has left out: what is in then goes from here with the next replay",
      ]),
      ...(waiting === 0 ? [] : [
        `${counted(waiting, "row")} stay in ${source}: the load that left ` +
        `${waiting === 1 ? "it" : "them"} out has stopped before it committed the rest of ` +
        "their batch. Run that load again, then replay",
      ]),
      ...(lines.length === 0 ? [] : [
        `Lines of ${source} that cannot be read, torn by a crash or mistyped, stay as they are: ` +
        lines.slice(0, LINES_SHOWN).join(", ") + more,
      ]),
    ];
  }
}
