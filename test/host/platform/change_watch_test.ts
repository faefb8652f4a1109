/** Looks at files that change, told by the system or not. */
import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { ChangeWatch } from "../../../host/platform/change_watch.ts";
import { eventually } from "../../support/eventually.ts";
import { makePipe } from "../../support/named_pipe.ts";
import { withFolder } from "../../support/target.ts";

/** A watch of a folder, which counts its looks and reads a file at each. */
function watchOf(folder: string, pollMs = 60_000) {
  const seen: string[] = [];
  const failures: unknown[] = [];
  const watch = new ChangeWatch({
    folders: () => [folder],
    pollMs,
    blindMs: 20,
    onFailure: (error) => failures.push(error),
    look: async () => void seen.push(await Deno.readTextFile(join(folder, "file")).catch(() => "")),
  });
  return { watch, seen, failures };
}

Deno.test("change watch looks when something changes, long before it would by the clock", () =>
  withFolder(async (folder) => {
    const { watch, seen } = watchOf(folder);
    await using _ = watch;
    await eventually("the first look", () => seen.length > 0);
    assert(watch.told);
    await Deno.writeTextFile(join(folder, "file"), "one");
    await eventually("one", () => seen.at(-1) === "one");
    await Deno.writeTextFile(join(folder, "file"), "two");
    await eventually("two", () => seen.at(-1) === "two");
  }));

Deno.test("change watch looks by the clock at a folder that is not there yet, or is another one", () =>
  withFolder(async (root) => {
    const folder = join(root, "later");
    const { watch, seen } = watchOf(folder, 50);
    await using _ = watch;
    await eventually("looks", () => seen.length > 2);
    assertEquals(watch.told, false);
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "file"), "one");
    await eventually("one", () => seen.at(-1) === "one" && watch.told);
    await Deno.rename(folder, join(root, "before"));
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "file"), "two");
    await eventually("two", () => seen.at(-1) === "two");
  }));

Deno.test("change watch looks by the clock where a pipe lies, which the system's watcher would wait for", () =>
  withFolder(async (folder) => {
    await makePipe(join(folder, "pipe"));
    const { watch, seen } = watchOf(folder, 50);
    await using _ = watch;
    await Deno.writeTextFile(join(folder, "file"), "one");
    await eventually("one", () => seen.at(-1) === "one");
    assertEquals(watch.told, false);
  }));

Deno.test("change watch goes on where a look fails", () =>
  withFolder(async (folder) => {
    let looks = 0;
    const failures: unknown[] = [];
    await using _ = new ChangeWatch({
      folders: () => [folder],
      pollMs: 20,
      onFailure: (error) => failures.push(error),
      look: () => {
        looks++;
        return looks === 1 ? Promise.reject(new Error("once")) : Promise.resolve();
      },
    });
    await eventually("a second look", () => looks > 1);
    assertEquals(failures.map(String), ["Error: once"]);
  }));

Deno.test("change watch asks a system that watches no more folders once, and looks by the clock", () =>
  withFolder(async (folder) => {
    const { watchFs } = Deno;
    let asked = 0;
    Deno.watchFs = () => {
      asked++;
      throw new Error("Too many are watched already");
    };
    try {
      const { watch, seen } = watchOf(folder);
      await using _ = watch;
      await eventually("looks", () => seen.length > 4);
      await Deno.writeTextFile(join(folder, "file"), "one");
      await eventually("one", () => seen.at(-1) === "one");
      assertEquals([asked, watch.told], [1, false]);
    } finally {
      Deno.watchFs = watchFs;
    }
  }));
