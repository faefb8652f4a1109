/** Several programs change what lies beside the plugins, and none undoes what another has done. */
import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { KEPT_FILE } from "../../../../host/platform/kept_answers.ts";
import { grant, PluginFolder, revoke } from "../../../../host/plugins/store/admission.ts";
import {
  changePluginLock,
  LOCK_FILE,
  readPluginLock,
} from "../../../../host/plugins/store/plugin_lock.ts";
import { readPluginFile } from "../../../../host/plugins/store/store.ts";
import { pluginThat } from "../../../attack/module_attack.ts";
import { withFolder } from "../../../support/target.ts";

const PROGRAM = fromFileUrl(new URL("./lock_program.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../../deno.json", import.meta.url));
const COUNT = 25;

function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `--config=${CONFIG}`, PROGRAM, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function run(...args: string[]): Promise<void> {
  assertEquals((await start(...args).output()).success, true);
}

function names(name: string): string[] {
  return Array.from({ length: COUNT }, (_, i) => `${name}_${i}.wasm`);
}

async function namesIn(folder: string): Promise<string[]> {
  return [...(await readPluginLock(folder)).keys()].sort();
}

Deno.test("lock of plugins keeps what programs add, and what one takes out, at the same time", () =>
  withFolder(async (folder) => {
    await run("add", folder, "old", String(COUNT));
    await Promise.all([
      run("add", folder, "a", String(COUNT)),
      run("add", folder, "b", String(COUNT)),
      run("remove", folder, "old", String(COUNT)),
    ]);
    assertEquals(await namesIn(folder), [...names("a"), ...names("b")].sort());
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [LOCK_FILE]);
  }));

Deno.test("kept answers of several programs at the same time all stay", () =>
  withFolder(async (folder) => {
    await Promise.all(["a", "b", "c"].map((name) => run("keep", folder, name, String(COUNT))));
    const lines = (await Deno.readTextFile(join(folder, KEPT_FILE))).trimEnd().split("\n");
    assertEquals(new Set(lines).size, 3 * COUNT);
  }));

Deno.test("lock of plugins is free again once the program that had it is killed", () =>
  withFolder(async (folder) => {
    const child = start("hold", folder, "x", "1");
    const output = child.stdout.getReader();
    await output.read();
    let isThrough = false;
    const change = changePluginLock(folder, (plugins) => void plugins.clear())
      .then(() => isThrough = true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assertEquals(isThrough, false);
    child.kill("SIGKILL");
    await child.status;
    await output.cancel();
    await change;
  }));

Deno.test("program that lets in a new file undoes neither a revoke nor a grant of meanwhile", () =>
  withFolder(async (folder) => {
    const named = pluginThat({ capabilities: ["batch_column_name"] });
    for (const name of ["known", "other"]) {
      await Deno.writeFile(join(folder, `${name}.wasm`), named);
      await grant(join(folder, `${name}.wasm`), ["batch_column_name"]);
    }
    const opened = await PluginFolder.open(folder, {});
    for (const name of ["new", "granted"]) {
      await Deno.writeFile(join(folder, `${name}.wasm`), pluginThat({}));
      await opened.admit(await readPluginFile(join(folder, `${name}.wasm`)));
    }
    await revoke(join(folder, "known.wasm"), []);
    await revoke(join(folder, "other.wasm"), ["batch_column_name"]);
    await Deno.writeFile(join(folder, "granted.wasm"), named);
    await grant(join(folder, "granted.wasm"), ["batch_column_name"]);
    await opened.save();
    const after = await readPluginLock(folder);
    assertEquals(
      [...after].map(([name, { grants }]) => [name, grants]),
      [["granted.wasm", ["batch_column_name"]], ["new.wasm", []], ["other.wasm", []]],
    );
  }));
