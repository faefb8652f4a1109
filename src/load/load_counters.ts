import type { BackendLoad, LoadTotals, RowCounts, WriteResult } from "../model/backend.ts";
import { counted, grouped } from "../model/counted.ts";
import { assertNever, LoadError } from "../model/errors.ts";
import { failureError } from "../model/failure.ts";
import type { World } from "../model/world.ts";
import { sumOf } from "./ledger_index.ts";
import type { LoadReport } from "./report.ts";
import type { Allowance } from "./reject_budget.ts";
import { rejection } from "./rejection.ts";

/** How far a load is. */
export interface LoadProgress {
  /** Rows that stand in the table. */
  readonly rowsCommitted: number;
  /** Batches that were committed. */
  readonly batches: number;
  /** As the source counts its size. */
  readonly bytesRead: number;
  /** Absent where the source does not know its size. */
  readonly bytesTotal?: number;
  /** Since the load began. */
  readonly milliseconds: number;
}

const NO_ROWS: RowCounts = { read: 0, committed: 0, superseded: 0, rejected: 0 };

/** What the counters need of a load. */
export interface CountedLoad {
  readonly batches: { readonly bytesRead: number };
  bytesTotal(): number | undefined;
  readonly about: Pick<LoadReport, "source" | "backend" | "table" | "mode" | "nul" | "plugin">;
  readonly world: World;
}

/**
 * What a load has come to so far: of this run, and of the whole load where an earlier run began it.
 */
export class LoadCounters {
  readonly #job: CountedLoad;
  readonly #began: number;
  #run: RowCounts = NO_ROWS;
  /** What the ledger had before this run, or has got from somebody else meanwhile. */
  #before: RowCounts = NO_ROWS;
  #skipped = 0;
  #skippedRejects = 0;
  #repaired = 0;
  #tooLarge = 0;
  /** Rows of the batches that the source has given. */
  #given = 0;
  #batches = 0;
  #ranges = false;
  #goesOn = false;
  #complete = false;

  constructor(job: CountedLoad) {
    this.#job = job;
    this.#began = job.world.monotonic();
  }

  /** Rows of this run, those left out that were in already. */
  get counts(): RowCounts & { readonly skipped: number } {
    return { ...this.#run, read: this.#run.read + this.#skipped, skipped: this.#skipped };
  }

  /** Rows of the whole load. */
  get totals(): LoadTotals {
    return { ...sumOf([this.#before, this.#run]), ofThisRun: this.#run };
  }

  /** Whether there is nothing to finish: the load was complete before, and nothing was added. */
  get nothingNew(): boolean {
    return this.#complete && this.#batches === 0;
  }

  /** What to say of a load that went on with an earlier one. */
  get notes(): string[] {
    if (!this.#goesOn) return [];
    const rejected = this.#skippedRejects === 0
      ? ""
      : `, ${grouped(this.#skippedRejects)} of them as rejected`;
    return [
      this.#batches === 0
        ? `The load was complete: the ledger has every row${rejected}, and nothing was committed`
        : `The load went on where it had stopped: the ledger has ${
          counted(this.#skipped, "row")
        }${rejected}`,
    ];
  }

  /** Takes up what the ledger has. */
  goOn({ batches, complete }: BackendLoad): void {
    this.#complete = complete;
    this.#before = sumOf(batches.map(({ counts }) => counts));
    this.#goesOn = batches.length > 0;
  }

  /** The source comes in ranges. */
  giveRange(): void {
    this.#ranges = true;
  }

  /** Counts rows that the source has given. */
  give(rows: number): void {
    this.#given += rows;
  }

  /** Counts rows of a batch that the ledger has, and those of them that were rejected. */
  skip(rows: number, rejected: number): void {
    this.#skipped += rows;
    this.#skippedRejects += rejected;
  }

  /**
   * Counts a batch that was written; `limit` says what may be left out of it.
   *
   * @throws {LoadError} if it was not
   */
  add(result: WriteResult, limit?: Allowance): void {
    switch (result.kind) {
      case "written":
        if (result.alreadyIn && !result.ofThisRun) {
          this.#before = sumOf([this.#before, result.counts]);
          this.skip(result.counts.read, result.counts.rejected);
          return;
        }
        this.#run = sumOf([this.#run, result.counts]);
        this.#repaired += result.repaired ?? 0;
        this.#tooLarge += result.rejects?.filter(({ code }) => code === "too_large").length ?? 0;
        this.#batches++;
        return;
      case "reject":
        throw rejection(result.rows, { committed: false, limit });
      case "retry":
      case "split":
      case "fatal":
        throw failureError(result.failure);
      default:
        assertNever(result);
    }
  }

  /** @throws {LoadError} `counts_differ` if a row is in no count */
  check(): void {
    const { committed, superseded, rejected, skipped } = this.counts;
    const lost = this.#given - committed - superseded - rejected - skipped;
    if (lost !== 0) {
      throw new LoadError(
        `${lost} of ${this.#given} rows are in no count: neither committed, superseded, rejected ` +
          "nor skipped",
        { code: "counts_differ", blame: "host" },
      );
    }
  }

  progress(): LoadProgress {
    const { batches, world } = this.#job;
    const bytesTotal = this.#job.bytesTotal();
    return {
      rowsCommitted: this.#run.committed,
      batches: this.#batches,
      bytesRead: batches.bytesRead,
      ...(bytesTotal === undefined ? {} : { bytesTotal }),
      milliseconds: world.monotonic() - this.#began,
    };
  }

  report(
    state: LoadReport["state"],
    load: BackendLoad | undefined,
    notes: readonly string[],
  ): LoadReport {
    const seconds = (this.#job.world.monotonic() - this.#began) / 1000;
    return {
      state,
      ...this.counts,
      repaired: this.#repaired,
      rejectedTooLarge: this.#tooLarge,
      batches: this.#batches,
      ...this.#transactions(load),
      bytes: this.#job.batches.bytesRead,
      seconds,
      rowsPerSecond: seconds > 0 ? Math.round(this.#run.committed / seconds) : 0,
      ...this.#job.about,
      ...(load
        ? { load: { id: load.id, generation: load.generation, planHash: load.planHash } }
        : {}),
      notes,
    };
  }

  #transactions(load: BackendLoad | undefined): Pick<LoadReport, "transactions"> {
    const { chosenBy, batchRowsMax: rowsMax, batchBytesMax, rangeBytesMax } = load ?? {};
    if (!chosenBy || this.#batches === 0) return {};
    const { batchRowsMax: rowsBy, batchBytesMax: bytesBy, rangeBytesMax: by } = chosenBy;
    if (this.#ranges) return { transactions: { bytesMax: rangeBytesMax!, bytesBy: by } };
    return { transactions: { bytesMax: batchBytesMax!, bytesBy, rowsMax: rowsMax!, rowsBy } };
  }
}
