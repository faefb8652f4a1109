/** What a thousand backends take, registered and discovered. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

const MODULE = new URL("../../mod.ts", import.meta.url).href;
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const BACKENDS = 1_000;
const BYTES_MAX = 20 * 1024 * 1024;
/** It takes some microseconds. */
const MS_MAX = 0.1;

/** In a process of its own, whose garbage can be collected when it is measured. */
const PROGRAM = `
  const { createHost } = await import(${JSON.stringify(MODULE)});
  class Nothing {
    connect() { return Promise.resolve(); }
    writeBatch() { throw new Error("not written"); }
    healthCheck() { throw new Error("not asked"); }
    close() { return Promise.resolve(); }
  }
  const host = await createHost();
  const schema = { type: "object", properties: { path: { type: "string", description: "Where" } } };
  const used = () => { gc(); gc(); return Deno.memoryUsage().heapUsed; };
  const before = used();
  for (let i = 0; i < ${BACKENDS}; i++) host.registerBackend("backend" + i, Nothing, structuredClone(schema));
  const found = host.discoverAvailableBackends().length;
  const bytes = used() - before;
  // Right after a change, which is when it takes longest; the best of many, whatever else runs here.
  let bestMs = Infinity;
  for (let i = 0; i < 500; i++) {
    host.deregisterBackend("backend" + i);
    const started = performance.now();
    host.discoverAvailableBackends();
    bestMs = Math.min(bestMs, performance.now() - started);
  }
  console.log(JSON.stringify({ found, bytes, bestMs }));
`;

Deno.test("a thousand backends are registered and discovered in less than 20 MB, and 0.1 ms", async () => {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--expose-gc", `--config=${CONFIG}`, PROGRAM],
  }).output();
  const text = new TextDecoder();
  assert(success, text.decode(stderr));
  const { found, bytes, bestMs } = JSON.parse(text.decode(stdout));
  assertEquals(found, BACKENDS);
  assert(bytes > 0 && bytes < BYTES_MAX, `${bytes} bytes`);
  assert(bestMs < MS_MAX, `${bestMs} ms`);
});
