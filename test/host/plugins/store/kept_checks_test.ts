/** What is kept of checks against databases: by the bytes of a file, and by nothing else. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { CHECKS_FILE, keepCheck, readChecks } from "../../../../host/plugins/store/kept_checks.ts";
import { LoadError } from "../../../../src/model/errors.ts";
import { withFolder } from "../../../support/target.ts";

const [ONE, OTHER] = ["1".repeat(64), "2".repeat(64)];
const check = (database: string, on = "2026-11-30") => ({
  ...{ database, on, snakepipe: "0.1.0", cases: 573, differs: 0 },
});
const name = "mine.wasm";

Deno.test("kept checks: the newest of each database, for the bytes that were checked alone", () =>
  withFolder(async (folder) => {
    const keep = (sha256: string, database: string, passed = true, on?: string) =>
      keepCheck(folder, { name, sha256, check: check(database, on), passed });
    const kept = async (sha256: string) =>
      (await readChecks(folder))(name, sha256).map(({ database, on }) => `${database} ${on}`);
    await keep(ONE, "A 1");
    await keep(ONE, "B 1");
    await keep(ONE, "A 1", true, "2026-12-01");
    assertEquals(await kept(ONE), ["A 1 2026-12-01", "B 1 2026-11-30"]);
    assertEquals(await kept(OTHER), []);
    assertEquals((await readChecks(folder))("other.wasm", ONE), []);
    await keep(ONE, "A 1", false);
    assertEquals(await kept(ONE), ["B 1 2026-11-30"]);
    await keep(OTHER, "A 2");
    assertEquals([await kept(ONE), await kept(OTHER)], [[], ["A 2 2026-11-30"]]);
  }));

Deno.test("kept checks: one that has not passed makes no file", () =>
  withFolder(async (folder) => {
    await keepCheck(folder, { name, sha256: ONE, check: check("A 1"), passed: false });
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("kept checks: many at once are all kept", () =>
  withFolder(async (folder) => {
    const names = Array.from({ length: 12 }, (_, i) => `p${i}.wasm`);
    await Promise.all(names.map((name) =>
      keepCheck(folder, { name, sha256: ONE, check: check("A 1"), passed: true })
    ));
    const found = await readChecks(folder);
    assertEquals(
      names.map((name) =>
        found(name, ONE).length
      ),
      names.map(() => 1),
    );
  }));

Deno.test("kept checks: a file of somebody else is refused, and stays as it is", () =>
  withFolder(async (folder) => {
    const file = join(folder, CHECKS_FILE);
    const bad = { version: 1, plugins: { [name]: { sha256: ONE, checks: [{ database: "" }] } } };
    for (const text of ["mine", "{}", JSON.stringify(bad)]) {
      await Deno.writeTextFile(file, text);
      const kept = { name, sha256: ONE, check: check("A 1"), passed: true };
      for (const act of [() => readChecks(folder), () => keepCheck(folder, kept)]) {
        const error: LoadError = await assertRejects(async () => void await act(), LoadError);
        assertEquals(error.code, "config_invalid");
        assertStringIncludes(error.message, "which snakepipe check --to writes");
      }
      assertEquals(await Deno.readTextFile(file), text);
    }
  }));
