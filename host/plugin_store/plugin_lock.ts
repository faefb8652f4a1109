/**
 * `plugins.lock`: which files of a folder of plugins are known, by hash, and what the operator has
 * granted to each. JSON, made to be read and kept with the folder.
 */
import * as v from "valibot";
import { CAPABILITIES, type CapabilityName } from "../../src/abi/capability.ts";
import { parse } from "../../src/config/parse.ts";
import { LoadError, messageOf } from "../../src/errors.ts";
import type { Faults } from "../sandbox/fault_count.ts";
import { writeWhole } from "../write_whole.ts";
import { readPlainFile, UnreadableFile } from "./plain_file.ts";

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
  /** Those that it may import though not every plugin may. */
  readonly grants: readonly CapabilityName[];
  /** What it has done that it should not have; absent where it behaved. */
  readonly faults?: Faults;
}

/** Capability functions that are granted by name. */
export const GRANTABLE: readonly CapabilityName[] = (Object.keys(CAPABILITIES) as CapabilityName[])
  .filter((name) => CAPABILITIES[name].granted === "by_name");

const LockSchema = v.strictObject({
  version: v.literal(1),
  plugins: v.record(
    v.pipe(v.string(), v.regex(/^[^/\\]+\.wasm$/, "Expected the name of a .wasm file")),
    v.strictObject({
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "Expected a SHA-256 in hex")),
      bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
      abi: v.pipe(v.number(), v.integer()),
      imports: v.array(v.string()),
      grants: v.array(v.picklist(GRANTABLE, `Expected ${GRANTABLE.join(" or ")}`)),
      faults: v.exactOptional(v.strictObject({
        count: v.pipe(v.number(), v.integer(), v.minValue(1)),
        last: v.string(),
      })),
    }),
  ),
});

/** See the head of this file. */
export class PluginLock {
  readonly #file: string;
  readonly #plugins: Map<string, LockedPlugin>;
  #changed = false;

  private constructor(file: string, plugins: Map<string, LockedPlugin>) {
    this.#file = file;
    this.#plugins = plugins;
  }

  /** The lock of a folder; an empty one where there is none. @throws {LoadError} `config_invalid` */
  static async read(folder: string): Promise<PluginLock> {
    const file = `${folder.replace(/[\\/]+$/, "")}/${LOCK_FILE}`;
    try {
      const { plugins } = parse(LockSchema, JSON.parse(await readText(file)), {
        what: file,
        code: "config_invalid",
        blame: "config",
      });
      return new PluginLock(file, new Map(Object.entries(plugins)));
    } catch (error) {
      if (error instanceof UnreadableFile && error.missing) return new PluginLock(file, new Map());
      if (error instanceof LoadError) throw error;
      throw new LoadError(`Lock of plugins cannot be read: ${file}: ${messageOf(error)}`, {
        code: "config_invalid",
        blame: "config",
        cause: error,
      });
    }
  }

  /** What is recorded of a file. */
  get(name: string): LockedPlugin | undefined {
    return this.#plugins.get(name);
  }

  /** Files that are recorded. */
  names(): Iterable<string> {
    return this.#plugins.keys();
  }

  /** Records a file. */
  set(name: string, plugin: LockedPlugin): void {
    this.#plugins.set(name, plugin);
    this.#changed = true;
  }

  /** Forgets a file; false where it was not known. */
  delete(name: string): boolean {
    const known = this.#plugins.delete(name);
    this.#changed ||= known;
    return known;
  }

  /** Writes what has changed, whole or not at all. @throws what the file system throws */
  async save(): Promise<void> {
    if (!this.#changed) return;
    const sorted = [...this.#plugins].sort(([a], [b]) => a < b ? -1 : 1);
    const text = JSON.stringify({ version: 1, plugins: Object.fromEntries(sorted) }, null, 2);
    await writeWhole(this.#file, new TextEncoder().encode(text + "\n"));
    this.#changed = false;
  }
}

async function readText(file: string): Promise<string> {
  return new TextDecoder().decode(await readPlainFile(file, LOCK_BYTES_MAX));
}
