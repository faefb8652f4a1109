/** One load that is under way, as it is told to whoever looks from another shell. */
import type { BackendLoad, RowCounts } from "../../../src/model/backend.ts";
import { sumOf } from "../../../src/load/ledger_index.ts";
import type { BatchEvent, LoadProgress } from "../../../src/load/loader.ts";
import { retryText } from "../../../src/load/retry.ts";
import { defined } from "../../../src/model/defined.ts";
import type { Retry } from "../../../src/model/retry.ts";
import type { World } from "../../../src/model/world.ts";
import type { AuditedLoad } from "../audited_load.ts";
import type { ToldLoad } from "./told_program.ts";

const NO_ROWS: RowCounts = { read: 0, committed: 0, superseded: 0, rejected: 0 };

/** What is known of a load beforehand. */
export interface AboutLoad extends AuditedLoad {
  /** As the configuration calls it. */
  readonly name?: string;
  /** Where it writes, without secrets. */
  readonly endpoint?: string;
}

/** One load that is under way. A row counts once its COMMIT is confirmed, as everywhere. */
export class RunningLoad {
  readonly #about: AboutLoad;
  readonly #world: World;
  readonly #since: number;
  readonly #began: number;
  #progress: (() => LoadProgress) | undefined;
  #load: { readonly id: string; readonly generation: number } | undefined;
  #before = 0;
  #run = NO_ROWS;
  #batches = 0;
  #bytes = 0;
  #retries = 0;
  /** What is waited for. */
  #retry: Retry | undefined;

  /** It begins now. */
  constructor(about: AboutLoad, world: World) {
    this.#about = about;
    this.#world = world;
    this.#since = world.now();
    this.#began = world.monotonic();
  }

  /** What tells how much of the source was read; without it, that of the batches counts. */
  follow(progress: () => LoadProgress): void {
    this.#progress = progress;
  }

  /** It was opened. */
  opened({ id, generation, batches }: Pick<BackendLoad, "id" | "generation" | "batches">): void {
    this.#load = { id, generation };
    this.#retry = undefined;
    this.#before = sumOf(batches.map(({ counts }) => counts)).committed;
  }

  /** A batch is through. */
  batch({ result, bytes }: BatchEvent): void {
    this.#retry = undefined;
    if (result.kind !== "written") return;
    this.#bytes += bytes;
    if (result.alreadyIn && !result.ofThisRun) {
      this.#before += result.counts.committed;
      return;
    }
    this.#batches++;
    this.#run = sumOf([this.#run, result.counts]);
  }

  /** Something is tried again. */
  retried(retry: Retry): void {
    this.#retries++;
    this.#retry = retry;
  }

  /** How it stands. */
  get status(): ToldLoad {
    const { name, source, backend, endpoint, table, mode } = this.#about;
    const retry = this.#retry;
    const { committed, superseded, rejected } = this.#run;
    const { bytesRead = this.#bytes, bytesTotal } = this.#progress?.() ?? {};
    return {
      ...defined({ name, detail: retry && retryText(retry), endpoint }),
      ...{ state: retry ? "retrying" : "running", source, backend, table, mode },
      run: {
        ...defined({ load: this.#load, bytesTotal }),
        since: new Date(this.#since).toISOString(),
        milliseconds: Math.round(this.#world.monotonic() - this.#began),
        ...{ committed, superseded, rejected, batches: this.#batches },
        ...{ committedBefore: this.#before, retries: this.#retries, bytesRead },
      },
    };
  }
}
