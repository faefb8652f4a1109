/**
 * Ways of tampering with a plugin on its way into a folder: each is refused for a reason of its own, and the
 * folder and its lock are as they were. Files come from a real server.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createHost, LoadError } from "../../mod.ts";
import { vetCandidate } from "../../host/plugins/install/candidate.ts";
import { place } from "../../host/plugins/install/place.ts";
import { pluginSource } from "../../host/plugins/install/plugin_source.ts";
import { grant } from "../../host/plugins/store/admission.ts";
import { readPluginLock } from "../../host/plugins/store/plugin_lock.ts";
import { sha256 } from "../../host/platform/sha256.ts";

import {
  before,
  contents,
  fileOf,
  GOOD,
  HASH,
  hash,
  install,
  saying,
  SIGNATURE,
  withPlace,
} from "./install_place.ts";
import { cases as CASES } from "./install_tampering.cases.ts";
import { STRANGER, TRUSTED } from "../support/signer.ts";

for (const { name, reason, says, prepare } of CASES) {
  Deno.test(`install: ${name}: ${reason}`, () =>
    withPlace(async (place) => {
      const { word, placing = {}, close, ...options } = await prepare(place);
      const untouched = await contents(place.folder);
      const outside = Object.keys(await contents(place.outside)).sort();
      const error: LoadError = await assertRejects(
        () => install(word, place, options, placing),
        LoadError,
      );
      close?.();
      assertEquals([error.code, error.reason], ["install_refused", reason], error.message);
      assertStringIncludes(error.message, says);
      const now = await contents(place.folder);
      // What somebody else has put there stays.
      if (placing.meanwhile) {
        delete now["sample.wasm"];
        delete untouched["sample.wasm"];
      }
      // Where it came so far, there is a lock, which says what it said.
      if (untouched["plugins.lock"] === undefined) {
        assertEquals((await readPluginLock(place.folder)).size, 0);
        delete now["plugins.lock"];
      }
      assertEquals(now, untouched);
      assertEquals(Object.keys(await contents(place.outside)).sort(), outside);
    }));
}

Deno.test("install: there are as many ways of tampering as ever, and reasons of their own", () => {
  const reasons = new Set(CASES.map(({ reason }) => reason));
  assertEquals(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  assertEquals(
    [CASES.length >= 55, reasons.size >= 33],
    [true, true],
    `${CASES.length}, ${reasons.size}`,
  );
});

Deno.test("install: a file by https, over a redirect, is there, recorded, and used by a locked host", () =>
  withPlace(async (place) => {
    const { folder, url } = place;
    await install(hash(`${url}/moved.wasm`), place, { name: "sample.wasm" });
    assertEquals(Object.keys(await contents(folder)).sort(), ["plugins.lock", "sample.wasm"]);
    assertEquals((await readPluginLock(folder)).get("sample.wasm")!.sha256, HASH);
    await using host = await createHost({ plugins: folder, locked: true });
    assertEquals(host.discoverAvailableBackends().map(({ status }) => status), ["available"]);
  }));

Deno.test("install: a trusted signature stands for the hash, and lies beside the file", () =>
  withPlace(async (place) => {
    const { folder, url } = place;
    await install(`${url}/signed.wasm`, place, { trustedKeys: [STRANGER.key, TRUSTED.key] });
    await using host = await createHost({
      plugins: folder,
      locked: true,
      trustedKeys: [TRUSTED.key],
    });
    assertEquals(host.discoverAvailableBackends().map(({ status }) => status), ["available"]);
  }));

Deno.test("install: a later version takes the place of an earlier one, and keeps what both ask for", () =>
  withPlace(async (place) => {
    const { folder } = place;
    const asking = (version: string, types: string[]) => saying({ version, words: { types } });
    await before(place, asking("1.2.3", ["f32_blob(#9)", "gone"]));
    const file = join(folder, "sample.wasm");
    await grant(file, ["type:f32_blob", "type:gone"]);
    const next = await fileOf(place, asking("1.3.0", ["f32_blob(#9)", "come"]), "next.wasm");
    const candidate = await vetCandidate(pluginSource(next, "sample.wasm"), {
      folder,
      replace: true,
    });
    assertEquals([candidate.asks, candidate.before?.grants], [["type:come"], ["type:f32_blob"]]);
    const { before: was, after } = await place_(candidate);
    assertEquals(was!.grants, ["type:f32_blob", "type:gone"]);
    assertEquals(after!.grants, ["type:f32_blob"]);
    assertEquals((await contents(folder))["sample.wasm"], await sha256(await Deno.readFile(next)));
  }));

Deno.test("install: where a later version cannot be placed, the earlier one and its signature stay", () =>
  withPlace(async (place) => {
    const { folder } = place;
    const first = await fileOf(place, GOOD);
    await Deno.writeTextFile(`${first}.sig`, SIGNATURE);
    await install(first, place);
    const untouched = await contents(folder);
    const next = await fileOf(place, saying({ version: "2.0.0" }), "next.wasm");
    await Deno.writeTextFile(`${next}.sig`, new Uint8Array(64).toBase64());
    let writes = 0;
    const write = async (file: string, bytes: Uint8Array) => {
      await Deno.writeFile(file, bytes);
      if (++writes === 2) throw Object.assign(new Error("no room"), { code: "ENOSPC" });
    };
    await assertRejects(
      () => install(next, place, { name: "sample.wasm", replace: true }, { write }),
      LoadError,
      "there is no room",
    );
    assertEquals(writes, 2);
    assertEquals(await contents(folder), untouched);
  }));

Deno.test("install: where the file cannot be moved to its place, lock and signature are as they were", () =>
  withPlace(async (place) => {
    const { folder } = place;
    const word = await fileOf(place, GOOD);
    await Deno.writeTextFile(`${word}.sig`, SIGNATURE);
    await grant(
      await fileOf(
        place,
        saying({ backend: "other", schemes: ["other"] }),
        "../plugins/other.wasm",
      ),
      [],
    );
    const untouched = await contents(folder);
    const write = async (file: string, bytes: Uint8Array) => {
      await Deno.writeFile(file, bytes);
      // Comes when all is written, and nothing is moved yet.
      if (file.includes(".sig.")) await Deno.mkdir(join(folder, "sample.wasm"));
    };
    const error = await assertRejects(() => install(word, place, {}, { write }), LoadError);
    assertEquals(error.reason, "write_failed");
    assertEquals(await contents(folder), { ...untouched, "sample.wasm": "a folder" });
  }));

Deno.test("install: a folder that is not there is made, and is gone again where nothing came of it", () =>
  withPlace(async (where) => {
    const folder = join(where.outside, "new", "plugins");
    const word = await fileOf(where, GOOD);
    const write = () => Promise.reject(Object.assign(new Error("no room"), { code: "ENOSPC" }));
    await assertRejects(() => install(word, { folder }, {}, { write }), LoadError, "no room");
    assertEquals(Object.keys(await contents(join(where.outside, "new"))), []);
    await install(word, { folder });
    assertEquals(Object.keys(await contents(folder)).sort(), ["plugins.lock", "sample.wasm"]);
  }));

const place_ = place;
