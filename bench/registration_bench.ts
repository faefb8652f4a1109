/** Registration: of a plugin from its bytes, vetted and compiled, and of a class. */
import { createHash } from "node:crypto";
import type { ConfigSchema, DatabaseBackend, HealthStatus, WriteResult } from "../mod.ts";
import { BarePlugin } from "./bare_plugin.ts";
import type { BenchCase, BenchSuite } from "./harness.ts";
import { neverSeen } from "./never_seen.ts";
import { type BenchPlace, pluginBytes } from "./place.ts";

/** Both plugins in the place of themselves, and a class. */
export async function registrationSuite(place: BenchPlace): Promise<BenchSuite> {
  const cases: BenchCase[] = [];
  for (const name of ["libsql", "postgresql"]) cases.push(...await pluginCases(place, name));
  return {
    name: "registration",
    title: "Registration of a backend",
    cases: [...cases, ...classCases(place)],
  };
}

async function pluginCases({ host }: BenchPlace, name: string): Promise<BenchCase[]> {
  const bytes = await pluginBytes(name);
  const next = neverSeen(bytes);
  const nothing = new Uint8Array();
  const direct = (module: Uint8Array<ArrayBuffer>) => {
    createHash("sha256").update(module).digest("hex");
    return new BarePlugin(new WebAssembly.Module(module)).call("manifest", nothing);
  };
  const goal = { kind: "time", msMax: 1 } as const;
  return [
    { name: `${name}: hashed, compiled and asked for its manifest`, run: () => direct(next()) },
    {
      name: `${name}: registered, bytes never seen before`,
      baseline: `${name}: hashed, compiled and asked for its manifest`,
      goal,
      run: () => host.registerPlugin(next(), { replace: true }),
    },
    {
      // The engine keeps what it has compiled for as long as somebody holds it.
      name: `${name}: registered, same bytes again`,
      baseline: `${name}: hashed, compiled and asked for its manifest`,
      goal,
      run: () => host.registerPlugin(bytes, { replace: true }),
    },
  ];
}

function classCases({ host }: BenchPlace): BenchCase[] {
  const direct = new Map<string, unknown>();
  return [
    {
      name: "class: kept in a map",
      calls: 1_000,
      run: () => direct.set("null", { implementation: NullBackend, schema: NULL_SCHEMA }),
    },
    {
      name: "class: registered",
      baseline: "class: kept in a map",
      run: () => host.registerBackend("null", NullBackend, NULL_SCHEMA),
      after: () => host.deregisterBackend("null"),
    },
  ];
}

/** Settings of {@linkcode NullBackend}. */
export const NULL_SCHEMA: ConfigSchema = {
  type: "object",
  properties: { path: { type: "string", description: "Where to write", minLength: 1 } },
  required: ["path"],
};

/** A backend that takes everything and keeps nothing. */
export class NullBackend implements DatabaseBackend {
  connect(): Promise<void> {
    return Promise.resolve();
  }

  writeBatch(): Promise<WriteResult> {
    const counts = { read: 0, committed: 0, superseded: 0, rejected: 0 };
    return Promise.resolve({ kind: "written", counts, contentHash: "", milliseconds: 0 });
  }

  healthCheck(): Promise<HealthStatus> {
    return Promise.resolve({ status: "healthy", latencyMs: 0, checkedAt: 0 });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
