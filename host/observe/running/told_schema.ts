/** What a status file has to be; {@linkcode ToldProgram} says what it means. */
import * as v from "valibot";
import { WRITE_MODES } from "../../../src/model/batch.ts";
import type { ToldProgram } from "./told_program.ts";

const Count = v.pipe(v.number(), v.minValue(0));

const LoadSchema = v.strictObject({
  name: v.exactOptional(v.string()),
  state: v.picklist(["running", "retrying", "queued", "waiting", "paused", "failed"]),
  detail: v.exactOptional(v.string()),
  source: v.string(),
  backend: v.exactOptional(v.string()),
  endpoint: v.exactOptional(v.string()),
  table: v.exactOptional(v.string()),
  mode: v.exactOptional(v.picklist(WRITE_MODES)),
  run: v.exactOptional(v.strictObject({
    load: v.exactOptional(v.strictObject({ id: v.string(), generation: Count })),
    since: v.string(),
    milliseconds: Count,
    committed: Count,
    superseded: Count,
    rejected: Count,
    batches: Count,
    committedBefore: Count,
    retries: Count,
    bytesRead: Count,
    bytesTotal: v.exactOptional(Count),
  })),
});

/** What a status file has to be. */
export const ToldProgramSchema = v.strictObject({
  version: v.literal(1),
  snakepipe: v.string(),
  program: v.string(),
  pid: Count,
  since: v.string(),
  at: v.string(),
  folder: v.exactOptional(v.string()),
  api: v.exactOptional(v.string()),
  idle: v.exactOptional(Count),
  loads: v.array(LoadSchema),
}) satisfies v.GenericSchema<unknown, ToldProgram>;
