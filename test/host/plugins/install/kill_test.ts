/** A program that is killed while it places a plugin leaves the one that was there, or the new one. */
import { assert, assertEquals } from "@std/assert";
import { basename, fromFileUrl, join } from "@std/path";
import { createHost } from "../../../../mod.ts";
import { sha256 } from "../../../../host/platform/sha256.ts";
import { grant } from "../../../../host/plugins/store/admission.ts";
import { changePluginLock } from "../../../../host/plugins/store/plugin_lock.ts";
import { finishPlacing, stagedAt } from "../../../../host/plugins/store/staged_plugin.ts";
import { contents } from "../../../attack/install_place.ts";
import { FIRST, SECOND } from "../../../attack/upload_place.ts";
import { TRUSTED } from "../../../support/signer.ts";
import { withFolder } from "../../../support/target.ts";

const PROGRAM = fromFileUrl(new URL("./place_program.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../../deno.json", import.meta.url));
const [FIRST_HASH, SECOND_HASH] = await Promise.all(
  [FIRST, SECOND].map((it) => sha256(it.slice())),
);
const KILLS = 12;
const ID = crypto.randomUUID();

/** Everything that lies there but for what plugins have answered. */
async function namesIn(folder: string): Promise<string[]> {
  return Object.keys(await contents(folder)).filter((name) => name !== "plugins.kept").sort();
}

/** What a host that takes nothing new finds there: versions, all of them in use. */
async function versionsIn(folder: string): Promise<string[]> {
  await using host = await createHost({
    plugins: folder,
    locked: true,
    trustedKeys: [TRUSTED.key],
  });
  return host.discoverAvailableBackends().map(({ status, version, reason }) =>
    status === "available" ? version : `${status}: ${reason}`
  );
}

type Step = (folder: string) => Promise<void>;

interface Moment {
  readonly when: string;
  /** What was done until then, where `sample.wasm` with its signature is there, and a lock that knows it. */
  readonly done: readonly Step[];
  readonly version: string;
}

const half: Step = (folder) =>
  Deno.writeFile(stagedAt(folder, "sample.wasm", ID), SECOND.subarray(0, 500));
const staged: Step = (folder) => Deno.writeFile(stagedAt(folder, "sample.wasm", ID), SECOND);
const stagedSignature: Step = async (folder) => {
  await Deno.writeTextFile(stagedAt(folder, "sample.wasm.sig", ID), await TRUSTED.sign(SECOND));
};
const locked: Step = (folder) =>
  changePluginLock(folder, (plugins) => {
    plugins.set("sample.wasm", { ...plugins.get("sample.wasm")!, sha256: SECOND_HASH! });
  });
const movedSignature: Step = (folder) =>
  Deno.rename(stagedAt(folder, "sample.wasm.sig", ID), join(folder, "sample.wasm.sig"));
const moved: Step = (folder) =>
  Deno.rename(stagedAt(folder, "sample.wasm", ID), join(folder, "sample.wasm"));

const WRITTEN = [staged, stagedSignature];
const MOMENTS: readonly Moment[] = [
  { when: "half of the file is written beside its place", done: [half], version: "1.2.3" },
  { when: "the file is written beside its place", done: [staged], version: "1.2.3" },
  { when: "its signature is, too", done: WRITTEN, version: "1.2.3" },
  { when: "the lock knows it", done: [...WRITTEN, locked], version: "1.3.0" },
  {
    when: "its signature is in its place",
    done: [...WRITTEN, locked, movedSignature],
    version: "1.3.0",
  },
  {
    when: "both are in their places",
    done: [...WRITTEN, locked, movedSignature, moved],
    version: "1.3.0",
  },
];

for (const { when, done, version } of MOMENTS) {
  Deno.test(`place that is killed once ${when} leaves version ${version}, and no other file`, () =>
    withFolder(async (folder) => {
      const file = join(folder, "sample.wasm");
      await Deno.writeFile(file, FIRST);
      await Deno.writeTextFile(`${file}.sig`, await TRUSTED.sign(FIRST));
      await grant(file, []);
      for (const step of done) await step(folder);
      assertEquals(await versionsIn(folder), [version]);
      assertEquals(await namesIn(folder), ["plugins.lock", "sample.wasm", "sample.wasm.sig"]);
    }));
}

Deno.test("what was left where the lock knows nothing of it is removed", () =>
  withFolder(async (folder) => {
    await staged(folder);
    await stagedSignature(folder);
    await Deno.writeFile(stagedAt(folder, "other.wasm", crypto.randomUUID()), new Uint8Array());
    await Deno.writeTextFile(join(folder, ".sample.wasm.swp"), "somebody else's");
    const [old, young] = [1, 2].map(() => join(folder, `.plugins.lock.${crypto.randomUUID()}`));
    for (const lock of [old!, young!]) await Deno.writeTextFile(lock, "");
    await Deno.utime(old!, new Date(2026, 0), new Date(2026, 0));
    await finishPlacing(folder);
    const left = [basename(young!), ".sample.wasm.swp", "plugins.lock"];
    assertEquals(await namesIn(folder), left);
  }));

Deno.test(`place that is killed ${KILLS} times at any moment leaves one of both each time, signed and known`, () =>
  withFolder(async (root) => {
    const folder = join(root, "plugins");
    const sources = [join(root, "first.wasm"), join(root, "second.wasm")];
    for (const [i, bytes] of [FIRST, SECOND].entries()) {
      await Deno.writeFile(sources[i]!, bytes);
      await Deno.writeTextFile(`${sources[i]}.sig`, await TRUSTED.sign(bytes));
    }
    let placed = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", `--config=${CONFIG}`, PROGRAM, folder, ...sources],
        stdin: "null",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      const reader = child.stdout.getReader();
      // Once it has begun to place, at a moment that the machine chooses.
      const { value } = await reader.read();
      placed += new TextDecoder().decode(value).split("placed").length - 1;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 25));
      child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
      const [version, ...others] = await versionsIn(folder);
      assertEquals(others, []);
      assert(version === "1.2.3" || version === "1.3.0", version);
      const hash = await sha256(await Deno.readFile(join(folder, "sample.wasm")));
      assertEquals(hash, version === "1.2.3" ? FIRST_HASH : SECOND_HASH);
      // What is left of the lock itself may be another program's, until it is old.
      const names = (await namesIn(folder)).filter((name) => !name.startsWith(".plugins.lock."));
      assertEquals(names, ["plugins.lock", "sample.wasm", "sample.wasm.sig"]);
    }
    assert(placed >= KILLS, `${placed}`);
  }));
