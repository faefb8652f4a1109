/** One load of a command line, as the page of `--status` tells of it. */
import type { Target } from "../../../src/config/route.ts";
import type { DatabaseBackend } from "../../../src/model/backend.ts";
import { defined } from "../../../src/model/defined.ts";
import { LoadError, loadErrorOf } from "../../../src/model/errors.ts";
import {
  type PastLoad,
  pastLoadsOf,
  type PastLoadsQuestion,
} from "../../../src/model/past_load.ts";
import { type LoadReport, LoadStoppedError } from "../../../src/load/report.ts";
import type { World } from "../../../src/model/world.ts";
import { backendStatus } from "../../api/backend_status.ts";
import type { LoadDetails, LoadStatus, RunOutcome } from "../../api/load_schema.ts";
import type { BackendStatus } from "../../api/status_schema.ts";
import type { LoadOptions } from "../../load/load.ts";
import { LoadMonitor, type RunListeners } from "../../api/load_monitor.ts";
import { replayCommand } from "../../serve/replay_command.ts";
import { completeText, outcomeOf } from "../../serve/run_outcome.ts";

/** What a load is made of. */
export interface WatchedLoadOptions {
  readonly name: string;
  /** As the command line has it. */
  readonly source: readonly string[];
  /** Its target, in words without secrets. */
  readonly target: string;
  /** The configuration that was named. */
  readonly config: string | undefined;
  readonly world: World;
  /** A message without secrets. */
  redact(text: string): string;
  /** Hears of what people should know of it. */
  tell(text: string): void;
}

/** One load of a command line, from before it begins until it has ended. */
export class WatchedLoad {
  readonly #options: WatchedLoadOptions;
  readonly #monitor: LoadMonitor;
  #backend: DatabaseBackend | undefined;
  #table: string | undefined;
  /** Why something is tried again, until it has succeeded. */
  #retried: string | undefined;
  #outcome: RunOutcome | undefined;
  #failure: string | undefined;

  /** Nothing has begun yet. */
  constructor(options: WatchedLoadOptions) {
    this.#options = options;
    this.#monitor = new LoadMonitor(options.world);
  }

  /** What it is called. */
  get name(): string {
    return this.#options.name;
  }

  /** Its target, in words without secrets. */
  get target(): string {
    return this.#options.target;
  }

  /** The backend that it writes to, once that is connected. */
  get backend(): DatabaseBackend | undefined {
    return this.#backend;
  }

  /** It begins: what is returned is to be told of it. */
  begin(
    backend: DatabaseBackend,
    { options, target }: { readonly options: LoadOptions; readonly target: Target },
  ): RunListeners {
    this.#backend = backend;
    this.#table = options.table;
    const { config: configFile } = this.#options;
    const replay = replayCommand({ target, endpoint: backend.endpoint, options, configFile });
    const listeners = this.#monitor.begin(defined({ file: options.rejects, replay }));
    return {
      ...listeners,
      onBatch: (event) => {
        this.#retried = undefined;
        listeners.onBatch(event);
      },
    };
  }

  /** Something failed for a while, and is tried again. */
  retried(text: string): void {
    this.#retried = text;
  }

  /** It is complete. */
  complete(report: LoadReport, notes: readonly string[]): void {
    this.#ended(outcomeOf(report, { ...this.#about(), notes }));
    this.#options.tell(`Load ${this.name} is complete: ${completeText(report)}`);
  }

  /** It is not. A second time does nothing. */
  failed(thrown: unknown): void {
    if (this.#outcome) return;
    const error = loadErrorOf(thrown);
    const report = error instanceof LoadStoppedError ? error.report : undefined;
    const message = this.#options.redact(error.message);
    this.#ended(outcomeOf(report, { ...this.#about(), error: { code: error.code, message } }));
    this.#failure = message;
    this.#options.tell(`Load ${this.name} failed: ${message}`);
  }

  /** What is known of it. */
  get status(): LoadStatus {
    const { name, source, target } = this.#options;
    const { progress, rate, rejects } = this.#monitor;
    return {
      ...{ name, source, state: this.#state, watch: false, runs: this.#outcome ? 1 : 0 },
      ...defined({ detail: this.#failure ?? this.#retried, progress, rate, rejects }),
      ...defined({ backend: this.#backend && target, table: this.#table, last: this.#outcome }),
    };
  }

  /** What is known of it in every detail. */
  get details(): LoadDetails {
    const history = this.#outcome ? [this.#outcome] : [];
    return { ...this.status, samples: this.#monitor.samples, history };
  }

  /** What is known of its backend. */
  get backendStatus(): BackendStatus {
    const { target } = this.#options;
    if (!this.#backend) {
      const state = this.#outcome ? "down" : "connecting";
      return { name: target, state, pools: [] };
    }
    const told = backendStatus(this.#backend, this.#options.redact);
    return { name: target, state: "up", ...told, ...defined({ type: told.plugin?.name }) };
  }

  /**
   * What the ledgers of its backend say of loads.
   *
   * @throws {LoadError} `backend_unavailable` while it is not connected, `usage` where it keeps no ledger
   */
  async pastLoads(question: PastLoadsQuestion): Promise<readonly PastLoad[]> {
    if (this.#backend) return await pastLoadsOf(this.#backend, question);
    throw new LoadError(
      `Backend ${this.#options.target} cannot be asked now: it is not connected`,
      {
        code: "backend_unavailable",
        blame: "database",
        retry: true,
      },
    );
  }

  get #state(): LoadDetails["state"] {
    if (this.#outcome) return this.#outcome.state === "complete" ? "complete" : "failed";
    if (!this.#backend) return "queued";
    return this.#retried === undefined ? "running" : "retrying";
  }

  #about() {
    const at = new Date(this.#options.world.now()).toISOString();
    return { trigger: "request", at, backend: this.#options.target } as const;
  }

  #ended(outcome: RunOutcome): void {
    this.#outcome = outcome;
    this.#retried = undefined;
    this.#monitor.end();
  }
}
