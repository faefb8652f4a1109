/** What the ledgers of a database say of loads. */
import type { DatabaseBackend } from "./backend.ts";
import type { WriteMode } from "./batch.ts";
import { LoadError } from "./errors.ts";

/** Which loads are asked for. */
export interface PastLoadsQuestion {
  /** Loads at the most, the newest first. */
  readonly limit: number;
  /** Into this table, by its name alone; into any by default. */
  readonly table?: string;
  /** In this state alone; in any by default. */
  readonly state?: PastLoad["state"];
  /** Those behind this one alone, the way they are answered; from the newest by default. */
  readonly before?: PastLoadPlace;
}

/** Where a load stands among those of its database. */
export interface PastLoadPlace {
  /** As {@linkcode PastLoad.startedAt} has it; those of the same time are behind it by their id. */
  readonly startedAt: string;
  /** Its id; all that began before the time are behind the place where it is left out. */
  readonly id?: string;
}

/** A load, as its row and its batches have it. */
export interface PastLoad {
  /** Unique in the database. */
  readonly id: string;
  /** Schema of the ledger, and of the table; absent where names stand alone. */
  readonly schema?: string;
  /** Name of the table. */
  readonly table: string;
  /** The source's name. */
  readonly source: string;
  /** How often the source was loaded into the table again, from 1. */
  readonly generation: number;
  /** `running` also of a load whose program died: nobody has said anything else. */
  readonly state: "running" | "complete" | "failed";
  /** How rows met the rows that were there. */
  readonly mode: WriteMode;
  /** When it began first, ISO 8601 in UTC. */
  readonly startedAt: string;
  /** When it ended, the same; absent where it has not. */
  readonly finishedAt?: string;
  /** When its last batch was committed, the same; absent where none was. */
  readonly committedAt?: string;
  /** Batches that are committed. */
  readonly batches: number;
  /** Rows of the source in these batches. */
  readonly read: number;
  /** Rows that were committed. */
  readonly committed: number;
  /** Rows of an upsert that a later row of the same key has replaced. */
  readonly superseded: number;
  /** Rows that were left out. */
  readonly rejected: number;
  /** The plugin that planned. */
  readonly plugin: { readonly name: string; readonly version: string };
}

/** What the ledgers of a backend say. @throws {LoadError} `usage` where it keeps none */
export async function pastLoadsOf(
  backend: DatabaseBackend,
  question: PastLoadsQuestion,
): Promise<readonly PastLoad[]> {
  if (backend.pastLoads) return await backend.pastLoads(question);
  throw new LoadError("This backend keeps no ledger, so that it does not know what was loaded", {
    code: "usage",
    blame: "config",
  });
}
