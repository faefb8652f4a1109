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
import { DRIVER_FAMILIES } from "../drivers/load_driver.ts";
import { LoadError } from "../../src/model/errors.ts";
import { createHost, type Host } from "../host.ts";
import { PluginBackend } from "../plugins/plugin_backend.ts";
import { removeHostRows } from "./clean_up.ts";
import { openDriverClient } from "./driver_client.ts";
import type { Quirks } from "../drivers/family_conformance.ts";
import type { FamilyConformance } from "../drivers/family_conformance.ts";
import { type CaseName, type CaseOutcome, casesOf, groupsOf, runSuite } from "./run_suite.ts";
import type { ConformanceClient, OpenDatabase } from "./trial.ts";
import type { ConformanceWords, MadeType } from "../drivers/conformance_words.ts";

export type { CaseName, CaseOutcome, ConformanceClient, ConformanceWords, MadeType, Quirks };
export type { FamilyConformance };
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
  const { plugin, settings, groups, onOutcome } = options;
  const own = options.host ? undefined : await createHost({ firstConnection: "lane" });
  const host = options.host ?? own!;
  try {
    const type = own ? (await own.registerPlugin(plugin)).type : String(plugin);
    const backend = await host.createBackend(type, settings);
    const driverClient = options.client
      ? undefined
      : await openDriverClient(pluginOf(backend), settings);
    try {
      const family = await familyOf(pluginOf(backend));
      const words = { ...family.words, ...options.words } as ConformanceWords;
      const client = options.client ?? driverClient!;
      const quirks = quirksOf(family.quirks, options.quirks);
      const database = { host, backend, client, words };
      const outcomes = await runSuite(database, {
        quirks,
        ...(groups ? { groups } : {}),
        ...(onOutcome ? { onOutcome } : {}),
      });
      await backend.close();
      await removeHostRows(database);
      return outcomes;
    } finally {
      await driverClient?.close();
      await backend.close();
    }
  } finally {
    await own?.close();
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

async function familyOf({ plugin: { manifest } }: PluginBackend): Promise<FamilyConformance> {
  return await DRIVER_FAMILIES.find(({ name }) => name === manifest.driver)!.conformance();
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
