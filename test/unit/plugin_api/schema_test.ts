/** Manifests and plans at the edges of their schemas: what is just let in, and what just is not. */
import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { LIMITS } from "../../../src/model/limits.ts";
import { ManifestSchema } from "../../../src/plugin_api/manifest.ts";
import { PlanSchema } from "../../../src/plugin_api/plan.ts";
import { ABI_VERSION } from "../../../src/plugin_api/version.ts";

const limits = { parametersMax: 999, rowsPerStatementMax: 100, identifierBytesMax: 63 };
const capabilities = { modes: ["append"], transactions: true, limits };
const MANIFEST = {
  abi: ABI_VERSION,
  name: "sample",
  version: "1.2.3",
  backend: "sample",
  driver: "sample",
  schemes: ["sample"],
  config: { type: "object", properties: {} },
  capabilities,
};
const write = { sql: "INSERT", row: "({values})", rowsMax: 1 };
const PLAN = {
  ...{ create: [], prepare: [], stage: [], merge: [], finish: [] },
  batch: { rowsMax: 1, bytesMax: 1 },
  write,
};

type Change = Readonly<Record<string, unknown>>;

/** A manifest whose limits are these. */
function limited(change: Change): Change {
  return { capabilities: { ...capabilities, limits: { ...limits, ...change } } };
}

/** A manifest with these settings. */
function settings(properties: Change, more: Change = {}): Change {
  return { config: { type: "object", properties, ...more } };
}

const BOOLEAN = { type: "boolean", description: "d" };
const INTEGER = { type: "integer", description: "d" };
const MOST = 2 ** 31 - 1;
const STATEMENT = "x".repeat(LIMITS.statementBytesMax);

/** Members that are let in. */
const MANIFESTS: readonly Change[] = [
  { name: "a".repeat(63), backend: "a_b-1", driver: "d2" },
  { version: "10.20.30-rc.1", schemes: ["a+b.c-d", "a".repeat(31)] },
  { schemes: "abcdefgh".split("") },
  { capabilities: { ...capabilities, modes: ["append", "upsert", "replace"] } },
  limited({ parametersMax: 1, rowsPerStatementMax: MOST }),
  settings({ ["a".repeat(64)]: { ...BOOLEAN, description: "d".repeat(400) } }, {
    required: ["a".repeat(64)],
  }),
  settings({ size: { ...INTEGER, default: 5, minimum: 5 } }),
  { words: {} },
  {
    words: {
      types: [
        "citext",
        "vector(#16000)",
        "geometry( <point | polygon> , #999999 )",
        "a(b,#1-2,c,d)",
      ],
      options: [
        "unlogged",
        "diststyle <all | even>",
        "sortkey ( {keys} )",
        "split into #1-64 tablets",
      ],
      settings: ["statement_timeout = #1000-600000", "plan_cache_mode = auto", "a = <on|off>"],
    },
  },
  { words: { types: new Array(32).fill("citext") } },
];

/** Members that are not, with the path at which that is said. */
const NO_MANIFESTS: readonly (readonly [Change, string])[] = [
  [{ abi: ABI_VERSION + 1 }, "abi"],
  [{ abi: ABI_VERSION + 0.5 }, "abi"],
  ...["", "a".repeat(64), "A", "1a", "a b", "a\n"].flatMap((word) =>
    ["name", "backend", "driver"].map((key) => [{ [key]: word }, key] as const)
  ),
  ...["1.2", "1.2.3-", "1.2.3-a b", "v1.2.3", "1.2.3\n", `1.2.3-${"x".repeat(59)}`].map((version) =>
    [{ version }, "version"] as const
  ),
  [{ schemes: [] }, "schemes"],
  [{ schemes: "abcdefghi".split("") }, "schemes"],
  [{ schemes: ["a".repeat(32)] }, "schemes.0"],
  [{ schemes: ["a/b"] }, "schemes.0"],
  [{ more: 1 }, "more"],
  [{ capabilities: { ...capabilities, more: 1 } }, "capabilities.more"],
  [{ capabilities: { ...capabilities, modes: [] } }, "capabilities.modes"],
  [{ capabilities: { ...capabilities, modes: ["delete"] } }, "capabilities.modes.0"],
  [limited({ more: 1 }), "capabilities.limits.more"],
  ...[0, -1, 1.5, MOST + 1, Infinity, "1"].map((parametersMax) =>
    [limited({ parametersMax }), "capabilities.limits.parametersMax"] as const
  ),
  [{ config: { type: "object", properties: {}, more: 1 } }, "config.more"],
  ...["A", "a_b", "a".repeat(65), "a b"].map((name) =>
    [settings({ [name]: BOOLEAN }), `config.properties.${name}`] as const
  ),
  [settings({ a: { ...BOOLEAN, description: "" } }), "config.properties.a.description"],
  [
    settings({ a: { ...BOOLEAN, description: "d".repeat(401) } }),
    "config.properties.a.description",
  ],
  [settings({ a: { ...INTEGER, default: 1, minimum: 5 } }), "config.properties.a"],
  [
    settings({ a: { ...INTEGER, type: "number", default: Infinity } }),
    "config.properties.a.default",
  ],
  [settings({}, { required: ["toString"] }), "config"],
  [{ words: { more: [] } }, "words.more"],
  [{ words: { types: new Array(33).fill("citext") } }, "words.types"],
  ...[
    "Citext",
    "public.citext",
    "citext[]",
    "citext()",
    "vector(3)",
    "vector(#)",
    "a(b",
    "a b",
    "a'",
    "",
  ]
    .map((type) => [{ words: { types: [type] } }, "words.types.0"] as const),
  ...["", "=", "split  into", "( {keys} )", "sortkey ( {table} )", "ttl = 'x'", "a ; b", "a ( b )"]
    .map((option) => [{ words: { options: [option] } }, "words.options.0"] as const),
  ...["a", "a = ", "a = #", "a = 1", "a = #9-3", "a.b = #1", "a = on; b", "a = 'x'", "a to #1"]
    .map((setting) => [{ words: { settings: [setting] } }, "words.settings.0"] as const),
  [{ words: { types: [`a${"b".repeat(63)}`] } }, "words.types.0"],
];

/** Plans that are let in. */
const PLANS: readonly Change[] = [
  { create: [STATEMENT], prepare: new Array(LIMITS.statementsPerPhaseMax).fill("x") },
  { write: { ...write, rowsMax: 65_535 } },
  { merge: new Array(3).fill(STATEMENT), write: { ...write, sql: "x", row: "y".repeat(65_535) } },
];

/** Plans that are not. */
const NO_PLANS: readonly (readonly [Change, string])[] = [
  [{ create: [""] }, "create.0"],
  [{ create: [`${STATEMENT}x`] }, "create.0"],
  [{ stage: new Array(LIMITS.statementsPerPhaseMax + 1).fill("x") }, "stage"],
  ...(["create", "prepare", "stage", "merge", "finish"] as const).map((phase) =>
    [{ [phase]: new Array(4).fill(STATEMENT) }, ""] as const
  ),
  [{ merge: new Array(3).fill(STATEMENT), write: { ...write, row: STATEMENT } }, ""],
  [{ merge: new Array(3).fill(STATEMENT), write: { ...write, sql: STATEMENT } }, ""],
  ...[0, -1, 1.5, 65_536].map((rowsMax) =>
    [{ write: { ...write, rowsMax } }, "write.rowsMax"] as const
  ),
  ...[0, 1.5].map((bytesMax) => [{ batch: { rowsMax: 1, bytesMax } }, "batch.bytesMax"] as const),
  [{ more: [] }, "more"],
  [{ batch: { ...PLAN.batch, more: 1 } }, "batch.more"],
  [{ write: { ...write, more: 1 } }, "write.more"],
];

Deno.test("manifest schema lets in what is just within its bounds, and nothing beyond", () => {
  check(ManifestSchema, MANIFEST, { taken: MANIFESTS, refused: NO_MANIFESTS });
});

Deno.test("plan schema lets in what is just within its bounds, and nothing beyond", () => {
  check(PlanSchema, PLAN, { taken: PLANS, refused: NO_PLANS });
});

function check(
  schema: v.GenericSchema<unknown, unknown>,
  whole: Change,
  { taken, refused }: {
    readonly taken: readonly Change[];
    readonly refused: readonly (readonly [Change, string])[];
  },
): void {
  const pathsOf = (change: Change) => {
    const issues = v.safeParse(schema, { ...whole, ...change }).issues ?? [];
    return [...new Set(issues.map((issue) => v.getDotPath(issue) ?? ""))];
  };
  for (const change of [{}, ...taken]) assertEquals(pathsOf(change), [], shown(change));
  for (const [change, path] of refused) assertEquals(pathsOf(change), [path], shown(change));
}

function shown(change: Change): string {
  return JSON.stringify(change).slice(0, 100);
}
