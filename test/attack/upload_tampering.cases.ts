/**
 * Ways of tampering with a plugin that is put into a folder by a program that watches it, each with the
 * reason for which it is refused.
 */
import { LIMITS } from "../../src/model/limits.ts";
import type { HostOptions } from "../../mod.ts";
import type { InstallRefusal } from "../../host/plugins/install/refusal.ts";
import { sha256 } from "../../host/platform/sha256.ts";
import { changePluginLock } from "../../host/plugins/store/plugin_lock.ts";
import { pluginThat } from "./module_attack.ts";
import { STRANGER, TRUSTED } from "../support/signer.ts";
import { MANIFEST, samplePlugin } from "../support/wasm_text.ts";
import { FIRST, saying, SECOND, type Upload, type WatchedPlace } from "./upload_place.ts";

/** One way of tampering. */
export interface UploadTampering {
  readonly name: string;
  readonly reason: InstallRefusal;
  /** What it says, in part. */
  readonly says: string;
  readonly options?: HostOptions;
  /** Before the host is created. */
  readonly before?: (folder: string) => Promise<void>;
  /** What is put, once the folder is made ready. */
  readonly upload: Partial<Upload> | ((place: WatchedPlace) => Promise<Partial<Upload>>);
}

const UNSAFE = [
  ...["../evil.wasm", "..\\evil.wasm", "a/b.wasm", "/etc/evil.wasm", "C:\\evil.wasm"],
  ...["evil", "evil.wat", "evil.WASM", "evil.wasm.sig", "plugins.lock", "evil.wasm\0.txt"],
  ...[".wasm", ".evil.wasm", "-evil.wasm", "evil wasm.wasm", "evil.wasm ", "evil\n.wasm", ""],
  ...["nul.wasm", "CON.wasm", "Aux.x.wasm", "com1.wasm", "LPT9.wasm", `${"a".repeat(101)}.wasm`],
  // Letters that look like others, that turn the line around, that are two characters or none.
  ...[
    "ev\u0456l.wasm",
    "evil\u202Emsaw.wasm",
    "e\u0301vil.wasm",
    "evil\u200B.wasm",
    "ＥＶＩＬ.wasm",
  ],
  ...["evil．wasm", "%2e%2e%2fevil.wasm", "evil.wasm;x", "~evil.wasm", "evil:x.wasm"],
];

const traps = (version = "1.3.0") =>
  pluginThat({
    manifest: { ...MANIFEST, version },
    exports: { connect: "unreachable" },
  });

const asking = (change: object = {}) =>
  pluginThat({
    capabilities: ["batch_column_name"],
    manifest: { ...MANIFEST, version: "1.3.0", ...change },
  });

/** The table. */
export const cases: readonly UploadTampering[] = [
  ...UNSAFE.map((file): UploadTampering => ({
    name: `the name ${JSON.stringify(file).slice(0, 40)}`,
    reason: "name_unsafe",
    says: "is no name for a file of the folder",
    upload: { file },
  })),
  {
    name: "nothing",
    reason: "not_wasm",
    says: "sample.wasm is no WebAssembly module",
    upload: { bytes: new Uint8Array() },
  },
  {
    name: "a page",
    reason: "not_wasm",
    says: "but a page for people",
    upload: { bytes: new TextEncoder().encode("<!doctype html><title>Sign in</title>") },
  },
  {
    name: "a module that is cut off",
    reason: "module_refused",
    says: "not a valid WebAssembly module",
    upload: { bytes: SECOND.subarray(0, 300) },
  },
  {
    name: "more bytes than a plugin may have",
    reason: "too_large",
    says: `at most ${LIMITS.moduleBytesMax}`,
    upload: { bytes: new Uint8Array(LIMITS.moduleBytesMax + 1) },
  },
  {
    name: "imports that no host gives",
    reason: "imports_refused",
    says: "not a function that this host gives to plugins",
    upload: {
      bytes: samplePlugin({ imports: ['(import "wasi_snapshot_preview1" "fd_write" (func))'] }),
    },
  },
  {
    name: "a version of the contract that is yet to come",
    reason: "abi_unknown",
    says: "load with a newer snakepipe",
    upload: { bytes: saying({ abi: 99 }) },
  },
  {
    name: "a manifest that is none",
    reason: "manifest_invalid",
    says: "schemes",
    upload: { bytes: saying({ schemes: [] }) },
  },
  {
    name: "a manifest with a prototype",
    reason: "manifest_invalid",
    says: "__proto__",
    upload: {
      bytes: pluginThat({
        manifest: JSON.stringify(MANIFEST).replace("{", '{"__proto__":{"schemes":["evil"]},'),
      }),
    },
  },
  {
    name: "a driver that nobody has",
    reason: "driver_unknown",
    says: "Unknown driver family: oracle",
    upload: { bytes: saying({ driver: "oracle" }) },
  },
  {
    name: "words that nobody can grant",
    reason: "words_refused",
    says: "No plugin may set it",
    upload: { bytes: saying({ version: "2.0.0", words: { settings: ["writable_schema = on"] } }) },
  },
  {
    name: "a setting that is its driver's",
    reason: "settings_clash",
    says: "url",
    upload: {
      bytes: saying({
        config: { type: "object", properties: { url: { type: "string", description: "d" } } },
      }),
    },
  },
  {
    name: "a start that traps",
    reason: "plan_refused",
    says: "unreachable",
    upload: { bytes: traps() },
  },
  {
    name: "a session that no recipe has",
    reason: "plan_refused",
    says: "ATTACH",
    upload: {
      bytes: pluginThat({
        manifest: { ...MANIFEST, version: "1.3.0" },
        capabilities: ["sql_session"],
        texts: ["ATTACH DATABASE x AS y"],
        exports: { connect: "(call $sql_session (call $text (i32.const 4))) (i32.const 0)" },
      }),
    },
  },
  {
    name: "the names of columns, without a word about it",
    reason: "grant_missing",
    says: "it does not work without batch_column_name",
    upload: { bytes: asking() },
  },
  {
    name: "a grant that there is not",
    reason: "grant_unasked",
    says: "it does not ask for everything: it asks for nothing",
    upload: { bytes: SECOND, grants: ["everything"] },
  },
  {
    name: "a grant by the name of a prototype",
    reason: "grant_unasked",
    says: "it does not ask for constructor",
    upload: { bytes: SECOND, grants: ["constructor"] },
  },
  {
    name: "a grant that the plugin does not ask for",
    reason: "grant_unasked",
    says: "it does not ask for type:vector: it asks for batch_column_name",
    upload: { bytes: asking(), grants: ["batch_column_name", "type:vector"] },
  },
  {
    name: "no signature, where keys are trusted",
    reason: "signature_missing",
    says: "there is no sample.wasm.sig",
    options: { trustedKeys: [TRUSTED.key] },
    upload: { bytes: SECOND },
  },
  {
    name: "a signature that is none",
    reason: "signature_malformed",
    says: "sample.wasm.sig is no signature in base64",
    upload: { bytes: SECOND, signature: "not a signature" },
  },
  {
    name: "a signature of a stranger",
    reason: "signature_untrusted",
    says: "none of the trusted keys has signed sample.wasm",
    options: { trustedKeys: [TRUSTED.key] },
    upload: async () => ({ bytes: SECOND, signature: await STRANGER.sign(SECOND) }),
  },
  {
    name: "a signature of another file",
    reason: "signature_untrusted",
    says: "none of the trusted keys has signed sample.wasm",
    options: { trustedKeys: [TRUSTED.key] },
    upload: async () => ({ bytes: SECOND, signature: await TRUSTED.sign(FIRST) }),
  },
  {
    name: "what the lock does not know, where it is closed",
    reason: "locked",
    says: "and nothing new",
    options: { locked: true },
    upload: { bytes: SECOND },
  },
  {
    name: "a new file, where the lock is closed",
    reason: "locked",
    says: "and nothing new",
    options: { locked: true },
    upload: { file: "other.wasm", bytes: saying({ backend: "other", schemes: ["other"] }) },
  },
  {
    name: "a grant that the lock does not give, where it is closed",
    reason: "locked",
    says: "and nothing new",
    options: { locked: true },
    before: (folder) =>
      changePluginLock(folder, async (plugins) => {
        const bytes = saying({ version: "1.3.0", words: { types: ["f32_blob(#9)"] } });
        const record = { bytes: bytes.length, abi: 2, imports: [], grants: [] };
        plugins.set("sample.wasm", { sha256: await sha256(bytes), ...record });
      }),
    upload: {
      bytes: saying({ version: "1.3.0", words: { types: ["f32_blob(#9)"] } }),
      grants: ["type:f32_blob"],
    },
  },
  {
    name: "a file that is in quarantine",
    reason: "quarantined",
    says: "it trapped",
    before: (folder) =>
      changePluginLock(folder, async (plugins) => {
        const record = { bytes: SECOND.length, abi: 2, imports: [], grants: [] };
        const faults = { count: 3, last: "it trapped" };
        plugins.set("gone.wasm", { sha256: await sha256(SECOND.slice()), ...record, faults });
      }),
    upload: { bytes: SECOND },
  },
  {
    name: "the backend type of another plugin",
    reason: "type_taken",
    says: "backend type sample is sample.wasm's",
    upload: { file: "evil.wasm", bytes: saying({ name: "evil", schemes: ["evil"] }) },
  },
  {
    name: "the URL scheme of another plugin",
    reason: "scheme_taken",
    says: "URL scheme sample: is sample.wasm's",
    upload: {
      file: "evil.wasm",
      bytes: saying({ name: "evil", backend: "evil", schemes: ["evil", "sample"] }),
    },
  },
  {
    name: "the backend type of one that was registered by hand",
    reason: "type_taken",
    says: "backend type hand is ",
    upload: async ({ host }) => {
      await host.registerPlugin(saying({ backend: "hand", schemes: ["hand"] }));
      return { file: "evil.wasm", bytes: saying({ backend: "hand", schemes: ["evil"] }) };
    },
  },
  {
    name: "the URL scheme of one that was registered by hand",
    reason: "scheme_taken",
    says: "URL scheme hand: is ",
    upload: async ({ host }) => {
      await host.registerPlugin(saying({ backend: "hand", schemes: ["hand"] }));
      return { file: "evil.wasm", bytes: saying({ backend: "evil", schemes: ["hand"] }) };
    },
  },
  {
    name: "the name of another file in other letters",
    reason: "file_taken",
    says: "sample.wasm is there, whose name is the same to some systems",
    upload: { file: "Sample.wasm", bytes: saying({ backend: "evil", schemes: ["evil"] }) },
  },
  {
    name: "another plugin under the file of this one",
    reason: "other_plugin",
    says: "is plugin sample, and this is evil",
    upload: { bytes: saying({ name: "evil", version: "9.9.9" }) },
  },
  {
    name: "another plugin, by the hash of the one that is meant to go",
    reason: "other_plugin",
    says: "is plugin sample, and this is evil",
    upload: async () => ({
      bytes: saying({ name: "evil", version: "9.9.9" }),
      over: await sha256(FIRST.slice()),
    }),
  },
  {
    name: "a lower version",
    reason: "version_lower",
    says: "is version 1.2.3, and this is 1.2.2",
    upload: { bytes: saying({ version: "1.2.2" }) },
  },
  {
    name: "another file under the same version",
    reason: "version_reused",
    says: "they are not the same file",
    upload: { bytes: pluginThat({ texts: ["more"] }) },
  },
  {
    name: "a higher version, in the place of a file that is not there any more",
    reason: "target_changed",
    says: "is not the file that was to be replaced",
    upload: { bytes: SECOND, over: "0".repeat(64) },
  },
  {
    name: "a link in the place of the target",
    reason: "target_no_file",
    says: "evil.wasm is a link",
    upload: async ({ file, outside }) => {
      await Deno.symlink(`${outside}/victim`, file("evil.wasm"));
      return { file: "evil.wasm", bytes: saying({ backend: "evil", schemes: ["evil"] }) };
    },
  },
  {
    name: "a folder in the place of the target",
    reason: "target_no_file",
    says: "evil.wasm is a folder",
    upload: async ({ file }) => {
      await Deno.mkdir(file("evil.wasm"));
      return { file: "evil.wasm", bytes: saying({ backend: "evil", schemes: ["evil"] }) };
    },
  },
  {
    name: "a folder in the place of the signature",
    reason: "target_no_file",
    says: "sample.wasm.sig is a folder",
    upload: async ({ file }) => {
      await Deno.mkdir(file("sample.wasm.sig"));
      return { bytes: SECOND, signature: await TRUSTED.sign(SECOND) };
    },
  },
  {
    name: "a host that changes nothing",
    reason: "folder_unwritable",
    says: "read-only",
    options: { readOnly: true },
    upload: { bytes: SECOND },
  },
];
