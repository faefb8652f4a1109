/** What a program that runs tells of itself: one document for `serve` and for `load --status`. */
import * as v from "valibot";
import { amount, count, flag, list, text, time, word } from "./fields.ts";
import { LoadStatusSchema, PlannedBySchema } from "./load_schema.ts";

/** A plugin, or a backend in TypeScript. */
export const PluginStatusSchema = v.strictObject({
  type: text("The backend that it makes, or the file's name where that is not known"),
  version: text("Its version"),
  status: word(
    ["available", "refused", "quarantined", "draining"],
    "refused, it was not let in; quarantined, it has failed too often; draining, another has its place",
  ),
  reason: v.exactOptional(text("Why it was refused or quarantined")),
  file: v.exactOptional(text("Where it was read from; absent of a backend in TypeScript")),
  sha256: v.exactOptional(text("Hash of its bytes, in hex")),
  grants: list(v.string(), "What the operator has granted to it beyond what every plugin may"),
});

/** A plugin, or a backend in TypeScript. */
export type PluginStatus = v.InferOutput<typeof PluginStatusSchema>;

const BreakerSchema = v.strictObject({
  state: word(["closed", "open", "half_open"], "open refuses work at once; half_open asks"),
  since: v.exactOptional(amount("Since when it is not closed, in milliseconds since 1970")),
  detail: v.exactOptional(text("The failure that keeps it from being closed")),
});

const HealthSchema = v.strictObject({
  status: word(["healthy", "degraded", "unhealthy"], "degraded works, but slowly"),
  latencyMs: amount("Round trip of the question, in milliseconds"),
  checkedAt: amount("When it was asked, in milliseconds since 1970"),
  connections: v.exactOptional(v.strictObject({
    open: count("Connections for such questions that were open"),
    leased: count("Those of them that were in use"),
  })),
  detail: v.exactOptional(text("Why it is not healthy")),
});

const PoolSchema = v.strictObject({
  endpoint: text("Where it leads to, without secrets"),
  role: text("control, for questions; lane and small_lane, for the batches of loads"),
  open: count("Connections that are open"),
  leased: count("Those of them that are in use"),
});

/** A backend that loads go to. */
export const BackendStatusSchema = v.strictObject({
  name: text("As the configuration calls it, or what else to call it"),
  type: v.exactOptional(text("The plugin's; absent where no plugin answers for it now")),
  state: word(
    ["connecting", "up", "down"],
    "connecting for the first time; up; down, and tried again",
  ),
  endpoint: v.exactOptional(text("Where it writes, without secrets")),
  plugin: v.exactOptional(PlannedBySchema),
  writers: v.exactOptional(v.strictObject({
    inUse: count("Connections that loads have in hand"),
    max: count("Connections that loads together may have"),
  })),
  pools: list(PoolSchema, "Its pools of connections; backends with the same settings share them"),
  breaker: v.exactOptional(BreakerSchema),
  health: v.exactOptional(HealthSchema),
  lastError: v.exactOptional(v.pipe(
    v.strictObject({ at: time("When"), message: text("Why") }),
    v.description("Why it is down, or was last"),
  )),
});

/** A backend that loads go to. */
export type BackendStatus = v.InferOutput<typeof BackendStatusSchema>;

/** Everything that is known. */
export const ProgramStatusSchema = v.strictObject({
  program: word(["serve", "load"], "serve, which stays; load, which ends with its load"),
  version: text("Of the program"),
  pid: count("Of its process"),
  state: word(["serving", "draining"], "draining: nothing begins any more"),
  since: time("When it was started"),
  operate: word(
    ["no", "token", "open"],
    "Whether anything can be changed here: not at all, with the token, or by whoever can ask",
  ),
  uploads: flag("Whether plugins can be put here, and taken away"),
  config: v.exactOptional(v.strictObject({
    file: text("The file of the configuration"),
    readAt: time("When the one in force was read"),
    overruled: list(
      v.string(),
      "What of it is not in force, since the command line says otherwise",
    ),
    error: v.exactOptional(text("Why the file as it is now is not in force")),
  })),
  plugins: list(PluginStatusSchema, "Every plugin, those that were not let in too"),
  backends: list(BackendStatusSchema, "The backends that loads go to"),
  loads: list(LoadStatusSchema, "The loads"),
});

/** Everything that is known. */
export type ProgramStatus = v.InferOutput<typeof ProgramStatusSchema>;
