import {
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { DatabaseBackend, HealthStatus, WriteResult } from "../../../src/model/backend.ts";
import type { ConfigSchema } from "../../../src/model/config_schema.ts";
import { LoadError } from "../../../src/model/errors.ts";
import { databaseBackend, decoratedBackends } from "../../../src/registry/decorator.ts";
import type { RegistryEvent } from "../../../src/registry/event.ts";
import { Registry } from "../../../src/registry/registry.ts";

const SCHEMA: ConfigSchema = {
  type: "object",
  properties: { path: { type: "string", description: "Where to write" } },
  required: ["path"],
};

class NullBackend implements DatabaseBackend {
  connect(): Promise<void> {
    return Promise.resolve();
  }
  writeBatch(): Promise<WriteResult> {
    return Promise.resolve({
      kind: "written",
      counts: { read: 0, committed: 0, superseded: 0, rejected: 0 },
      contentHash: "",
      milliseconds: 0,
    });
  }
  healthCheck(): Promise<HealthStatus> {
    return Promise.resolve({ status: "healthy", latencyMs: 0, checkedAt: 0 });
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

function codeOf(act: () => unknown): string {
  return assertThrows(act, LoadError).code;
}

Deno.test("registry registers a class and discovers it with its schema and capabilities", () => {
  const registry = new Registry();
  registry.registerBackend("null", NullBackend, SCHEMA, { version: "2.0.0", schemes: ["null"] });
  const [info] = registry.discoverAvailableBackends();
  assertEquals(info!.type, "null");
  assertEquals(info!.version, "2.0.0");
  assertEquals(info!.status, "available");
  assertEquals(info!.configSchema, SCHEMA);
  assertEquals(info!.capabilities.modes, ["append"]);
  assertEquals(registry.typeOfScheme("null"), "null");
});

Deno.test("registry refuses an implementation that lacks required members, naming all of them", () => {
  class Half {
    connect(): void {}
    healthCheck = 3;
  }
  const error: LoadError = assertThrows(
    () => new Registry().registerBackend("half", Half as unknown as typeof NullBackend, SCHEMA),
    LoadError,
  );
  assertEquals(error.code, "backend_invalid");
  assertEquals(error.issues.map((i) => i.path), ["writeBatch", "healthCheck", "close"]);
});

Deno.test("registry refuses what is no class, no schema, no type and no capabilities", () => {
  const registry = new Registry();
  const no = null as unknown;
  assertEquals(
    codeOf(() => registry.registerBackend("x", no as typeof NullBackend, SCHEMA)),
    "backend_invalid",
  );
  assertEquals(
    codeOf(() => registry.registerBackend("x", NullBackend, {} as ConfigSchema)),
    "backend_invalid",
  );
  assertEquals(
    codeOf(() => registry.registerBackend("X y", NullBackend, SCHEMA)),
    "backend_invalid",
  );
  assertEquals(
    codeOf(() =>
      registry.registerBackend("x", NullBackend, SCHEMA, { capabilities: { modes: [] } as never })
    ),
    "backend_invalid",
  );
  assertEquals(registry.discoverAvailableBackends(), []);
});

Deno.test("registry takes a type once, and a scheme once", () => {
  const registry = new Registry();
  registry.registerBackend("one", NullBackend, SCHEMA, { schemes: ["s"] });
  assertEquals(
    codeOf(() => registry.registerBackend("one", NullBackend, SCHEMA)),
    "backend_exists",
  );
  const error: LoadError = assertThrows(
    () => registry.registerBackend("two", NullBackend, SCHEMA, { schemes: ["s"] }),
    LoadError,
  );
  assertEquals(error.code, "backend_exists");
  assertStringIncludes(error.message, "one");
  assertEquals(registry.types(), ["one"]);
});

Deno.test("registry names what is there when a type is unknown", () => {
  const registry = new Registry();
  registry.registerBackend("one", NullBackend, SCHEMA);
  const error: LoadError = assertThrows(() => registry.lease("two"), LoadError);
  assertEquals(error.code, "backend_unknown");
  assertStringIncludes(error.message, "one");
});

Deno.test("registry keeps a deregistered entry whole for whoever holds it, and lists it as draining", () => {
  const registry = new Registry();
  registry.registerBackend("one", NullBackend, SCHEMA);
  const lease = registry.lease("one");
  registry.deregisterBackend("one");
  assertEquals(codeOf(() => registry.lease("one")), "backend_unknown");
  assertEquals(registry.discoverAvailableBackends().map((b) => b.status), ["draining"]);
  assertEquals(lease.entry.create() instanceof NullBackend, true);
  lease.release();
  lease.release();
  assertEquals(registry.discoverAvailableBackends(), []);
});

Deno.test("registry replaces an entry: new leases get the new one, old ones keep the old", () => {
  const registry = new Registry();
  registry.registerBackend("one", NullBackend, SCHEMA, { version: "1.0.0" });
  const old = registry.lease("one");
  registry.replace({ ...old.entry, info: { ...old.entry.info, version: "2.0.0" } });
  assertEquals(registry.lease("one").entry.info.version, "2.0.0");
  assertEquals(old.entry.info.version, "1.0.0");
  assertEquals(registry.discoverAvailableBackends().map((b) => [b.version, b.status]), [
    ["2.0.0", "available"],
    ["1.0.0", "draining"],
  ]);
});

Deno.test("registry tells every change as an event, in order, whatever a listener throws", () => {
  const registry = new Registry();
  const events: RegistryEvent[] = [];
  registry.subscribe(() => {
    throw new Error("a listener's own fault");
  });
  const end = registry.subscribe((event) => events.push(event));
  registry.registerBackend("one", NullBackend, SCHEMA);
  registry.replace(registry.lease("one").entry);
  registry.deregisterBackend("one");
  end();
  registry.registerBackend("two", NullBackend, SCHEMA);
  assertEquals(events.map((e) => [e.kind, e.snapshot]), [["registered", 1], ["replaced", 2], [
    "deregistered",
    3,
  ]]);
});

Deno.test("registry answers discovery from one snapshot until something changes", () => {
  const registry = new Registry();
  for (let i = 0; i < 1000; i++) registry.registerBackend(`b${i}`, NullBackend, SCHEMA);
  const first = registry.discoverAvailableBackends();
  assertStrictEquals(registry.discoverAvailableBackends(), first);
  registry.deregisterBackend("b7");
  assertNotStrictEquals(registry.discoverAvailableBackends(), first);
  assertEquals(first.length, 1000);
  assertEquals(registry.discoverAvailableBackends().length, 999);
});

Deno.test("decorator registers a backend class", () => {
  @databaseBackend("decorated", SCHEMA, { version: "3.1.0" })
  class Decorated extends NullBackend {}
  const lease = decoratedBackends.lease("decorated");
  assertEquals(lease.entry.create() instanceof Decorated, true);
  assertEquals(lease.entry.info.version, "3.1.0");
  lease.release();
  decoratedBackends.deregisterBackend("decorated");
});

Deno.test("registry puts an entry of another type in the place of one, whole or not at all", () => {
  const registry = new Registry();
  registry.registerBackend("old", NullBackend, SCHEMA, { schemes: ["old", "shared"] });
  registry.registerBackend("other", NullBackend, SCHEMA, { schemes: ["other"] });
  const [old] = registry.entries();
  const next = (type: string, schemes: readonly string[]) => ({
    ...old!,
    info: { ...old!.info, type, schemes },
  });
  const events: [string, string, string | undefined][] = [];
  registry.subscribe(({ kind, backend, before }) =>
    events.push([kind, backend.type, before?.type])
  );
  assertEquals(codeOf(() => registry.replace(next("other", []), old!)), "backend_exists");
  assertEquals(codeOf(() => registry.replace(next("new", ["other"]), old!)), "backend_exists");
  assertEquals([registry.types(), events], [["old", "other"], []]);
  registry.replace(next("new", ["shared"]), old!);
  assertEquals([registry.types(), registry.typeOfScheme("shared")], [["new", "other"], "new"]);
  assertEquals(events, [["replaced", "new", "old"]]);
  assertEquals(codeOf(() => registry.replace(next("third", []), old!)), "backend_unknown");
});

Deno.test("registry forgets that a file was refused, once it is let in or gone", () => {
  const registry = new Registry();
  registry.registerBackend("null", NullBackend, SCHEMA);
  const [entry] = registry.entries();
  const plugin = { name: "p", file: "p.wasm", sha256: "", imports: [] };
  const info = { ...entry!.info, type: "p", plugin };
  const statuses = () =>
    registry.discoverAvailableBackends().map(({ type, status }) => [type, status]);
  registry.refuse("p.wasm", { ...info, status: "refused", reason: "half" });
  registry.forget("other.wasm");
  assertEquals(statuses(), [["null", "available"], ["p", "refused"]]);
  registry.register({ ...entry!, info });
  assertEquals(statuses(), [["null", "available"], ["p", "available"]]);
  registry.setAside(registry.entries().find((one) => one.info === info)!, "too many faults");
  assertEquals(statuses(), [["null", "available"], ["p", "quarantined"]]);
  registry.forget("p.wasm");
  assertEquals(statuses(), [["null", "available"]]);
  assertEquals(codeOf(() => registry.release("p")), "backend_unknown");
});

Deno.test("registry adopts what another one has, at once, and what is in both stays as it is", () => {
  const registry = new Registry();
  for (const type of ["gone", "other", "same"]) {
    registry.registerBackend(type, NullBackend, SCHEMA, { schemes: [`${type}s`] });
  }
  const lease = registry.lease("gone");
  const same = registry.entries().find(({ info }) => info.type === "same")!;
  const plugin = { name: "p", file: "p.wasm", sha256: "", imports: [] };
  const told = { ...same.info, type: "p", plugin, status: "refused", reason: "told" } as const;
  registry.refuse("p.wasm", told);
  const next = new Registry();
  next.register(same);
  next.registerBackend("other", NullBackend, SCHEMA, { version: "2.0.0" });
  // What one had that goes is another's by then.
  next.registerBackend("new", NullBackend, SCHEMA, { schemes: ["gones"] });
  next.refuse("p.wasm", { ...told });
  next.refuse("q.wasm", { ...told, type: "q", plugin: { ...plugin, file: "q.wasm" } });
  const events: RegistryEvent[] = [];
  registry.subscribe((event) => events.push(event));
  registry.adopt(next);
  assertEquals(
    events.map(({ kind, backend, before }) => [kind, backend.type, before?.version]),
    [
      ["deregistered", "gone", undefined],
      ["replaced", "other", "0.0.0"],
      ["registered", "new", undefined],
      ["refused", "q", undefined],
    ],
  );
  assertEquals(new Set(events.map(({ snapshot }) => snapshot)).size, 1);
  assertEquals(registry.types(), ["new", "other", "same"]);
  assertStrictEquals(registry.entries().find(({ info }) => info.type === "same"), same);
  assertEquals(registry.typeOfScheme("gones"), "new");
  const statuses = () =>
    registry.discoverAvailableBackends().map(({ type, status }) => `${type} ${status}`);
  const rest = ["p refused", "q refused"];
  const available = ["new available", "other available", "same available"];
  assertEquals(statuses(), [...available, "gone draining", ...rest]);
  lease.release();
  assertEquals(statuses(), [...available, ...rest]);
});
