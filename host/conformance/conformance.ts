/**
 * The conformance suite: what every backend does with rows, tried on a real database. An author of a
 * plugin, or of a family of databases, runs it in tests of their own.
 *
 * It makes tables whose names begin with `conformance_`, some that are called by reserved words where
 * there is none yet, and removes all of them, whatever happens.
 *
 * @example
 * ```ts
 * import { testConformance } from "@snakepipe/snakepipe/conformance";
 *
 * testConformance("mine", { plugin: "dist/mine.wasm", settings: { url: "libsql:/tmp/mine.db" } });
 * ```
 *
 * @module
 */
import { LoadError } from "../../src/model/errors.ts";
import { createHost, type Host } from "../host.ts";
import { PluginBackend } from "../plugins/plugin_backend.ts";
import { removeHostRows, tablesThere } from "./clean_up.ts";
import { type DriverClient, openDriverClient } from "./driver_client.ts";
import { familyOf, productOf } from "./product.ts";
import { checkMakesTables } from "./makes_tables.ts";
import { measureSpeed, type Speed } from "./speed.ts";
import type { FamilyConformance, ProductQuestion, Quirks } from "../drivers/family_conformance.ts";
import { type CaseName, type CaseOutcome, casesOf, groupsOf, runSuite } from "./run_suite.ts";
import type { ConformanceClient, OpenDatabase } from "./trial.ts";
import type { ConformanceWords, MadeType } from "../drivers/conformance_words.ts";

export type { CaseName, CaseOutcome, ConformanceClient, ConformanceWords, MadeType, Quirks };
export type { FamilyConformance, ProductQuestion, Speed };
export type { Quirk, Value } from "../drivers/family_conformance.ts";
export { LACKING } from "../drivers/family_conformance.ts";

/** What the suite is run on. */
export interface ConformanceOptions {
  /** The plugin: its file, its bytes, or the backend type of a plugin of the host's. */
  readonly plugin: string | Uint8Array;
  /** Settings of a backend of it, `url` among them. */
  readonly settings: Readonly<Record<string, unknown>> & { readonly url: string };
  /** A host that has the plugin; one that has this plugin alone, by default. */
  readonly host?: Host;
  /**
   * In what SQL is written otherwise than for the family of its driver; undefined stands for what the
   * database lacks.
   */
  readonly words?: {
    readonly [Word in keyof ConformanceWords]?: ConformanceWords[Word] | undefined;
  };
  /** In what it differs, beside what its family differs in; a quirk of the family's is undone by null. */
  readonly quirks?: Readonly<Record<string, Quirks[string] | null>>;
  /** A client on the same database; by default a session of the driver under test. */
  readonly client?: ConformanceClient;
  /** Only these groups of cases; all by default. */
  readonly groups?: readonly string[];
  /** Hears of each case as it is judged. */
  readonly onOutcome?: (outcome: CaseOutcome) => void;
  /** Ends it between two cases; what it has made is removed. */
  readonly signal?: AbortSignal;
  /** Hears of the database's name and version before the first case. */
  readonly onDatabase?: (database: string) => void;
  /** Hears of tables of another run, which is under way or was killed, as SQL names; of none, not at all. */
  readonly onEarlier?: (tables: readonly string[]) => void;
  /** What the plugin may do beside what each may, where no host is given; nothing by default. */
  readonly grants?: Iterable<string>;
}

/** What a run of the suite has found. */
export interface ConformanceResult {
  /** Name and version of the database, such as `PostgreSQL 18.4`. */
  readonly database: string;
  /** One for each case, in the order of the suite. */
  readonly outcomes: readonly CaseOutcome[];
  /** How fast it is, where that was asked for. */
  readonly speed?: Speed;
}

/** The groups of the suite's cases, in the order in which they are run. */
export function conformanceGroups(): string[] {
  return groupsOf();
}

/** Every case of the suite, in the order in which they are run. */
export function conformanceCases(): CaseName[] {
  return casesOf();
}

/**
 * Runs the suite; one outcome a case. What fails is an outcome, and no error.
 *
 * @throws {LoadError} where the plugin is refused, the settings are, or nothing can be connected to
 */
export async function checkConformance(
  options: ConformanceOptions,
): Promise<readonly CaseOutcome[]> {
  return (await runConformance(options)).outcomes;
}

/**
 * As {@linkcode checkConformance}, with what the database is; `speedRows` are loaded at the end, to see
 * how fast that goes.
 *
 * @throws {LoadError} as there; `cancelled`, or the reason of the signal, where that has ended it
 */
export async function runConformance(
  options: ConformanceOptions & { readonly speedRows?: number },
): Promise<ConformanceResult> {
  const { plugin, settings, signal, grants } = options;
  const own = options.host ? undefined : await createHost({
    firstConnection: "lane",
    ...(signal ? { signal } : {}),
  });
  const host = options.host ?? own!;
  try {
    const type = own
      ? (await own.registerPlugin(plugin, grants ? { grants } : {})).type
      : String(plugin);
    const backend = pluginOf(await host.createBackend(type, settings));
    let driverClient: DriverClient | undefined;
    try {
      driverClient = options.client ? undefined : await openDriverClient(backend, settings);
      const client = options.client ?? driverClient!;
      return await runOn({ host, backend, client }, options);
    } finally {
      await driverClient?.close();
      await backend.close();
    }
  } finally {
    await own?.close();
  }
}

/** How names of tables begin that the suite makes. */
const EARLIER = /^conformance_[0-9a-f]{4}_/;

/** Leaves the database as it was, whatever happens. */
async function runOn(
  open: Pick<OpenDatabase, "host" | "client"> & { readonly backend: PluginBackend },
  options: ConformanceOptions & { readonly speedRows?: number },
): Promise<ConformanceResult> {
  const { groups, onOutcome, signal, speedRows } = options;
  const family = await familyOf(open.backend);
  const words = { ...family.words, ...options.words } as ConformanceWords;
  const prefix = `conformance_${crypto.randomUUID().slice(0, 4)}_`;
  const before = await tablesThere({ ...open, words });
  const earlier = before.filter((name) => EARLIER.test(name)).sort();
  if (earlier.length > 0) options.onEarlier?.(earlier.map((name) => words.quote(name)));
  const database: OpenDatabase = { ...open, words, before };
  await checkMakesTables(database, prefix);
  const product = await productOf(family, open.client);
  options.onDatabase?.(product);
  try {
    const outcomes = await runSuite(database, {
      ...{ prefix, quirks: quirksOf(family.quirks, options.quirks) },
      ...(groups ? { groups } : {}),
      ...(onOutcome ? { onOutcome } : {}),
      ...(signal ? { signal } : {}),
    });
    signal?.throwIfAborted();
    const speed = speedRows === undefined
      ? undefined
      : await measureSpeed(database, { prefix, count: speedRows, signal });
    return { database: product, outcomes, ...(speed ? { speed } : {}) };
  } finally {
    await open.backend.close();
    await removeHostRows(database, { prefix, before });
  }
}

/**
 * Registers a test by `Deno.test`, with a step for each group of cases: it fails with a line for each
 * case that fails. Options that cost something, such as a database, are made by a function.
 */
export function testConformance(
  name: string,
  options:
    | ConformanceOptions
    | ((use: (options: ConformanceOptions) => Promise<void>) => Promise<void>),
): void {
  Deno.test(`conformance: ${name}`, async (test) => {
    const run = async (given: ConformanceOptions) => {
      const groups = given.groups ?? groupsOf();
      const outcomes = await checkConformance(given);
      for (const group of groups) {
        const failed = outcomes.filter((one) => one.group === group && one.kind === "failed");
        await test.step(group, () => {
          if (failed.length > 0) throw new Error(failed.map(sentenceOf).join("\n"));
        });
      }
    };
    await (typeof options === "function" ? options(run) : run(options));
  });
}

function sentenceOf({ name, way, message }: CaseOutcome): string {
  return `${name}${way === undefined ? "" : ` (${way})`}: ${message}`;
}

function pluginOf(backend: OpenDatabase["backend"]): PluginBackend {
  if (backend instanceof PluginBackend) return backend;
  throw usage("The conformance suite is for backends of plugins");
}

function quirksOf(family: Quirks, more: ConformanceOptions["quirks"] = {}): Quirks {
  const all = Object.entries({ ...family, ...more });
  return Object.fromEntries(
    all.filter((entry): entry is [string, Quirks[string]] => entry[1] !== null),
  );
}

function usage(message: string): LoadError {
  return new LoadError(message, { code: "usage", blame: "config" });
}
