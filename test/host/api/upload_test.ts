/** Plugins that come by the API: who may put them, what is answered, and bodies that end early, late or never. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import * as v from "valibot";
import { PlacedSchema, RefusalSchema, RemovedSchema } from "../../../host/api/answer_schema.ts";
import { pluginStatus } from "../../../host/api/plugin_status.ts";
import { ProgramStatusSchema } from "../../../host/api/status_schema.ts";
import { sha256 } from "../../../host/platform/sha256.ts";
import { changePluginLock } from "../../../host/plugins/store/plugin_lock.ts";
import type { HostOptions } from "../../../mod.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { FIRST, saying, SECOND, stateOf } from "../../attack/upload_place.ts";
import { TOKEN, withUploads } from "./upload_api.ts";
import { TRUSTED } from "../../support/signer.ts";
import { variantOf } from "../../support/plugin_variant.ts";

const FIRST_HASH = await sha256(FIRST.slice());

function reasonOf(
  [status, body]: readonly [number, unknown, ...unknown[]],
): [number, string | undefined] {
  const { reason } = v.parse(RefusalSchema, body);
  return [status, reason];
}

Deno.test("upload by the API adds a plugin, leaves it as it is the second time, replaces and removes it", () =>
  withUploads(async ({ ask, told, host }) => {
    const other = saying({ backend: "other", schemes: ["other"] });
    const put = await ask("PUT", "/plugins/other.wasm", { body: other });
    const added = v.parse(PlacedSchema, put[1]);
    assertEquals([put[0], added.state, added.type, added.asked], [201, "added", "other", 0]);
    assertEquals(put[2].get("etag"), `"${await sha256(other)}"`);
    const again = await ask("PUT", "/plugins/other.wasm", { body: other });
    assertEquals([again[0], v.parse(PlacedSchema, again[1]).state], [200, "unchanged"]);
    const next = await ask("PUT", "/plugins/sample.wasm", { body: SECOND });
    const replaced = v.parse(PlacedSchema, next[1]);
    assertEquals([next[0], replaced.state, replaced.version], [200, "replaced", "1.3.0"]);
    assertEquals(replaced.before, { type: "sample", version: "1.2.3", sha256: FIRST_HASH });
    const gone = await ask("DELETE", "/plugins/other.wasm");
    const removed = v.parse(RemovedSchema, gone[1]);
    assertEquals([gone[0], removed], [200, {
      ...{ file: "other.wasm", state: "removed", type: "other" } as const,
    }]);
    assertEquals(reasonOf(await ask("DELETE", "/plugins/other.wasm")), [404, "target_missing"]);
    assertEquals(host.discoverAvailableBackends().map(({ type }) => type), ["sample"]);
    assertEquals(told.slice(0, 3), [
      "Plugin other.wasm has come by the API",
      "Plugin sample.wasm has come by the API",
      "Plugin other.wasm was taken out by the API",
    ]);
    assertMatch(
      told[3] ?? "",
      /^Asked by the API to remove other\.wasm: Plugin is not removed: there/,
    );
  }));

interface Refused {
  readonly name: string;
  readonly status: number;
  readonly reason: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
  readonly host?: HostOptions;
  readonly says?: string;
}

const asking = saying({ version: "1.3.0", words: { types: ["f32_blob(#9)"] } });

const REFUSED: readonly Refused[] = [
  ...["..%2Fevil.wasm", "%2e%2e%5Cevil.wasm", "evil.wat", "nul.wasm", ".evil.wasm", "a%00.wasm"]
    .map((
      path,
    ) => ({ name: `PUT /plugins/${path}`, status: 400, reason: "name_unsafe", path })),
  ...["..%2Fvictim.wasm", "plugins.lock", "%2Fetc%2Fpasswd"].map((path) => ({
    ...{ name: `DELETE /plugins/${path}`, status: 400, reason: "name_unsafe", path },
    method: "DELETE",
  })),
  {
    ...{ name: "no module", status: 400, reason: "not_wasm" },
    body: new TextEncoder().encode("a text"),
  },
  { name: "half a module", status: 422, reason: "module_refused", body: SECOND.slice(0, 300) },
  {
    ...{ name: "a lower version", status: 409, reason: "version_lower" },
    ...{ body: saying({ version: "1.0.0" }), says: 'If-Match: "' },
  },
  {
    ...{ name: "another build of the same version", status: 409, reason: "version_reused" },
    body: variantOf(FIRST, "x"),
  },
  {
    ...{ name: "another plugin", status: 409, reason: "other_plugin" },
    body: saying({ name: "evil", version: "9.0.0" }),
  },
  {
    ...{ name: "the type of another file", status: 409, reason: "type_taken", path: "evil.wasm" },
    body: saying({ schemes: ["evil"] }),
  },
  {
    ...{
      name: "in the place of another file than is meant",
      status: 412,
      reason: "target_changed",
    },
    ...{ body: SECOND, headers: { "if-match": `"${"0".repeat(64)}"` } },
  },
  {
    ...{ name: "in the place of whatever is there", status: 400, reason: "hash_malformed" },
    ...{ body: SECOND, headers: { "if-match": "*" } },
  },
  {
    ...{ name: "a grant that it does not ask for", status: 422, reason: "grant_unasked" },
    ...{ body: asking, path: "sample.wasm?grants=type:f32_blob,batch_column_name" },
  },
  {
    ...{ name: "what a closed lock does not know", status: 403, reason: "locked" },
    ...{ body: SECOND, host: { locked: true } },
  },
  {
    ...{ name: "no signature, where keys are trusted", status: 422, reason: "signature_missing" },
    ...{ body: SECOND, host: { trustedKeys: [TRUSTED.key] }, says: "Plugin-Signature: BASE64" },
  },
  {
    ...{ name: "a signature of another file", status: 422, reason: "signature_untrusted" },
    ...{ body: SECOND, host: { trustedKeys: [TRUSTED.key] } },
    headers: { "plugin-signature": await TRUSTED.sign(FIRST) },
  },
];

for (const { name, status, reason, path = "sample.wasm", method = "PUT", ...asked } of REFUSED) {
  Deno.test(`upload by the API is refused: ${name}: ${status} ${reason}`, () =>
    withUploads(async (setup) => {
      const { body = method === "PUT" ? SECOND : undefined, headers = {}, says = "" } = asked;
      const untouched = await stateOf(setup);
      const answer = await setup.ask(method, `/plugins/${path}`, {
        headers,
        ...(body === undefined ? {} : { body }),
      });
      assertEquals(reasonOf(answer), [status, reason], JSON.stringify(answer[1]));
      assertStringIncludes(v.parse(RefusalSchema, answer[1]).error, says);
      assertEquals(await stateOf(setup), untouched);
    }, asked.host ? { host: asked.host } : {}));
}

Deno.test("upload by the API grants what the query names, and /status tells of it", () =>
  withUploads(async ({ ask, host }) => {
    const [status, body] = await ask("PUT", "/plugins/sample.wasm?grants=type:f32_blob", {
      body: asking,
    });
    assertEquals([status, v.parse(PlacedSchema, body).grants], [200, ["type:f32_blob"]]);
    const told = pluginStatus(host.discoverAvailableBackends());
    const sample = told.find(({ type, status }) => type === "sample" && status === "available");
    assertEquals(sample?.grants, ["type:f32_blob"]);
  }));

Deno.test("upload by the API takes a signature in a header, and any version by the hash of the one before", () =>
  withUploads(async ({ ask, file }) => {
    const build = variantOf(FIRST, "another build");
    const signature = await TRUSTED.sign(build);
    const headers = { "plugin-signature": signature, "if-match": `"${FIRST_HASH}"` };
    const [status] = await ask("PUT", "/plugins/sample.wasm", { body: build, headers });
    assertEquals(status, 200);
    assertEquals((await Deno.readTextFile(file("sample.wasm.sig"))).trim(), signature);
  }));

Deno.test("upload by the API is off unless it is said, and /status says so", async () => {
  await withUploads(async (setup) => {
    const untouched = await stateOf(setup);
    for (const method of ["PUT", "DELETE"]) {
      const [status, body] = await setup.ask(method, "/plugins/sample.wasm", {
        ...(method === "PUT" ? { body: SECOND, headers: { "content-type": "text/plain" } } : {}),
      });
      assertEquals(status, 403);
      assertStringIncludes(v.parse(RefusalSchema, body).error, "start serve with --uploads");
    }
    assertEquals(await stateOf(setup), untouched);
    const [, status] = await setup.ask("GET", "/status");
    assertEquals(v.parse(ProgramStatusSchema, status).uploads, false);
  }, { off: true });
  await withUploads(async ({ ask }) => {
    const [, status] = await ask("GET", "/status");
    assertEquals(v.parse(ProgramStatusSchema, status).uploads, true);
  });
});

Deno.test("upload by the API needs the token, and a body of its kind that a form cannot send", () =>
  withUploads(async (setup) => {
    const untouched = await stateOf(setup);
    for (const authorization of ["", "Bearer another-token-of-24-char", `Basic ${TOKEN}`]) {
      for (const method of ["PUT", "DELETE"]) {
        const [status] = await setup.ask(method, "/plugins/sample.wasm", {
          headers: { authorization },
          ...(method === "PUT" ? { body: SECOND } : {}),
        });
        assertEquals(status, 401, `${method} ${authorization}`);
      }
    }
    for (const type of ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]) {
      const headers = { "content-type": type };
      const [status, refusal] = await setup.ask("PUT", "/plugins/sample.wasm", {
        body: SECOND,
        headers,
      });
      assertStringIncludes(
        JSON.stringify(refusal),
        "send the header Content-Type: application/wasm",
      );
      assertEquals(status, 415, type);
    }
    assertEquals((await setup.ask("POST", "/plugins/sample.wasm", { body: SECOND }))[0], 405);
    assertEquals(await stateOf(setup), untouched);
  }));

/** How a body comes that nobody takes. */
const BODIES: readonly {
  readonly name: string;
  readonly head: string;
  readonly body?: Uint8Array;
  readonly status: number;
  readonly reason?: string;
}[] = [
  {
    ...{ name: "a length of more than there may be, of which nothing comes", status: 413 },
    head: `PUT /plugins/sample.wasm\ncontent-length: ${LIMITS.moduleBytesMax + 1}`,
  },
  {
    ...{ name: "a gibibyte", status: 413 },
    head: `PUT /plugins/sample.wasm\ncontent-length: ${2 ** 30}`,
  },
  {
    ...{ name: "more than there may be, in pieces of which nobody says how many", status: 413 },
    ...{ head: "PUT /plugins/sample.wasm\ntransfer-encoding: chunked", reason: "too_large" },
    body: pieces(new Uint8Array(LIMITS.moduleBytesMax + 70_000)),
  },
  {
    ...{ name: "a body that stops and never ends", status: 408, reason: "too_slow" },
    head: `PUT /plugins/sample.wasm\ncontent-length: ${SECOND.length}`,
    body: SECOND.subarray(0, 500),
  },
  {
    ...{ name: "pieces that stop and never end", status: 408, reason: "too_slow" },
    head: "PUT /plugins/sample.wasm\ntransfer-encoding: chunked",
    body: pieces(SECOND).subarray(0, -5),
  },
];

for (const { name, head, body, status, reason } of BODIES) {
  Deno.test(`upload by the API is refused: ${name}: ${status}`, () =>
    withUploads(async (setup) => {
      const untouched = await stateOf(setup);
      const answer = await setup.send(head, body);
      assertEquals(Number(answer.split(" ")[1]), status, answer);
      const [, text] = answer.split("\r\n\r\n");
      assertEquals(v.parse(RefusalSchema, JSON.parse(text!)).reason, reason);
      assertStringIncludes(answer.toLowerCase(), "connection: close");
      assertEquals(await stateOf(setup), untouched);
    }, { silenceMsMax: 300 }));
}

Deno.test("upload by the API whose client is gone before its end leaves no trace", () =>
  withUploads(async (setup) => {
    const untouched = await stateOf(setup);
    const head = `PUT /plugins/sample.wasm\ncontent-length: ${SECOND.length}`;
    for (const cut of [0, 1, 500, SECOND.length - 1]) {
      await setup.send(head, SECOND.subarray(0, cut), true);
    }
    await setup.send(
      "PUT /plugins/sample.wasm\ntransfer-encoding: chunked",
      pieces(SECOND).subarray(0, -5),
      true,
    );
    assertEquals((await setup.ask("GET", "/healthz"))[0], 200);
    assertEquals(await stateOf(setup), untouched);
    // It has all come, and who has sent it does not wait: it is taken, or it is not.
    await setup.send(head, SECOND, true);
    const [, body] = await setup.ask("PUT", "/plugins/sample.wasm", { body: SECOND });
    assert(["replaced", "unchanged"].includes(v.parse(PlacedSchema, body).state));
  }));

Deno.test("upload by the API: two at once are both answered, and one name has one plugin", () =>
  withUploads(async ({ ask, host, file }) => {
    const versions = Array.from({ length: 6 }, (_, i) => saying({ version: `2.${i}.0` }));
    const answers = await Promise.all([
      ...versions.map((body) => ask("PUT", "/plugins/sample.wasm", { body })),
      ...["x", "y"].map((name) =>
        ask("PUT", `/plugins/${name}.wasm`, {
          body: saying({ backend: "both", schemes: ["both"] }),
        })
      ),
    ]);
    const statuses = answers.map(([status]) => status);
    // A version that comes behind a higher one is refused.
    assert(statuses.slice(0, 6).every((status) => status === 200 || status === 409), `${statuses}`);
    assertEquals(statuses.slice(6).toSorted(), [201, 409]);
    const sample = host.discoverAvailableBackends().find(({ type }) => type === "sample")!;
    assertEquals(sample.version, "2.5.0");
    assertEquals(sample.plugin!.sha256, await sha256(await Deno.readFile(file("sample.wasm"))));
  }));

Deno.test("upload by the API: a file that is in quarantine does not come back by another name", () =>
  withUploads(async ({ ask, folder }) => {
    await changePluginLock(folder, async (plugins) => {
      plugins.set("gone.wasm", {
        ...{ sha256: await sha256(SECOND.slice()), bytes: SECOND.length, abi: 2 },
        ...{ imports: [], grants: [], faults: { count: 3, last: "it trapped" } },
      });
    });
    const answer = await ask("PUT", "/plugins/sample.wasm", { body: SECOND });
    assertEquals(reasonOf(answer), [422, "quarantined"]);
  }));

/** Bytes as `transfer-encoding: chunked` has them. */
function pieces(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    parts.push(new TextEncoder().encode(`${part.length.toString(16)}\r\n`), part);
    parts.push(new TextEncoder().encode("\r\n"));
  }
  parts.push(new TextEncoder().encode("0\r\n\r\n"));
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
