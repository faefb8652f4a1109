/**
 * What a folder's plugins must be to be let in: the files that `plugins.lock` knows, signed by somebody
 * who is trusted, with no more than what was granted to each. Everything else about them is for the
 * sandbox to judge.
 */
import { askedWords, grantOf, isWordGrant } from "../../../src/plugin_api/words.ts";
import { didYouMean } from "../../../src/model/near_word.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { GrantName, Grants } from "../../../src/plan_policy/grant.ts";
import type { KeptAnswers } from "../../platform/kept_answers.ts";
import type { Faults } from "../sandbox/fault_count.ts";
import { admitPlugin, type Plugin } from "../sandbox/plugin.ts";
import { sha256 } from "../../platform/sha256.ts";
import {
  changePluginLock,
  GRANTABLE,
  LOCK_FILE,
  type LockedPlugin,
  type LockedPlugins,
  readPluginLock,
} from "./plugin_lock.ts";
import { checkSignature } from "./signature.ts";
import { finishPlacing } from "./staged_plugin.ts";
import {
  pathOf,
  pluginNames,
  readPluginFile,
  readPluginFolder,
  type StoredPlugin,
} from "./store.ts";

/** How strict it is. */
export interface AdmissionOptions {
  /** Lets in what `plugins.lock` knows, and nothing else; by default, what is new is recorded. */
  readonly locked?: boolean;
  /**
   * Ed25519 public keys, raw and in base64: only files that one of them has signed are let in, each by
   * a signature beside it. By default, none needs any.
   */
  readonly trustedKeys?: readonly string[];
  /** Records nothing; false by default. */
  readonly readOnly?: boolean;
}

/** A file that the lock knows. */
export interface KnownFile {
  readonly name: string;
  /** SHA-256 of the bytes that it had. */
  readonly hash: string;
  readonly grants: Grants;
}

/** The plugins of one folder. */
export class PluginFolder {
  readonly #folder: string;
  /** What the lock knew when it was read last. */
  #known: LockedPlugins;
  /** What was let in for the first time. */
  readonly #added = new Map<string, LockedPlugin>();
  readonly #options: AdmissionOptions;
  #recording: Promise<void> = Promise.resolve();

  private constructor(folder: string, known: LockedPlugins, options: AdmissionOptions) {
    this.#folder = folder;
    this.#known = known;
    this.#options = options;
  }

  /**
   * Opens a folder, in which a program may have been killed that was placing a plugin.
   *
   * @throws {LoadError} `config_invalid` if its lock cannot be read
   */
  static async open(folder: string, options: AdmissionOptions): Promise<PluginFolder> {
    if (!options.readOnly) await finishPlacing(folder);
    return new PluginFolder(folder, await readPluginLock(folder), options);
  }

  /**
   * Reads the lock again. Answers with the names of files of which it says something else: another hash,
   * other grants, or that their faults are forgotten.
   *
   * @throws {LoadError} `config_invalid` if it or the folder cannot be read; what it said before stands
   */
  async refresh(): Promise<ReadonlySet<string>> {
    // What a plugin has done is in it before it can be taken for forgotten.
    await this.#recording;
    const before = this.#known;
    const known = await readPluginLock(this.#folder);
    // Where the folder is gone, a lock that is not there says nothing.
    if (known.size === 0) await pluginNames(this.#folder);
    this.#known = known;
    const changed = new Set<string>();
    for (const name of new Set([...before.keys(), ...this.#known.keys()])) {
      const was = before.get(name) ?? this.#added.get(name);
      const is = this.#known.get(name);
      const isForgiven = was?.faults !== undefined && is?.faults === undefined;
      if (isForgiven || termsOf(was) !== termsOf(is)) changed.add(name);
      this.#added.delete(name);
    }
    return changed;
  }

  /** How strict it is. */
  get options(): AdmissionOptions {
    return this.#options;
  }

  /** The hash that the lock knows a file by, if it knows it. */
  knownHash(name: string): string | undefined {
    return this.#recordOf(name)?.sha256;
  }

  /** What a file is let in by, its hash and its grants; empty where it is not known. */
  termsOf(name: string): string {
    return termsOf(this.#recordOf(name));
  }

  /**
   * Every `.wasm` file, one at a time: those that the lock knows first, both in the order of their
   * names.
   *
   * @throws {LoadError} `config_invalid` if the folder cannot be read
   */
  files(): AsyncIterable<StoredPlugin> {
    return readPluginFolder(this.#folder, (name) => this.#known.has(name));
  }

  /** What the lock knows of each `.wasm` file; undefined where there is one that it does not know. */
  async knownFiles(): Promise<readonly KnownFile[] | undefined> {
    const files: KnownFile[] = [];
    for (const name of await pluginNames(this.#folder)) {
      const known = this.#known.get(name);
      if (!known) return undefined;
      files.push({ name, hash: known.sha256, grants: new Set(known.grants) });
    }
    return files;
  }

  /** Reads one of them. */
  read(name: string): Promise<StoredPlugin> {
    return readPluginFile(pathOf(this.#folder, name));
  }

  /** Whether the lock knew a file before the folder was opened. */
  knew(file: string | undefined): boolean {
    return file !== undefined && this.#known.has(nameOf(file));
  }

  /** Does not record a file that is new. */
  forget(file: string | undefined): void {
    if (file !== undefined) this.#added.delete(nameOf(file));
  }

  /** Lets one of them in, by what it has said before. @throws {LoadError} with the reason why not */
  async admit(stored: StoredPlugin, kept?: KeptAnswers): Promise<Plugin> {
    const { file, bytes } = readable(stored);
    const name = nameOf(file);
    const known = this.#recordOf(name);
    if (known) await checkUnchanged(known, { file, bytes });
    else if (this.#options.locked) {
      throw refused(file, `${LOCK_FILE} does not know it. Record it with snakepipe grant ${file}`);
    }
    await checkSignature({ file, bytes }, this.#options.trustedKeys ?? []);
    const plugin = await admitPlugin(bytes, {
      file,
      grants: new Set(known?.grants ?? []),
      faults: known?.faults,
      kept,
    });
    if (!known) this.#added.set(name, recordOf(plugin, []));
    plugin.faults.onChange((faults) => {
      if (this.#options.readOnly) return;
      this.#recording = this.#recording
        .then(() => this.#recordFaults(name, plugin.sha256, faults))
        // What cannot be recorded counts until this host is closed.
        .catch(() => {});
    });
    return plugin;
  }

  /** Records what was let in for the first time. A folder that cannot be written is not recorded. */
  async save(): Promise<void> {
    if (this.#added.size === 0 || this.#options.readOnly) return;
    await changeWhereAllowed(this.#folder, (plugins) => {
      // What somebody else has recorded meanwhile stands.
      for (const [name, plugin] of this.#added) {
        if (!plugins.has(name)) plugins.set(name, plugin);
      }
    });
  }

  /** Resolves once every fault until now is recorded. */
  recorded(): Promise<void> {
    return this.#recording;
  }

  #recordOf(name: string): LockedPlugin | undefined {
    return this.#known.get(name) ?? this.#added.get(name);
  }

  /** In the lock as it is now: others may have written to it. */
  async #recordFaults(name: string, hash: string, { count, last }: Faults): Promise<void> {
    await changeWhereAllowed(this.#folder, (plugins) => {
      const known = plugins.get(name);
      if (known?.sha256 !== hash) return;
      const { faults: _, ...rest } = known;
      plugins.set(name, count === 0 ? rest : { ...rest, faults: { count, last } });
    });
  }
}

async function changeWhereAllowed(
  folder: string,
  change: (plugins: Map<string, LockedPlugin>) => void,
): Promise<void> {
  try {
    await changePluginLock(folder, change);
  } catch (error) {
    const denied = error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable ||
      (error as { code?: unknown }).code === "EROFS";
    if (!denied) throw error;
  }
}

/** What has come of a change of grants. */
export interface GrantChange {
  /** The file's name. */
  readonly file: string;
  /** What was recorded of it; nothing where it is new. */
  readonly before: LockedPlugin | undefined;
  /** What is recorded of it; nothing where it was forgotten. */
  readonly after: LockedPlugin | undefined;
}

/**
 * Records a file as it stands, and grants it these capabilities and words beside those that it has.
 *
 * @throws {LoadError} `usage` for what cannot be granted, and what lets no plugin in
 */
export async function grant(file: string, names: readonly string[]): Promise<GrantChange> {
  const added = names.map(grantable);
  const name = nameOf(file);
  const { bytes } = readable(await readPluginFile(file));
  let before: LockedPlugin | undefined;
  let after: LockedPlugin | undefined;
  await changePluginLock(folderOf(file), async (plugins) => {
    before = plugins.get(name);
    const grants = [...new Set([...before?.grants ?? [], ...added])].sort();
    const plugin = await admitPlugin(bytes, { file, grants: new Set(grants) });
    await checkAsked(plugin, added);
    after = recordOf(plugin, grants);
    plugins.set(name, after);
  });
  return { file: name, before, after };
}

/** Refuses the grant of a word that the manifest does not ask for, or that nobody can grant. */
async function checkAsked(plugin: Plugin, names: readonly GrantName[]): Promise<void> {
  const words = names.filter(isWordGrant);
  if (words.length === 0) return;
  const asked = [...new Set(askedWords(plugin.manifest.words).map(grantOf))];
  const unasked = words.find((word) => !asked.includes(word));
  if (unasked !== undefined) {
    const there = asked.length > 0 ? `it asks for ${asked.join(", ")}` : "it asks for no word";
    throw new LoadError(
      `The manifest of ${plugin.file} does not ask for ${unasked}: ${there}` +
        didYouMean(unasked, asked),
      { code: "usage", blame: "config" },
    );
  }
  const [{ loadDriver }, { checkWords }] = await Promise.all([
    import("../../drivers/load_driver.ts"),
    import("../plan_rules.ts"),
  ]);
  checkWords(plugin, await loadDriver(plugin.manifest.driver));
}

/**
 * Takes grants back; without names, forgets the file, so that it is as new as one that was never seen.
 *
 * @throws {LoadError} `usage` for what cannot be granted, or a file that is not known
 */
export async function revoke(file: string, names: readonly string[]): Promise<GrantChange> {
  const removed = new Set<string>(names.map(grantable));
  const name = nameOf(file);
  let before: LockedPlugin | undefined;
  let after: LockedPlugin | undefined;
  await changePluginLock(folderOf(file), (plugins) => {
    before = plugins.get(name);
    if (!before) {
      throw new LoadError(`${LOCK_FILE} does not know ${file}`, { code: "usage", blame: "config" });
    }
    after = names.length === 0
      ? undefined
      : { ...before, grants: before.grants.filter((name) => !removed.has(name)) };
    if (after) plugins.set(name, after);
    else plugins.delete(name);
  });
  return { file: name, before, after };
}

/** What the lock beside a file grants to it; nothing where it is not known. @throws {LoadError} */
export async function grantsOf(file: string): Promise<Grants> {
  return new Set((await readPluginLock(folderOf(file))).get(nameOf(file))?.grants);
}

/** Records a file again that was built just now, where it was recorded before; its grants stay. */
export async function recordBuilt(file: string): Promise<void> {
  if ((await readPluginLock(folderOf(file))).has(nameOf(file))) await grant(file, []);
}

/** What a file is let in by. */
function termsOf(known: LockedPlugin | undefined): string {
  return known ? [known.sha256, ...known.grants.toSorted()].join(" ") : "";
}

/** What is recorded of a plugin. */
export function recordOf(plugin: Plugin, grants: readonly GrantName[]): LockedPlugin {
  const { sha256, bytes, manifest: { abi }, imports } = plugin;
  return { sha256, bytes, abi, imports: [...imports], grants: [...grants] };
}

/** @throws {LoadError} `plugin_refused`, with what differs */
async function checkUnchanged(
  known: LockedPlugin,
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
): Promise<void> {
  const hash = await sha256(bytes.slice());
  if (hash === known.sha256) return;
  throw refused(file, `it is not the file that ${LOCK_FILE} knows`, [
    `sha256: ${known.sha256.slice(0, 12)}… was recorded, ${hash.slice(0, 12)}… is there`,
    ...await importLines(known, bytes),
    `If that is meant, record it with snakepipe grant ${file}`,
  ]);
}

async function importLines(known: LockedPlugin, bytes: Uint8Array): Promise<string[]> {
  const { importsOf } = await import("../sandbox/examine.ts");
  const now = importsOf(bytes.slice());
  if (!now) return ["it would not be let in as it is"];
  const added = now.filter((name) => !known.imports.includes(name));
  const gone = known.imports.filter((name) => !now.includes(name));
  const wanted = now.filter((name) => (GRANTABLE as readonly string[]).includes(name));
  return [
    `imports: ${
      [...added.map((n) => `+${n}`), ...gone.map((n) => `-${n}`)].join(" ") || "the same"
    }`,
    `granted: ${known.grants.join(" ") || "nothing"}; it wants: ${wanted.join(" ") || "nothing"}`,
  ];
}

function grantable(name: string): GrantName {
  const found = GRANTABLE.find((known) => known === name);
  if (found) return found;
  if (isWordGrant(name)) return name;
  throw new LoadError(
    `Nothing can be granted by the name ${name}, there is: ${
      GRANTABLE.join(", ")
    }, and what a manifest asks for, as type:NAME, option:NAME and setting:NAME`,
    { code: "usage", blame: "config" },
  );
}

function readable(stored: StoredPlugin): { readonly file: string; readonly bytes: Uint8Array } {
  if ("error" in stored) throw stored.error;
  return stored;
}

function refused(file: string, why: string, lines: readonly string[] = []): LoadError {
  return new LoadError(`Plugin is refused: ${file}: ${why}`, {
    code: "plugin_refused",
    blame: "plugin",
    lines,
  });
}

function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-1)!;
}

function folderOf(file: string): string {
  return /^(.*)[\\/][^\\/]*$/.exec(file)?.[1] || ".";
}
