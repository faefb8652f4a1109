/**
 * A plugin that was let in: its bytes hashed, vetted and compiled, its manifest read. Of one whose
 * manifest is kept, the bytes are vetted and compiled when the first instance is made.
 */
import * as v from "valibot";
import { CAPABILITIES, type CapabilityName } from "../../../src/plugin_api/capability.ts";
import { type Manifest, ManifestSchema } from "../../../src/plugin_api/manifest.ts";
import type { Grants } from "../../../src/plan_policy/grant.ts";
import type { KeptAnswers, Question } from "../../platform/kept_answers.ts";
import { sha256 } from "../../platform/sha256.ts";
import { FaultCount, type Faults } from "./fault_count.ts";
import type { PluginLog, Sandbox } from "./sandbox.ts";
import type { VettedModule } from "./vet.ts";

/**
 * A plugin that was let in: its bytes hashed, vetted and compiled, its manifest read. Immutable;
 * instances are made from it for each load.
 */
export interface Plugin {
  /** The file it was read from, or what else to call it. */
  readonly file: string;
  /** SHA-256 of the bytes that run, in hex. */
  readonly sha256: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  readonly manifest: Manifest;
  /** What the operator has granted to it. */
  readonly grants: Grants;
  /** Capability functions that it imports, sorted: its whole authority. */
  readonly imports: readonly string[];
  /** What it has done that it should not have. */
  readonly faults: FaultCount;
  /** Makes an instance. @throws {LoadError} `plugin_quarantined` */
  open(log?: PluginLog): Promise<Sandbox>;
}

/**
 * Lets a plugin in, or says everything that is wrong with it. The bytes are copied first: what was
 * hashed is what runs.
 *
 * @throws {LoadError} `plugin_unreadable`, `plugin_refused`, `plugin_manifest`, `plugin_failed`,
 * `plugin_violation`, `plugin_exhausted`
 */
export async function admitPlugin(
  source: Uint8Array,
  options: {
    readonly file: string;
    readonly grants: Grants;
    /** Faults of before; none by default. */
    readonly faults?: Faults | undefined;
    /** Manifests of before; none by default. */
    readonly kept?: KeptAnswers | undefined;
  },
): Promise<Plugin> {
  const { file, grants, kept } = options;
  const bytes = source.slice();
  const hash = await sha256(bytes);
  const { vetted, imports, manifest } = await examined(bytes, { hash, file, grants, kept });
  const { name } = manifest;
  const faults = new FaultCount(name, options.faults);
  return {
    file,
    sha256: hash,
    bytes: bytes.length,
    manifest,
    grants,
    imports,
    faults,
    open: async (log) => {
      faults.check();
      const onFault = (what: string) => faults.add(what);
      const { module, imports } = await vetted();
      const { Sandbox } = await import("./examine.ts");
      return await Sandbox.open(module, { name, imports, onFault, ...(log ? { log } : {}) });
    },
  };
}

/** What a plugin says of itself, and what it imports. */
export interface Described {
  readonly imports: readonly CapabilityName[];
  readonly manifest: Manifest;
}

/** What the bytes of a plugin say, whoever asks. */
interface Examined extends Described {
  /** @throws {LoadError} what vetting throws, where the manifest was kept */
  vetted(): Promise<VettedModule>;
}

const DescribedSchema = v.strictObject({
  imports: v.array(v.picklist(Object.keys(CAPABILITIES) as CapabilityName[])),
  manifest: ManifestSchema,
});

/** Plugins that were let in last, by hash and grants: the hosts of one process have the same files. */
const examinedLast = new Map<string, Examined>();
const EXAMINED_MAX = 16;

async function examined(
  bytes: Uint8Array<ArrayBuffer>,
  about: {
    readonly hash: string;
    readonly file: string;
    readonly grants: Grants;
    readonly kept: KeptAnswers | undefined;
  },
): Promise<Examined> {
  const { file, grants, kept } = about;
  const question = questionOf(about);
  const key = question.join(" ");
  const known = examinedLast.get(key);
  if (known) return known;
  let found = await described(question, kept);
  let vetted: VettedModule | undefined;
  if (!found) {
    const { readManifest, Sandbox, vetModule } = await import("./examine.ts");
    vetted = vetModule(bytes, grants, file);
    const { module, imports } = vetted;
    const manifest = await readManifest(await Sandbox.open(module, { name: file, imports }), file);
    found = { imports, manifest };
    await kept?.add(question, found);
  }
  if (examinedLast.size >= EXAMINED_MAX) examinedLast.delete(examinedLast.keys().next().value!);
  const whole = {
    ...found,
    vetted: async () => vetted ??= (await import("./examine.ts")).vetModule(bytes, grants, file),
  };
  examinedLast.set(key, whole);
  return whole;
}

/** What is asked for: a plugin, by its bytes and by what is granted to it. */
interface Asked {
  /** SHA-256 of its bytes, in hex. */
  readonly hash: string;
  readonly grants: Grants;
}

/** What a plugin has said of itself, and that it was let in with; undefined where it never was. */
export function describedBefore(asked: Asked, kept: KeptAnswers): Promise<Described | undefined> {
  return described(questionOf(asked), kept);
}

function questionOf({ hash, grants }: Asked): Question {
  return ["manifest", hash, [...grants].sort().join(" ")];
}

async function described(
  question: Question,
  kept: KeptAnswers | undefined,
): Promise<Described | undefined> {
  const { success, output } = v.safeParse(DescribedSchema, await kept?.get(question));
  return success ? output : undefined;
}
