/** How a host is created, and what it tells. */
import type { BreakerStatus } from "../src/model/backend.ts";
import type { Retry } from "../src/model/retry.ts";
import type { World } from "../src/model/world.ts";
import type { BreakerLimits } from "./connections/breaker.ts";
import type { ConnectionRole } from "./connections/manager.ts";
import type { AdmissionOptions } from "./plugins/store/admission.ts";
import type { TakenFile } from "./platform/taken_file.ts";

/** How to create a host. */
export interface HostOptions extends AdmissionOptions {
  /**
   * Folder whose `.wasm` files are registered; none by default. What is let in for the first time is
   * recorded in its `plugins.lock`; a file that has changed since is refused.
   */
  readonly plugins?: string;
  /**
   * What is wanted of the folder, where that is one backend: its type, or a URL scheme that it answers
   * to. Where the lock knows every file, and each has said before who it is, only the plugin that
   * answers is read and let in; nobody hears of the others. By default, all are.
   */
  readonly wanted?: { readonly type: string } | { readonly scheme: string };
  /**
   * Whether nothing is changed anywhere: databases are looked at only, and nothing is recorded beside
   * the plugins. Such a host loads nothing. False by default.
   */
  readonly readOnly?: boolean;
  /** File that audit records are appended to; none by default. */
  readonly audit?: string;
  /** Between health checks of a backend, in milliseconds; 30 s by default. */
  readonly healthIntervalMs?: number;
  /** When the circuit breaker of a backend opens, and for how long. */
  readonly breaker?: BreakerLimits;
  /** Hears of every change of a circuit breaker. What it throws is swallowed. */
  readonly onBreaker?: (event: BreakerEvent) => void;
  /**
   * What the connection is for by which a backend proves its settings: `control` by default, which
   * opens it in this thread and takes the least time; `lane`, if a load is what comes next and
   * nothing else, which then goes on with the same connection; `small_lane`, if that load is of at
   * most 256 KiB and nothing else of this thread writes to the database meanwhile: SQLite, which
   * blocks, is then written by this thread, where a worker would take longer to begin.
   */
  readonly firstConnection?: ConnectionRole;
  /** Ends waiting for a further attempt to connect. */
  readonly signal?: AbortSignal;
  /** Hears of each further attempt at what failed for a while, before it is waited for. */
  readonly onRetry?: (retry: RetryEvent) => void;
  /** Files that this program has in hand: no load writes into one of them. None by default. */
  readonly taken?: readonly TakenFile[];
  /** What `snakepipe status` calls this program while it loads; `library` by default. */
  readonly program?: string;
  /** Clock, chance and waiting; the real ones by default. */
  readonly world?: World;
}

/** What of a host may change while loads run: as {@linkcode HostOptions} has it. */
export type HostTerms = Pick<HostOptions, "plugins" | "locked" | "trustedKeys" | "audit">;

/** A further attempt on one backend. */
export interface RetryEvent extends Retry {
  /** The backend's type. */
  readonly backend: string;
  /** Where it writes, without secrets. */
  readonly endpoint: string;
}

/** A change of the circuit breaker of one backend. */
export interface BreakerEvent extends BreakerStatus {
  /** The backend's type. */
  readonly backend: string;
  /** Where it writes, without secrets. */
  readonly endpoint: string;
}

/** How a plugin is registered while loads run. */
export interface RegisterPluginOptions {
  /**
   * Puts it in the place of the backend of the same type, whose loads in flight end as they began; false
   * by default.
   */
  readonly replace?: boolean;
  /** What bytes are called, where no file is named. */
  readonly file?: string;
  /**
   * What it may do beside what each plugin may: names of capability functions and of words; nothing by
   * default. A name that there is not grants nothing.
   */
  readonly grants?: Iterable<string>;
}
