import { assertEquals, assertThrows } from "@std/assert";
import type { DatabaseBackend, LoadRequest } from "../../../src/model/backend.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { openUnledgeredLoad } from "../../../src/load/unledgered_load.ts";
import { NUL_RULES } from "../../../src/model/nul_rule.ts";

const REQUEST: LoadRequest = {
  shape: { table: { name: "t" }, columns: [], mode: "append" },
  source: "s",
  batchRowsMax: 10,
  batchBytesMax: 100,
};

Deno.test("plain load refuses a rule for U+0000, which its backend would not hear of", () => {
  const backend = {} as DatabaseBackend;
  assertEquals(openUnledgeredLoad(backend, REQUEST).batchRowsMax, 10);
  for (const nul of NUL_RULES) {
    const error = assertThrows(() => openUnledgeredLoad(backend, { ...REQUEST, nul }), LoadError);
    assertEquals([error.code, error.blame], ["usage", "config"]);
  }
});
