/**
 * `plugins.checked`: which databases the plugins of a folder have been checked against, as whoever ran
 * `snakepipe check --to` has found. A claim and never a grant: no plugin is let in by it, and none is
 * refused for want of one. It has names, versions, counts and days, nothing of a URL. A claim is about one
 * file's bytes, and is forgotten with them.
 */
import * as v from "valibot";
import { parse } from "../../../src/config/parse.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { HeldFile, writeAll } from "../../platform/held_file.ts";
import { readPlainFile, UnreadableFile } from "../../platform/plain_file.ts";

/** Its name, beside the plugins. */
export const CHECKS_FILE = "plugins.checked";

/** A database that a plugin has passed the whole conformance suite on. */
export interface KeptCheck {
  /** Its name and version, such as `PostgreSQL 18.4`. */
  readonly database: string;
  /** The day, in UTC, such as `2026-11-30`. */
  readonly on: string;
  /** The version of snakepipe whose suite it was. */
  readonly snakepipe: string;
  /** Cases that were tried. */
  readonly cases: number;
  /** How many of them differ as the author says, beside those that its family differs in. */
  readonly differs: number;
}

/** What is kept of one file. */
interface CheckedFile {
  /** Of the bytes that were checked, in hex. */
  readonly sha256: string;
  readonly checks: readonly KeptCheck[];
}

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

const ChecksSchema = v.strictObject({
  version: v.literal(1),
  plugins: v.record(
    v.pipe(v.string(), v.regex(/^[^/\\]+\.wasm$/, "Expected the name of a .wasm file")),
    v.strictObject({
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "Expected a SHA-256 in hex")),
      checks: v.array(v.strictObject({
        database: v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.productNameMax)),
        on: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/, "Expected a day, as 2026-11-30")),
        snakepipe: v.pipe(v.string(), v.maxLength(40)),
        cases: Count,
        differs: Count,
      })),
    }),
  ),
});

const BYTES_MAX = 16 * 1024 * 1024;
/** How long to wait for another program, which has it for as long as one change takes. */
const WAIT_MS = 10_000;
const EMPTY = textOf(new Map());

/**
 * What is claimed of the files of a folder: of a file, by its name and SHA-256; the newest first.
 *
 * @throws {LoadError} `config_invalid` where the file is none of this kind
 */
export async function readChecks(
  folder: string,
): Promise<(name: string, sha256: string) => readonly KeptCheck[]> {
  let files: ReadonlyMap<string, CheckedFile> = new Map();
  try {
    files = parsed(folder, await readPlainFile(pathOf(folder), BYTES_MAX));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
  }
  return (name, sha256) => {
    const found = files.get(name);
    return found?.sha256 === sha256 ? found.checks : [];
  };
}

/**
 * Keeps a check of a file's bytes in the place of an earlier one on the same database; or takes that one
 * out, where it did not pass this time.
 *
 * @throws {LoadError} `config_invalid` where the file is none of this kind, and what the file system throws
 */
export async function keepCheck(
  folder: string,
  { name, sha256, check, passed }: {
    readonly name: string;
    readonly sha256: string;
    readonly check: KeptCheck;
    readonly passed: boolean;
  },
): Promise<void> {
  const path = pathOf(folder);
  if (!passed && !await Deno.lstat(path).catch(() => undefined)) return;
  const initial = new TextEncoder().encode(EMPTY);
  await using held = await HeldFile.open(path, {
    ...{ create: true, initial, links: false, waitMs: WAIT_MS },
  });
  const files = parsed(folder, await readPlainFile(path, BYTES_MAX));
  const before = files.get(name);
  const others = before?.sha256 === sha256
    ? before.checks.filter(({ database }) => database !== check.database)
    : [];
  const checks = passed ? [check, ...others] : others;
  if (checks.length > 0) files.set(name, { sha256, checks });
  else files.delete(name);
  await held.replace((to) => writeAll(to, new TextEncoder().encode(textOf(files))));
}

function parsed(folder: string, bytes: Uint8Array): Map<string, CheckedFile> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // Held to the schema, it is refused with the rest.
  }
  const { plugins } = parse(ChecksSchema, json, {
    what: `${pathOf(folder)}, which snakepipe check --to writes,`,
    code: "config_invalid",
    blame: "config",
  });
  return new Map(Object.entries(plugins));
}

function textOf(files: ReadonlyMap<string, CheckedFile>): string {
  const sorted = [...files].sort(([a], [b]) => a < b ? -1 : 1);
  return `${JSON.stringify({ version: 1, plugins: Object.fromEntries(sorted) }, null, 2)}\n`;
}

function pathOf(folder: string): string {
  return `${folder.replace(/[\\/]+$/, "")}/${CHECKS_FILE}`;
}
