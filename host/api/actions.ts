/** What the API tells of a program, and has it do. */
import type { MetricSet } from "../../src/audit/metrics.ts";
import type { PastLoad, PastLoadsQuestion } from "../../src/model/past_load.ts";
import type { EventRing } from "./event_ring.ts";
import type { PatienceOptions } from "../plugins/install/bounded_body.ts";
import type { WatchedPlugins } from "../plugins/live/watched_plugins.ts";
import type { LoadDetails } from "./load_schema.ts";
import type { ProgramStatus } from "./status_schema.ts";

/** What the API tells of a program, and has it do. */
export interface ApiActions {
  /** Everything; how it can be changed, the API knows. */
  status(): Omit<ProgramStatus, "operate" | "uploads">;
  /** Numbers of the loads and backends. */
  readonly metrics: Pick<MetricSet, "of">;
  /** Why it is not ready, a sentence each; nothing where it is. */
  obstacles(): readonly string[];
  /** Names of the loads. */
  loads(): readonly string[];
  /** A load in every detail; undefined where none has that name. */
  load(name: string): LoadDetails | undefined;
  /** Names of the backends. */
  backends(): readonly string[];
  /**
   * What the ledgers of a backend's database say of loads, in their order; undefined where no backend has
   * that name.
   *
   * @throws {LoadError} `backend_unavailable` while it is not connected, `usage` where it keeps no ledger,
   * and what asking it throws
   */
  pastLoads(
    backend: string,
    question: PastLoadsQuestion,
  ): Promise<readonly PastLoad[] | undefined>;
  /** What has happened lately. */
  readonly events: EventRing;
  /** What can be changed; left out by a program that only tells. */
  readonly changes?: ChangeActions;
}

/** What can be changed in a program that runs. A name stands for one of its loads, or for several. */
export interface ChangeActions {
  /**
   * Asks for a run, for good.
   *
   * @throws {LoadError} `backend_unavailable` where none begins any more, `usage` where it is paused
   */
  run(name: string): Promise<void>;
  /**
   * Has nothing begin a load until it is resumed, for good; what runs commits what it has in hand.
   *
   * @throws {LoadError} `resource_exhausted` where that cannot be written down
   */
  pause(name: string): Promise<void>;
  /** Lets a load begin again. @throws as above */
  resume(name: string): Promise<void>;
  /** Lets a plugin be used again. @throws {LoadError} `backend_unknown` where it is not quarantined */
  release(type: string): void;
  /** Puts plugins into their folder, and takes them out; left out where that is off. */
  readonly uploads?: UploadActions | undefined;
}

/** What becomes of plugins that are put here. */
export interface UploadActions extends Pick<WatchedPlugins, "place" | "remove"> {
  /** How long one is waited for. */
  readonly patience?: PatienceOptions;
}
