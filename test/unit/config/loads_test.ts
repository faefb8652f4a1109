import { assert, assertEquals, assertThrows } from "@std/assert";
import { type ConfigFile, readConfig } from "../../../src/config/config_content.ts";
import { inOrder } from "../../../src/config/references.ts";
import { LoadError } from "../../../src/model/errors.ts";

function read(loads: unknown, more: Record<string, unknown> = {}): ConfigFile {
  return readConfig({ backends: { main: { type: "x" } }, default: "main", loads, ...more }, {
    file: "snakepipe.jsonc",
    lookup: (name) => name === "SECRET" ? "hunter2" : undefined,
    resolve: (path) => `/etc/${path}`,
    schemes: ["file"],
    scheduleFault: (words) => words === "0 3 * * *" ? undefined : "Expected other words",
  });
}

function issuesOf(loads: unknown, more?: Record<string, unknown>): Record<string, string> {
  const error: LoadError = assertThrows(() => read(loads, more), LoadError);
  assertEquals([error.code, error.blame], ["config_invalid", "config"]);
  return Object.fromEntries(error.issues.map(({ path, message }) => [path, message]));
}

Deno.test("loads are read with the types that options have", () => {
  const { loads } = read({
    people: {
      source: "people.csv",
      key: "id",
      delimiter: "tab",
      maxRejects: "0.5%",
      rejects: "people.rejects.ndjson",
      set: { poolSize: 3, bulk: "insert" },
      schedule: "0 3 * * *",
    },
    nodes: { source: ["a.ndjson", "ast:src"], after: "people", watch: true, maxRejects: 0 },
  });
  assertEquals([...loads], [
    ["people", {
      source: ["people.csv"],
      key: ["id"],
      delimiter: "\t",
      maxRejects: { kind: "share", share: 0.005 },
      rejects: "people.rejects.ndjson",
      set: { poolSize: 3, bulk: "insert" },
      schedule: "0 3 * * *",
    }],
    ["nodes", {
      source: ["a.ndjson", "ast:src"],
      after: ["people"],
      watch: true,
      maxRejects: { kind: "count", rowsMax: 0 },
    }],
  ]);
});

Deno.test("loads: every mistake is reported at once, each at its path", () => {
  const issues = issuesOf({
    a: { source: "-", mode: "insert", batchRows: 0, connections: "4" },
    b: { sauce: "b.csv", table: "" },
    c: { source: ["c.csv", "c.csv"], to: "mian", after: ["a", "zz"], schedule: "at noon" },
    d: { source: "d.csv", mode: "upsert", maxRejects: "200%", after: "e" },
    e: { source: "postgres://me:hunter2@host/db", after: "d", set: { list: [1] } },
    "f g": { source: "f.csv" },
    h: [],
  });
  const expected: Record<string, string> = {
    "loads.a.source": "Standard input is read once",
    "loads.a.mode": "Expected append, upsert or replace",
    "loads.a.batchRows": "Expected a whole number from 1 to 122880",
    "loads.a.connections": "Expected a whole number from 1 to 64",
    "loads.b.sauce": "Unknown name, did you mean source?",
    "loads.b.source": "Missing",
    "loads.b.table": "Expected a string, not an empty one",
    "loads.c.source": "Names a source twice",
    "loads.c.to": "No backend is named mian, there are: main",
    "loads.c.after": "No load is named zz",
    "loads.c.schedule": "Expected other words",
    "loads.d.key": "An upsert needs a key",
    "loads.d.maxRejects": "Nothing says where rows",
    "loads.d.after": "No load can come after itself: d comes after e comes after d",
    "loads.e.source": "A source is a file and no URL",
    "loads.e.after": "No load can come after itself: e comes after d comes after e",
    "loads.e.set.list": "Expected a string, a number or a boolean",
    "loads.f g": "A load's name is letters",
    "loads.h.source": "Missing",
  };
  for (const [path, message] of Object.entries(expected)) {
    assert(issues[path]?.startsWith(message), `${path}: ${issues[path]}\nnot: ${message}`);
  }
  assertEquals(Object.keys(issues).sort(), Object.keys(expected).sort());
});

Deno.test("loads: no message repeats a secret or a URL", () => {
  const issues = issuesOf({
    a: { source: "a.csv", to: "${SECRET}", after: "${SECRET}" },
    b: { source: "postgres://me:hunter2@host/db" },
  });
  assertEquals(Object.keys(issues).length, 3);
  assertEquals(JSON.stringify(issues).includes("hunter2"), false);
});

Deno.test("loads: a target may be a URL, which is no backend's name", () => {
  assertEquals(
    read({ a: { source: "a.csv", to: "libsql:a.db" } }).loads.get("a")?.to,
    "libsql:a.db",
  );
});

Deno.test("loads stand behind those that they come after, and else as they are written", () => {
  const loads = new Map([
    ["a", { after: ["d"] }],
    ["b", {}],
    ["c", { after: ["a", "b", "elsewhere"] }],
    ["d", {}],
  ]);
  assertEquals(inOrder(loads), ["d", "a", "b", "c"]);
});

Deno.test("loads: a text of several is read as on the command line, a list as it stands", () => {
  const { loads } = read({
    text: { source: "a,b.csv", key: "k, v", header: "k,v", to: "main,file:a.db" },
    list: { source: ["a,b.csv"], key: ["k,v"], header: ["k,v"], to: ["main"], after: "text,url" },
    url: { source: "x.csv", to: "file:a.db,main", after: "text" },
  }, { backends: { main: { type: "x" } } });
  assertEquals([...loads.values()], [
    { source: ["a,b.csv"], key: ["k", "v"], header: ["k", "v"], to: ["main", "file:a.db"] },
    { source: ["a,b.csv"], key: ["k,v"], header: ["k,v"], to: ["main"], after: ["text", "url"] },
    { source: ["x.csv"], to: ["file:a.db", "main"], after: ["text"] },
  ]);
  const issues = issuesOf({
    a: { source: "a.csv", to: "main,nope", after: "b,zz" },
    b: { source: "b.csv", to: "main,main", key: "k,k", header: "k,," },
  });
  assertEquals(Object.keys(issues).sort(), [
    "loads.a.after",
    "loads.a.to",
    "loads.b.header",
    "loads.b.key",
    "loads.b.to",
  ]);
});
