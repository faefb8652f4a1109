import { assert } from "@std/assert";
import { LIMITS } from "../../../src/model/limits.ts";

Deno.test("limits fit together", () => {
  assert(LIMITS.functionBodyBytesMax <= LIMITS.moduleBytesMax);
  assert(LIMITS.statementBytesMax <= LIMITS.outputBytesMax);
  assert(LIMITS.manifestBytesMax <= LIMITS.outputBytesMax);
  assert(LIMITS.outputBytesMax <= LIMITS.blockBytesPerCallMax);
  assert(
    LIMITS.statementsPerPhaseMax * 4 <= LIMITS.blocksPerCallMax,
    "a plan fits into a call's blocks",
  );
  assert(LIMITS.blocksPerCallMax < 32_766, "Extism's handles break at 32,766 blocks");
  assert(LIMITS.batchRowsDefault <= LIMITS.batchRowsMax);
  assert(LIMITS.batchBytesDefault <= LIMITS.batchBytesMax);
  assert(LIMITS.onePassBytesDefault <= LIMITS.batchBytesDefault);
  assert(LIMITS.batchBytesMax <= LIMITS.recordBytesMax, "a large record is a batch of its own");
  assert(LIMITS.recordBytesMax < 2 ** 32, "offsets within a batch are 32 bits");
  assert(LIMITS.recordBytesMax <= LIMITS.teeBytesMax, "the largest record holds nobody up");
  assert(LIMITS.columnsMax <= 9_999, "slots count columns with four digits");
  assert(LIMITS.manifestBytesMax <= LIMITS.outputBytesMax);
  assert(
    LIMITS.planBytesMax + LIMITS.outputBytesMax <= LIMITS.readBytesPerCallMax,
    "a plan and an output can be read in one call",
  );
  assert(LIMITS.downloadSilenceMsMax < LIMITS.downloadMsMax, "silence ends before all of it does");
  // Of the widest table, 36 bytes a column: what creates it, and what merges it.
  assert(2 * 36 * LIMITS.columnsMax <= LIMITS.planBytesMax);
  assert(LIMITS.tableElementsMax <= LIMITS.elementsMax);
  for (const [name, value] of Object.entries(LIMITS)) {
    assert(Number.isSafeInteger(value) && value > 0, name);
  }
});
