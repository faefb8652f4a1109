/**
 * A database in which a hostile plan is run with every layer of the policy switched off, so that its harm
 * can be seen: a table that is loaded into, another one, the host's ledger, and whatever else a plan
 * might reach. The client shares no code with the drivers.
 */
import type { WriteMode } from "../../src/model/batch.ts";

/** The target as a plan finds it. */
export type Found =
  /** With `id` for its key. */
  | "keyed"
  | "keyless"
  /** Keyed, and another table refers to it. */
  | "referred"
  /** With its columns in another order. */
  | "reordered"
  /** With an `id` that counts by itself. */
  | "counting"
  | "absent";

/** All that can be seen of a database and of one session, each aspect as a text. */
export type Look = Readonly<Record<string, string>>;

/** How a session is to be. */
export interface WorldOptions {
  readonly mode: WriteMode;
  /** Whether a statement that runs for half a second is ended. */
  readonly hurried: boolean;
}

/** A session in a fresh world; see the head of this file. */
export interface World {
  /** Runs one statement; the answer's first cell, if there is one. Throws what the database says. */
  run(sql: string): Promise<string | undefined>;
  /** What only the session itself sees. */
  lookWithin(): Promise<Look>;
  /** What everybody sees, from elsewhere: these aspects at the least, all by default. */
  look(aspects?: readonly string[]): Promise<Look>;
  /** Ends the session and removes what was left. */
  close(): Promise<void>;
}

/** The database of a family, shared by all attacks on it. */
export interface HarmBench extends AsyncDisposable {
  /** Lays everything out anew and opens a session. */
  open(found: Found, options: WorldOptions): Promise<World>;
  /** A name, quoted. */
  quote(name: string): string;
  /** Names of the tables as a driver would write them. */
  readonly tables: { readonly table: string; readonly staging: string; readonly aside: string };
  /** Statements that begin and end a transaction. */
  readonly begin: string;
  /** Said of a statement that was ended because it ran for too long, or asked for too much. */
  readonly endless: RegExp;
  /** Said of a statement that was understood, and that only a right is missing for; none by default. */
  readonly denied?: RegExp;
}
