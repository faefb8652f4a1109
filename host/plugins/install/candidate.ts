/** A plugin that may be installed: its bytes held to everything that could be against it, before it is asked for. */
import { greaterThan, parse as parseVersion } from "@std/semver";
import type { CapabilityName } from "../../../src/plugin_api/capability.ts";
import type { Manifest } from "../../../src/plugin_api/manifest.ts";
import { FORMER_CAPABILITIES } from "../../../src/plugin_api/version.ts";
import { askedWords, grantOf } from "../../../src/plugin_api/words.ts";
import type { GrantName } from "../../../src/plan_policy/grant.ts";
import { mergeConfigSchemas } from "../../../src/model/config_schema.ts";
import { LoadError, messageOf, partsOf } from "../../../src/model/errors.ts";
import { loadDriver } from "../../drivers/load_driver.ts";
import { checkWords } from "../plan_rules.ts";
import { readPlainFile } from "../../platform/plain_file.ts";
import { sha256 } from "../../platform/sha256.ts";
import { FAULTS_MAX } from "../sandbox/fault_count.ts";
import { importsOf } from "../sandbox/examine.ts";
import { admitPlugin, type Plugin } from "../sandbox/plugin.ts";
import { GRANTABLE, LOCK_FILE, type LockedPlugins, readPluginLock } from "../store/plugin_lock.ts";
import {
  SIGNATURE_BYTES_MAX,
  SIGNATURE_SUFFIX,
  signatureIn,
  signerOf,
} from "../store/signature.ts";
import { pathOf, pluginNames, readPluginFile, type StoredPlugin } from "../store/store.ts";
import {
  type PluginSource,
  type ReadOptions,
  type ReadPlugin,
  readSource,
  readSourceSignature,
} from "./plugin_source.ts";
import { type InstallRefusal, installRefused, type PluginDeed } from "./refusal.ts";

/** How a plugin is installed. */
export interface InstallOptions extends ReadOptions {
  /** The folder of plugins. It is made where it is not there. */
  readonly folder: string;
  /** Whether it may take the place of an earlier version; false by default. */
  readonly replace?: boolean;
  /** Whether the folder takes nothing that its lock does not know; false by default. */
  readonly locked?: boolean;
  /** See `AdmissionOptions`: with keys, one of them must have signed it. */
  readonly trustedKeys?: readonly string[];
  /** What it is granted beside what it keeps; nothing by default. */
  readonly grants?: readonly string[];
  /** SHA-256 of the file that is meant to go: then any version of the same plugin takes its place. */
  readonly over?: string;
}

/** A plugin in whose way nothing stands. */
export interface Candidate {
  readonly source: PluginSource;
  readonly folder: string;
  readonly plugin: Plugin;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What is put beside it, and the key by which it is signed where keys are asked for. */
  readonly signature?: string;
  readonly signer?: string;
  /** What it is granted: what it keeps, and what was named. */
  readonly grants: readonly GrantName[];
  /** What it asks for and has not: capability functions and words, by the names of grants. */
  readonly asks: readonly GrantName[];
  /** SHA-256 of what lies in its place; undefined where nothing does that can be read. */
  readonly found: string | undefined;
  /** What it takes the place of; absent where it is new. */
  readonly before?: Replaced;
  /** Whether the folder and its lock have it as it is. */
  readonly there: boolean;
}

/** What a plugin takes the place of. */
export interface Replaced {
  readonly sha256: string;
  /** Absent where that file is no plugin that can be let in. */
  readonly manifest?: Manifest;
  /** Grants that stay: those that the new one asks for too. */
  readonly grants: readonly GrantName[];
}

/** Reads and vets it. @throws {LoadError} `install_refused` with the reason, and nothing has changed */
export async function vetCandidate(
  source: PluginSource,
  options: InstallOptions,
): Promise<Candidate> {
  const { folder, trustedKeys = [] } = options;
  if (source.kind === "url" && source.sha256 === undefined && trustedKeys.length === 0) {
    throw installRefused("hash_missing", "nothing says which file it is to be", {
      lines: [
        `Give its hash, from somebody whom you trust: ${source.label}#sha256=…`,
        'or the keys that may have signed it, as "trustedKeys" of the configuration',
      ],
    });
  }
  const read = await readSource(source, options);
  const signed = await checkSigned(source, read, options);
  const lock = await readPluginLock(folder);
  const known = lock.get(source.name);
  const isKnown = known?.sha256 === read.sha256;
  if (options.locked && !isKnown) throw locked();
  const plugin = await vetted(source, read);
  checkQuarantine(read, lock);
  await checkNames(plugin, source, options);
  const { found, before } = await targetOf(plugin, source, { ...options, lock });
  const wanted = asksOf(plugin);
  // What was granted to these very bytes, or to the version before.
  const kept = before?.grants ?? wanted.filter((name) => isKnown && known.grants.includes(name));
  const grants = grantsFor(kept, wanted, options.grants ?? []);
  const isMore = grants.length > kept.length;
  if (options.locked && isMore) throw locked();
  return {
    ...{ source, folder, plugin, bytes: read.bytes, ...signed, grants, found },
    asks: wanted.filter((name) => !grants.includes(name)),
    there: found === read.sha256 && isKnown && !isMore && await isSigned(signed, source, folder),
    ...(before ? { before } : {}),
  };
}

function locked(): LoadError {
  return installRefused(
    "locked",
    "the configuration or --locked lets in what plugins.lock knows, and nothing new",
  );
}

/** What it is granted. @throws {LoadError} `install_refused` for what it does not ask for */
function grantsFor(
  kept: readonly GrantName[],
  wanted: readonly GrantName[],
  named: readonly string[],
): readonly GrantName[] {
  const unasked = named.find((name) => !wanted.some((one) => one === name));
  if (unasked !== undefined) {
    const there = wanted.length > 0 ? `it asks for ${wanted.join(", ")}` : "it asks for nothing";
    throw installRefused("grant_unasked", `it does not ask for ${unasked}: ${there}`);
  }
  return wanted.filter((name) => kept.includes(name) || named.includes(name)).sort();
}

/** Whether the signature that it brings lies beside it. */
async function isSigned(
  { signature }: Pick<Candidate, "signature">,
  { name }: PluginSource,
  folder: string,
): Promise<boolean> {
  if (signature === undefined) return true;
  const path = pathOf(folder, name) + SIGNATURE_SUFFIX;
  const there = await readPlainFile(path, SIGNATURE_BYTES_MAX).catch(() => new Uint8Array());
  return new TextDecoder().decode(there).trim() === signature.trim();
}

/** Refuses a file that was changed while somebody was asked. @throws {LoadError} `install_refused` */
export async function checkUnchanged({ source, plugin }: Candidate): Promise<void> {
  if (source.kind !== "file") return;
  const { sha256 } = await readSource({ ...source, sha256: undefined });
  if (sha256 === plugin.sha256) return;
  throw installRefused("source_changed", `${source.label} was changed since it was looked at`);
}

function asksOf({ imports, manifest }: Plugin): GrantName[] {
  const capabilities = imports.filter((name): name is CapabilityName =>
    GRANTABLE.some((one) => one === name)
  );
  return [...new Set([...capabilities, ...askedWords(manifest.words).map(grantOf)])];
}

async function checkSigned(
  source: PluginSource,
  { bytes }: ReadPlugin,
  options: InstallOptions,
): Promise<Pick<Candidate, "signature" | "signer">> {
  const { trustedKeys = [] } = options;
  // Without keys nobody asks; what lies beside a file goes with it.
  if (trustedKeys.length === 0 && source.kind === "url") return {};
  const text = await readSourceSignature(source, options);
  if (text === undefined) {
    if (trustedKeys.length === 0) return {};
    throw installRefused("signature_missing", `there is no ${source.label}.sig`);
  }
  const signature = signatureIn(text);
  if (!signature) {
    throw installRefused("signature_malformed", `${source.label}.sig is no signature in base64`);
  }
  if (trustedKeys.length === 0) return { signature: text };
  const signer = await signerOf(bytes, signature, trustedKeys);
  if (signer !== undefined) return { signature: text, signer };
  throw installRefused(
    "signature_untrusted",
    `none of the trusted keys has signed ${source.label} as it is`,
  );
}

/** Lets it in as a host would, with what it asks for: whether that is granted is seen when it is used. */
async function vetted(source: PluginSource, { bytes }: ReadPlugin): Promise<Plugin> {
  const imports = importsOf(bytes.slice()) ?? [];
  const grants = new Set(GRANTABLE.filter((name) => imports.includes(name)));
  try {
    const plugin = await admitPlugin(bytes, { file: source.name, grants });
    const driver = await loadDriver(plugin.manifest.driver).catch((error) => {
      throw refusedFor("driver_unknown", error);
    });
    as("settings_clash", () => mergeConfigSchemas(driver.config, plugin.manifest.config));
    as("words_refused", () => checkWords(plugin, driver));
    return plugin;
  } catch (error) {
    if (!(error instanceof LoadError) || error.code === "install_refused") throw error;
    throw refusedFor(reasonOf(error), error);
  }
}

function as(reason: InstallRefusal, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof LoadError ? refusedFor(reason, error) : error;
  }
}

function reasonOf({ code, issues }: LoadError): InstallRefusal {
  if (code === "plugin_manifest") {
    return issues.some(({ path }) => path === "abi") ? "abi_unknown" : "manifest_invalid";
  }
  const imports = issues.flatMap(({ path }) => /^import \S+ (.*)$/.exec(path)?.[1] ?? []);
  if (imports.some((name) => Object.hasOwn(FORMER_CAPABILITIES, name))) return "abi_unknown";
  return imports.length > 0 ? "imports_refused" : "module_refused";
}

/** The error, in the words of whoever found it. */
function refusedFor(reason: InstallRefusal, error: unknown): LoadError {
  const { message, lines } = partsOf(messageOf(error));
  return installRefused(reason, message, { lines, cause: error });
}

function checkQuarantine({ sha256 }: ReadPlugin, lock: LockedPlugins): void {
  for (const [name, known] of lock) {
    if (known.sha256 !== sha256 || (known.faults?.count ?? 0) < FAULTS_MAX) continue;
    throw installRefused(
      "quarantined",
      `${LOCK_FILE} has it in quarantine as ${name}: ${known.faults!.last}`,
      { lines: [`If it may be used again: snakepipe grant ${name}`] },
    );
  }
}

/** Names belong to the file that has them. */
async function checkNames(
  { manifest: { backend, schemes } }: Plugin,
  { name }: PluginSource,
  { folder }: InstallOptions,
): Promise<void> {
  for (const other of await namesIn(folder)) {
    if (other === name) continue;
    // Which of both a file system means that makes no difference, nobody knows.
    if (other.toLowerCase() === name.toLowerCase()) {
      throw installRefused(
        "file_taken",
        `${other} is there, whose name is the same to some systems`,
      );
    }
    const manifest = (await pluginOf(await readPluginFile(pathOf(folder, other))))?.manifest;
    if (!manifest) continue;
    if (manifest.backend === backend) {
      throw installRefused("type_taken", `backend type ${backend} is ${other}'s`);
    }
    const scheme = schemes.find((one) => manifest.schemes.includes(one));
    if (scheme === undefined) continue;
    throw installRefused("scheme_taken", `URL scheme ${scheme}: is ${other}'s`);
  }
}

/** What lies in its place, which is read once. @throws {LoadError} `install_refused` where it may not go */
async function targetOf(
  plugin: Plugin,
  { name }: PluginSource,
  { folder, replace, lock, over }: InstallOptions & { readonly lock: LockedPlugins },
): Promise<Pick<Candidate, "found" | "before">> {
  const file = pathOf(folder, name);
  await checkPlace(file);
  const stored = await readPluginFile(file);
  const found = "bytes" in stored ? await sha256(stored.bytes.slice()) : undefined;
  const checkMeant = (hash?: string) => {
    if (over === undefined || over === hash) return;
    throw installRefused("target_changed", `${name} is not the file that was to be replaced`);
  };
  if (found === undefined && await isAbsent(file)) {
    checkMeant();
    return { found };
  }
  const known = lock.get(name);
  const there = await pluginOf(stored);
  const grants = asksOf(plugin).filter((one) => known?.grants.includes(one));
  const hash = there?.sha256 ?? known?.sha256 ?? "";
  const before: Replaced = { sha256: hash, grants, ...(there ? { manifest: there.manifest } : {}) };
  if (hash === plugin.sha256) return { found, before };
  if (!replace) {
    throw installRefused(
      "file_taken",
      `${file} is there already: --replace puts this one into its place, --name beside it`,
    );
  }
  checkMeant(hash);
  checkVersions(plugin.manifest, there?.manifest, { file, isMeant: over !== undefined });
  return { found, before };
}

function checkVersions(
  now: Manifest,
  before: Manifest | undefined,
  { file, isMeant }: { readonly file: string; readonly isMeant: boolean },
): void {
  if (!before) return;
  if (before.name !== now.name) {
    throw installRefused(
      "other_plugin",
      `${file} is plugin ${before.name}, and this is ${now.name}`,
    );
  }
  if (isMeant) return;
  if (before.version === now.version) {
    throw installRefused(
      "version_reused",
      `both are version ${now.version} of ${now.name}, and they are not the same file`,
      { lines: manifestLines(before, now) },
    );
  }
  if (greaterThan(parseVersion(before.version), parseVersion(now.version))) {
    throw installRefused(
      "version_lower",
      `${file} is version ${before.version}, and this is ${now.version}`,
      { lines: ["To go back, take the file out of the folder first"] },
    );
  }
}

/** What two manifests of one version say differently. */
function manifestLines(before: Manifest, now: Manifest): string[] {
  const text = (value: unknown) => JSON.stringify(value) ?? "nothing";
  const fields = [...new Set([...Object.keys(before), ...Object.keys(now)])] as (keyof Manifest)[];
  return fields.filter((field) => text(before[field]) !== text(now[field]))
    .map((field) => `${field} was ${text(before[field])} and is ${text(now[field])}`.slice(0, 300));
}

/** Refuses what is no plain file: a link would lead elsewhere. @throws {LoadError} `install_refused` */
export async function checkPlace(
  file: string,
  done: PluginDeed = "installed",
): Promise<void> {
  const info = await Deno.lstat(file).catch(() => undefined);
  if (!info || info.isFile) return;
  const what = info.isSymlink ? "a link" : info.isDirectory ? "a folder" : "no plain file";
  throw installRefused("target_no_file", `${file} is ${what}`, { done });
}

async function isAbsent(file: string): Promise<boolean> {
  return await Deno.lstat(file).then(() => false, () => true);
}

async function namesIn(folder: string): Promise<string[]> {
  return await isAbsent(folder) ? [] : await pluginNames(folder);
}

/** The plugin that a file is; undefined where it would not be let in. */
export async function pluginOf(stored: StoredPlugin): Promise<Plugin | undefined> {
  if ("error" in stored) return undefined;
  const { file, bytes } = stored;
  try {
    const imports = importsOf(bytes.slice()) ?? [];
    const grants = new Set(GRANTABLE.filter((one) => imports.includes(one)));
    return await admitPlugin(bytes, { file, grants });
  } catch (error) {
    if (error instanceof LoadError) return undefined;
    throw error;
  }
}
