/**
 * `plugins.lock`: which files of a folder of plugins are known, by hash, and what the operator has
 * granted to each. JSON, made to be read and kept with the folder. Several programs may change it at a
 * time: each changes what stands there by then, one after the other.
 */
import * as v from "valibot";
import { CAPABILITIES, type CapabilityName } from "../../../src/plugin_api/capability.ts";
import { isWordGrant } from "../../../src/plugin_api/words.ts";
import type { GrantName } from "../../../src/plan_policy/grant.ts";
import { parse } from "../../../src/config/parse.ts";
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import type { Faults } from "../sandbox/fault_count.ts";
import { HeldFile, UnholdableFile, writeAll } from "../../platform/held_file.ts";
import { readPlainFile, UnreadableFile } from "../../platform/plain_file.ts";

/** Its name, beside the plugins. */
export const LOCK_FILE = "plugins.lock";

/** Some ten thousand files. */
const LOCK_BYTES_MAX = 16 * 1024 * 1024;

/** One file, as it was when it was recorded. */
export interface LockedPlugin {
  /** Of its bytes, in hex. */
  readonly sha256: string;
  /** Its size. */
  readonly bytes: number;
  /** The version of the contract that it was made for. */
  readonly abi: number;
  /** Capability functions that it imports. */
  readonly imports: readonly string[];
  /** Those that it may import though not every plugin may, and words that it may say, as `type:vector`. */
  readonly grants: readonly GrantName[];
  /** What it has done that it should not have; absent where it behaved. */
  readonly faults?: Faults;
}

/** Capability functions that are granted by name. */
export const GRANTABLE: readonly CapabilityName[] = (Object.keys(CAPABILITIES) as CapabilityName[])
  .filter((name) => CAPABILITIES[name].granted === "by_name");

const GrantSchema = v.custom<GrantName>(
  (name) =>
    typeof name === "string" && (isWordGrant(name) || GRANTABLE.some((one) => one === name)),
  `Expected ${GRANTABLE.join(" or ")}, or a word as in type:vector`,
);

const LockSchema = v.strictObject({
  version: v.literal(1),
  plugins: v.record(
    v.pipe(v.string(), v.regex(/^[^/\\]+\.wasm$/, "Expected the name of a .wasm file")),
    v.strictObject({
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "Expected a SHA-256 in hex")),
      bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
      abi: v.pipe(v.number(), v.integer()),
      imports: v.array(v.string()),
      grants: v.array(GrantSchema),
      faults: v.exactOptional(v.strictObject({
        count: v.pipe(v.number(), v.integer(), v.minValue(1)),
        last: v.string(),
      })),
    }),
  ),
});

const EMPTY = textOf(new Map());

/** How long to wait for another program, which has it for as long as one change takes. */
const WAIT_MS = 10_000;

/** What is recorded, by the names of files. */
export type LockedPlugins = ReadonlyMap<string, LockedPlugin>;

/** The lock of a folder; an empty one where there is none. @throws {LoadError} `config_invalid` */
export async function readPluginLock(folder: string): Promise<LockedPlugins> {
  const file = lockOf(folder);
  try {
    return parsed(file, await readPlainFile(file, LOCK_BYTES_MAX));
  } catch (error) {
    if (error instanceof UnreadableFile && error.missing) return new Map();
    throw failure("read", file, error);
  }
}

/**
 * Changes the lock as it is now, with nobody else between reading and writing; it is written whole or
 * not at all, and not where nothing has changed. What has to follow it, `afterwards`, is done before
 * anybody else can change it; where that throws, the lock is as it was.
 *
 * @throws {LoadError} `config_invalid` if it cannot be read, and what the file system throws
 */
export async function changePluginLock(
  folder: string,
  change: (plugins: Map<string, LockedPlugin>) => void | Promise<void>,
  afterwards?: () => Promise<void>,
): Promise<void> {
  const file = lockOf(folder);
  await using held = await hold(file);
  const before = await readPlainFile(file, LOCK_BYTES_MAX).catch((error) => {
    throw failure("read", file, error);
  });
  const plugins = parsed(file, before);
  const as = textOf(plugins);
  await change(plugins);
  const text = textOf(plugins);
  if (text !== as) await held.replace((to) => writeAll(to, new TextEncoder().encode(text)));
  try {
    await afterwards?.();
  } catch (error) {
    if (text !== as) await held.replace((to) => writeAll(to, before));
    throw error;
  }
}

async function hold(file: string): Promise<HeldFile> {
  try {
    const initial = new TextEncoder().encode(EMPTY);
    return await HeldFile.open(file, { create: true, initial, links: false, waitMs: WAIT_MS });
  } catch (error) {
    throw error instanceof UnholdableFile ? failure("written", file, error) : error;
  }
}

function lockOf(folder: string): string {
  return `${folder.replace(/[\\/]+$/, "")}/${LOCK_FILE}`;
}

function textOf(plugins: LockedPlugins): string {
  const sorted = [...plugins].sort(([a], [b]) => a < b ? -1 : 1);
  return `${JSON.stringify({ version: 1, plugins: Object.fromEntries(sorted) }, null, 2)}\n`;
}

function parsed(file: string, bytes: Uint8Array): Map<string, LockedPlugin> {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes));
    const options = { what: file, code: "config_invalid", blame: "config" } as const;
    return new Map(Object.entries(parse(LockSchema, json, options).plugins));
  } catch (error) {
    throw failure("read", file, error);
  }
}

function failure(done: "read" | "written", file: string, error: unknown): LoadError {
  if (error instanceof LoadError) return error;
  return new LoadError(`Lock of plugins cannot be ${done}: ${file}: ${messageOf(error)}`, {
    code: "config_invalid",
    blame: "config",
    cause: error,
  });
}
