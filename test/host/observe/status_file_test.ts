import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { seenPrograms } from "../../../host/observe/running/seen_programs.ts";
import { removeLeftOver, StatusFile } from "../../../host/observe/running/status_file.ts";
import { FOLDER_VARIABLE } from "../../../host/observe/running/status_folder.ts";
import { LoadError } from "../../../mod.ts";
import { withFolder } from "../../support/target.ts";

const LOAD = { state: "running", source: "a.ndjson", table: "t" } as const;

/** With a folder for status files that is not there yet. */
function withStatusFolder(act: (path: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const path = join(folder, "status");
    Deno.env.set(FOLDER_VARIABLE, path);
    await act(path);
  });
}

function open(program = "load", now = () => Date.now()): Promise<StatusFile> {
  return StatusFile.open({ program, since: Date.now(), now });
}

function namesIn(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name);
}

Deno.test("status file is of its user alone, replaced whole, seen as alive, and gone at the end", () =>
  withStatusFolder(async (path) => {
    assertEquals(await seenPrograms(), { programs: [], unknown: 0 });
    const file = await open();
    assertEquals(namesIn(path), []);
    await file.write({ loads: [LOAD] });
    const [name] = namesIn(path);
    const modes = [path, join(path, name!)].map((one) => Deno.lstatSync(one).mode! & 0o777);
    assertEquals(modes, [0o700, 0o600]);
    const before = Deno.lstatSync(join(path, name!)).ino;
    await file.write({ loads: [LOAD, { ...LOAD, table: "u" }] });
    assertEquals(namesIn(path), [name]);
    assert(Deno.lstatSync(join(path, name!)).ino !== before, "another file has its place");
    const { programs: [seen] } = await seenPrograms();
    assertEquals([seen?.isAlive, seen?.status.pid, seen?.status.loads.length], [true, Deno.pid, 2]);
    // Nobody takes away what a living program has.
    assertEquals(await removeLeftOver(seen!.file), false);
    await file.remove();
    assertEquals(namesIn(path), []);
  }));

Deno.test("status file that says the same is written again after a minute, and not before", () =>
  withStatusFolder(async (path) => {
    let now = Date.now();
    const file = await open("serve", () => now);
    await file.write({ loads: [] });
    const at = async () => (await seenPrograms()).programs[0]!.status.at;
    const first = await at();
    now += 59_000;
    await file.write({ loads: [] });
    assertEquals(await at(), first);
    now += 1_000;
    await file.write({ loads: [] });
    assertEquals(await at(), new Date(now).toISOString());
    await file.remove();
    assertEquals(namesIn(path), []);
  }));

Deno.test("status file without a lock is of a program that was killed, whoever has its number now", () =>
  withStatusFolder(async (path) => {
    const file = await open();
    await file.write({ loads: [LOAD] });
    const text = await Deno.readTextFile(join(path, namesIn(path)[0]!));
    await file.remove();
    await Deno.writeTextFile(join(path, "1-dead.json"), text);
    const { programs: [seen] } = await seenPrograms();
    assertEquals([seen?.isAlive, seen?.status.pid], [false, Deno.pid]);
    assertEquals(await removeLeftOver(seen!.file), true);
    assertEquals((await seenPrograms()).programs, []);
  }));

Deno.test("status files of other versions are counted, and drafts are nothing", () =>
  withStatusFolder(async (path) => {
    await Deno.mkdir(path, { mode: 0o700 });
    await Deno.writeTextFile(join(path, "1-a.json"), '{"version":2}');
    await Deno.writeTextFile(join(path, "1-b.json"), '{"version":1,"pid":');
    await Deno.writeTextFile(join(path, ".1-c.json.draft"), "{");
    assertEquals(await seenPrograms(), { programs: [], unknown: 2 });
  }));

Deno.test("what was left a day ago is removed by the next program that loads", () =>
  withStatusFolder(async (path) => {
    await Deno.mkdir(path, { mode: 0o700 });
    const [old, recent] = ["1-old.json", "1-recent.json"].map((name) => join(path, name));
    for (const file of [old!, recent!]) await Deno.writeTextFile(file, "{}");
    const day = 24 * 3_600 * 1_000;
    await Deno.utime(old!, new Date(Date.now() - day - 1), new Date(Date.now() - day - 1));
    const file = await open();
    assertEquals(namesIn(path), ["1-recent.json"]);
    await file.remove();
  }));

Deno.test("a folder that others can enter, or put in its place, is used by nobody", () =>
  withStatusFolder(async (path) => {
    const elsewhere = `${path}_elsewhere`;
    await Deno.mkdir(elsewhere, { mode: 0o700 });
    const cases: [make: () => Promise<void>, fault: string][] = [
      [() => Deno.symlink(elsewhere, path), "it is no folder"],
      [() => Deno.writeTextFile(path, ""), "it is no folder"],
      [
        async () => {
          await Deno.mkdir(path);
          await Deno.chmod(path, 0o755);
        },
        "others may open it",
      ],
      ...(Deno.uid() === 0
        ? [[async () => {
          await Deno.mkdir(path, { mode: 0o700 });
          await Deno.chown(path, 12345, 12345);
        }, "it belongs to somebody else"] as [() => Promise<void>, string]]
        : []),
    ];
    for (const [make, fault] of cases) {
      await make();
      const file = await open();
      await file.write({ loads: [LOAD] });
      await file.remove();
      const error = await assertRejects(() => seenPrograms(), LoadError);
      assertStringIncludes(error.message, `${path}: ${fault}`);
      assertEquals(error.code, "usage");
      assertEquals(namesIn(elsewhere), []);
      await Deno.remove(path);
    }
  }));
