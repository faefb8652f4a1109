/** Discovery of a thousand backends: again and again, and right after a change. */
import { createHost } from "../mod.ts";
import type { BenchSuite } from "./harness.ts";
import { NULL_SCHEMA, NullBackend } from "./registration_bench.ts";

const BACKENDS = 1_000;
/** Prime to the number of backends, so that they come in no order and none twice. */
const STEP = 619;

/** A host of its own, with nothing but classes. */
export async function discoverySuite(): Promise<BenchSuite> {
  const host = await createHost();
  const direct = new Map<string, object>();
  for (let i = 0; i < BACKENDS; i++) {
    const type = `backend_${(i * STEP) % BACKENDS}`;
    direct.set(type, host.registerBackend(type, NullBackend, NULL_SCHEMA));
  }
  let changed = false;
  const goal = { kind: "time", msMax: 0.1 } as const;
  return {
    name: "discovery",
    title: `Discovery of ${BACKENDS} backends`,
    cases: [
      { name: "values of a map", calls: 20, run: () => [...direct.values()] },
      {
        name: "discovered",
        calls: 1_000,
        baseline: "values of a map",
        goal,
        run: () => host.discoverAvailableBackends(),
      },
      {
        name: "discovered after a change",
        baseline: "values of a map",
        goal,
        before: () => {
          changed = !changed;
          if (changed) host.registerBackend("one_more", NullBackend, NULL_SCHEMA);
          else host.deregisterBackend("one_more");
        },
        run: () => host.discoverAvailableBackends(),
      },
    ],
  };
}
