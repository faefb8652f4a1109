/** What is told of a load, for people and programs. */
import * as v from "valibot";
import { amount, count, flag, list, text, time, word } from "./fields.ts";

const TRIGGERS = [
  "source",
  "schedule",
  "request",
  "unfinished",
  "configuration",
  "after",
  "plugin",
  "resumed",
] as const;

/**
 * What makes a load begin: `source`, its files have changed or were looked at for the first time;
 * `unfinished`, it was not at its end when the program before ended; `configuration`, its settings have
 * changed while it was not at its end; `after`, a load that it comes after is complete now; `plugin`, the
 * one that it failed over was replaced; `resumed`, it was paused before it was at its end.
 */
export type LoadTrigger = typeof TRIGGERS[number];

const STATES = [
  "idle",
  "queued",
  "running",
  "retrying",
  "waiting",
  "paused",
  "complete",
  "failed",
] as const;

/**
 * `idle`, nothing has asked for it yet; `queued`, it waits for a connection, or for loads that it comes
 * after; `running`; `retrying`, it failed for a while and is tried again; `waiting`, its source is not
 * there; `paused`, nothing begins it; `complete` and `failed`, how it ended last.
 */
export type LoadState = typeof STATES[number];

/** The plugin that planned, as `/status` tells of it. */
export const PlannedBySchema = v.strictObject({
  name: text("As its manifest names it"),
  version: text("Its version"),
  sha256: text("Hash of its bytes, in hex"),
});

/** How a run ended. */
export const RunOutcomeSchema = v.strictObject({
  state: word(["complete", "failed", "cancelled"], "How it ended"),
  trigger: word(TRIGGERS, "What had made it begin"),
  at: time("When it ended"),
  seconds: amount("How long it took"),
  committed: count("Rows that it has committed"),
  skipped: count("Rows of batches that the ledger had, those that were rejected in them too"),
  rejected: count("Rows that it has left out"),
  batches: count("Batches that it has committed"),
  backend: v.exactOptional(text("The backend that it went to")),
  table: v.exactOptional(text("The table that it went to")),
  load: v.exactOptional(v.strictObject({
    id: text("Id of the load row in the database"),
    generation: count("How often the source was loaded into the table from the start"),
  })),
  plugin: v.exactOptional(PlannedBySchema),
  notes: list(v.string(), "What one should know although all went well, a sentence each"),
  error: v.exactOptional(v.strictObject({
    code: text("What went wrong, from a closed set"),
    message: text("The same in words"),
  })),
});

/** How a run ended. */
export type RunOutcome = v.InferOutput<typeof RunOutcomeSchema>;

const ProgressSchema = v.strictObject({
  rowsCommitted: count("Rows that this run has committed"),
  batches: count("Batches that this run has committed"),
  bytesRead: count("Bytes of the source that were read, as its size counts them"),
  bytesTotal: v.exactOptional(count("Size of the source; absent where it does not know that")),
  milliseconds: amount("Since the run began"),
});

const RejectsSchema = v.strictObject({
  file: v.exactOptional(text("The file that keeps them")),
  byCode: list(
    v.strictObject({
      code: text("Why they were left out, from a closed set"),
      count: count("How many"),
      example: v.exactOptional(text("Place and reason of the first one, with no value of the row")),
    }),
    "Rows that were left out, by reason",
  ),
  replay: v.exactOptional(text("The command that loads them once they are corrected")),
});

/** Rows that a load has left out, of the run that is under way, else of the last one. */
export type LoadRejects = v.InferOutput<typeof RejectsSchema>;

const STATUS = {
  name: text("As the configuration calls it; of a load into several targets, NAME to TARGET"),
  source: list(v.string(), "Paths, globs, or ast: and a path"),
  state: word(STATES, "What it is doing"),
  detail: v.exactOptional(text("What it waits for, or why it is not complete")),
  backend: v.exactOptional(text("The backend that its rows go to, once that is known")),
  table: v.exactOptional(text("The table that its rows go to, once that is known")),
  watch: flag("Whether it begins when its source changes"),
  schedule: v.exactOptional(text("When it begins, in the words of cron")),
  next: v.exactOptional(time("When it is due by its schedule")),
  runs: count("Runs that have ended"),
  progress: v.exactOptional(ProgressSchema),
  rate: v.exactOptional(v.pipe(
    v.strictObject({
      rowsPerSecond: amount("Rows committed a second"),
      bytesPerSecond: amount("Bytes read a second"),
    }),
    v.description("Over the last five seconds of a run that is under way"),
  )),
  rejects: v.exactOptional(RejectsSchema),
  last: v.exactOptional(RunOutcomeSchema),
};

/** A load that a program has in hand. */
export const LoadStatusSchema = v.strictObject(STATUS);

/** A load that a program has in hand. */
export type LoadStatus = v.InferOutput<typeof LoadStatusSchema>;

const SampleSchema = v.strictObject({
  at: count("When it was taken, in milliseconds since 1970"),
  rows: count("Rows that the run has committed by then"),
  bytes: count("Bytes that it has read by then"),
  batches: count("Batches that it has committed by then"),
  latency: v.exactOptional(v.pipe(
    v.strictObject({
      p50: amount("Half of them took at most so long"),
      p95: amount("19 of 20 took at most so long"),
      max: amount("The slowest"),
    }),
    v.description("Milliseconds of the batches that were committed since the sample before"),
  )),
});

/** How far a run was at some time. */
export type LoadSample = v.InferOutput<typeof SampleSchema>;

/** A load in every detail. */
export const LoadDetailsSchema = v.strictObject({
  ...STATUS,
  samples: list(
    SampleSchema,
    "Of the run that is under way, else of the last one: the oldest first",
  ),
  history: list(RunOutcomeSchema, "Runs of this program that have ended: the last one first"),
});

/** A load in every detail. */
export type LoadDetails = v.InferOutput<typeof LoadDetailsSchema>;
