/** Answers of the API beside the status of the program and of its loads. */
import * as v from "valibot";
import { WRITE_MODES } from "../../src/model/batch.ts";
import { count, flag, list, text, time, word } from "./fields.ts";

/** It is alive. */
export const AliveSchema = v.strictObject({ status: v.literal("alive") });

/** It is ready. */
export const ReadySchema = v.strictObject({ status: v.literal("ready") });

/** It is not ready. */
export const NotReadySchema = v.strictObject({
  status: v.literal("not ready"),
  because: list(v.string(), "What stands against it, a sentence each"),
});

/** Why nothing is answered, or done. */
export const RefusalSchema = v.strictObject({
  error: text("Why, and the way out"),
  reason: v.exactOptional(text("Which of the reasons why a plugin is not taken it is, in a word")),
});

/** What was asked of a load is done, as soon as it can be. */
export const AcceptedSchema = v.strictObject({
  load: text("The name that was asked for"),
  state: word(["queued", "paused", "resumed"], "What has become of it"),
});

/** A plugin is used again. */
export const ReleasedSchema = v.strictObject({
  type: text("The backend that it makes"),
  status: v.literal("available"),
});

const PlanChangeSchema = v.strictObject({
  question: text("What the plugins were asked"),
  gone: list(v.string(), "Lines that are gone, each with its place in the plan"),
  come: list(v.string(), "Lines that have come"),
});

/** A plugin was put into its folder. */
export const PlacedSchema = v.strictObject({
  file: text("Name of its file"),
  state: word(
    ["added", "replaced", "unchanged"],
    "unchanged: the folder and its lock had it as it is",
  ),
  type: text("The backend that it makes"),
  version: text("Its version"),
  sha256: text("Hash of its bytes, in hex"),
  grants: list(v.string(), "What is granted to it beyond what every plugin may"),
  asks: list(v.string(), "What it asks for and has not"),
  before: v.exactOptional(v.pipe(
    v.strictObject({
      type: text("The backend that it made"),
      version: text("Its version"),
      sha256: v.exactOptional(text("Hash of its bytes, in hex")),
    }),
    v.description("What it has taken the place of"),
  )),
  asked: count("Plans in use that it was asked for first"),
  plans: list(PlanChangeSchema, "Those of them that are not what they were"),
});

/** A plugin was taken out of its folder. */
export const RemovedSchema = v.strictObject({
  file: text("Name of its file"),
  state: v.literal("removed"),
  type: v.exactOptional(text("The backend that it made; absent where it was not in use")),
});

const PastLoadSchema = v.strictObject({
  id: text("Unique in the database"),
  schema: v.exactOptional(text("Schema of the ledger, and of the table")),
  table: text("Name of the table"),
  source: text("Name of the source"),
  generation: count("How often the source was loaded into the table from the start"),
  state: word(
    ["running", "complete", "failed"],
    "running also where the program died: nobody has said anything else",
  ),
  mode: word(WRITE_MODES, "How rows met the rows that were there"),
  startedAt: time("When it began first"),
  finishedAt: v.exactOptional(time("When it ended; absent where it has not")),
  committedAt: v.exactOptional(time("When its last batch was committed")),
  batches: count("Batches that are committed"),
  read: count("Rows of the source in these batches"),
  committed: count("Rows that were committed"),
  superseded: count("Rows of an upsert that a later row of the same key has replaced"),
  rejected: count("Rows that were left out"),
  plugin: v.strictObject({ name: text("As its manifest names it"), version: text("Its version") }),
});

/** Loads that a database has seen, the newest first. */
export const PastLoadsSchema = v.strictObject({
  loads: list(PastLoadSchema, "The newest first"),
  more: flag("Whether there are older ones"),
  next: v.exactOptional(text("What to give as before, to be told of those")),
});

/** Loads that a database has seen. */
export type PastLoads = v.InferOutput<typeof PastLoadsSchema>;

/** Every number of loads and backends. */
export const MetricsSchema = v.strictObject({
  metrics: list(
    v.strictObject({
      name: text("As in OpenTelemetry"),
      kind: word(
        ["counter", "gauge", "histogram"],
        "A counter only grows, a gauge is what it was set to last, a histogram counts by size",
      ),
      unit: text("By UCUM, a thing that is counted in braces"),
      about: text("In one sentence"),
      bounds: v.exactOptional(list(v.number(), "Of a histogram, the upper bounds of its buckets")),
      series: list(
        v.strictObject({
          labels: v.record(v.string(), v.string()),
          value: v.pipe(v.number(), v.description("Of a histogram, the sum of what it took")),
          buckets: v.exactOptional(list(
            v.number(),
            "How many values are at most as large as each bound, and all of them at the end",
          )),
        }),
        "One for each set of labels",
      ),
    }),
    "Each by its name",
  ),
});

const EVENT_KINDS = ["load", "backend", "plugin", "config", "retry", "breaker", "program"] as const;

/** Something that has happened. */
export const EventSchema = v.strictObject({
  number: count("From 1, one more with each event of this program"),
  at: time("When"),
  kind: word(EVENT_KINDS, "What it is about"),
  text: text("What has happened, in words"),
  load: v.exactOptional(text("The load that it is about")),
  backend: v.exactOptional(text("The backend that it is about")),
  plugin: v.exactOptional(text("The plugin that it is about, by its type or its file")),
});

/** Something that has happened. */
export type ProgramEvent = v.InferOutput<typeof EventSchema>;

/** What has happened lately. */
export const EventsSchema = v.strictObject({
  events: list(EventSchema, "The oldest first"),
  last: count("The number of the newest event that there is; 0 before the first"),
});
