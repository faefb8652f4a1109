/**
 * Ways of tampering with a plugin that a program puts into the folder that it watches: each is refused for a
 * reason of its own, and folder, lock and registry are as they were.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LoadError } from "../../mod.ts";
import { FIRST, stateOf, withWatched } from "./upload_place.ts";
import { cases as CASES } from "./upload_tampering.cases.ts";

for (const { name, reason, says, options = {}, before, upload } of CASES) {
  Deno.test(`upload: ${name}: ${reason}`, () =>
    withWatched(async (place) => {
      const { file = "sample.wasm", bytes = FIRST, ...how } = typeof upload === "function"
        ? await upload(place)
        : upload;
      const untouched = await stateOf(place);
      const error: LoadError = await assertRejects(
        () => place.watched.place(file, bytes, how),
        LoadError,
      );
      assertEquals([error.code, error.reason], ["install_refused", reason], error.message);
      assertStringIncludes(error.message, says);
      assertEquals(await stateOf(place), untouched);
    }, { ...options, ...(before ? { prepare: before } : {}) }));
}

Deno.test("upload: there are as many ways of tampering as ever, and reasons of their own", () => {
  const reasons = new Set(CASES.map(({ reason }) => reason));
  assertEquals(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  assertEquals(
    [CASES.length >= 65, reasons.size >= 24],
    [true, true],
    `${CASES.length}, ${reasons.size}`,
  );
});
