/**
 * What the trials of `test/crash` know of one family: how its driver's calls are disturbed, where a load
 * goes, and what can be done to a database meanwhile. It is exported as `crash` by `crash.ts` of the
 * family's folder. Beside it, each module of `exchanged/` stands in the place of the driver's module of
 * the same name: it wraps the client's calls by `test/crash/disturbance.ts`.
 */
import type { CommitProtocol } from "../crash/commit_proxy.ts";
import type { Disturbance } from "../crash/disturbance.ts";
import type { Place, Places } from "../crash/place.ts";

/** What is done to one call. */
export type Fault = Omit<Disturbance, "log" | "at">;

/** A fault, and whether a batch is tried again after it. */
export interface FaultKind extends Fault {
  readonly passes: boolean;
  /** What a load that stops for it has to say, once a batch was begun. */
  readonly error?: string;
}

/** A server of its own for the trials, which may be crashed. */
export interface CrashServer extends AsyncDisposable {
  /** Where it is, with all rights. */
  readonly url: string;
  /** Ends it without a word to its clients and with nothing put in order. */
  crash(): Promise<void>;
  /** Starts it again, at the same URL. */
  start(): Promise<void>;
}

/**
 * What the trials of `test/crash` know of one family: how its driver's calls are disturbed, where a
 * load goes, and what can be done to a database meanwhile.
 */
export interface CrashFamily {
  /** One kind for each call in turn: several that pass, and some that do not. */
  readonly faults: readonly FaultKind[];
  /** What befalls a COMMIT so that a batch is tried again. */
  readonly commitFaults: readonly Fault[];
  /**
   * Room for many loads: files in the folder, or schemas or databases of the server at that URL, which
   * is the one that the tests share where it is left out.
   */
  openPlaces(options: { readonly folder: string; readonly serverUrl?: string }): Promise<Places>;
  /**
   * Why only one program at a time can be at the database, where that is so: nobody then holds a lock,
   * loads the same or changes the table meanwhile; instead, a second program is to be refused.
   */
  readonly alone?: string;
  /** A lock on a place that no load gets past; the function that it returns lets go, once. */
  hold?(place: Place): Promise<() => Promise<void>>;
  /** Options by which sessions wait no longer than that for a lock; none where a batch just waits. */
  impatient?(waitMs: number): readonly string[];
  /** Whether the program itself writes the database's files, so that a limit on files is felt. */
  readonly writesFiles: boolean;
  /**
   * A place whose table is in that folder, and what ends the statement that makes the table; or why a
   * disk that fills up is not tried.
   */
  readonly placeIn:
    | ((
      folder: string,
      places: Places,
    ) => Promise<AsyncDisposable & { readonly place: Place; readonly tableTail: string }>)
    | { readonly untried: string };
  /** A server for the trials alone; left out where there is none. */
  openServer?(): Promise<CrashServer>;
  /** How COMMITs are known on their way to the server; left out where there is none. */
  readonly commits?: CommitProtocol;
}
