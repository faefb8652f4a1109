/**
 * Ways of tampering with a plugin on its way into a folder, each with the reason for which it is refused.
 */
import { join } from "@std/path";
import { LIMITS } from "../../src/model/limits.ts";
import type { InstallRefusal } from "../../host/plugins/install/refusal.ts";
import { changePluginLock } from "../../host/plugins/store/plugin_lock.ts";
import { STRANGER, TRUSTED } from "../support/signer.ts";
import { samplePlugin } from "../support/wasm_text.ts";

import {
  before,
  type Change,
  fileOf,
  GOOD,
  HASH,
  hash,
  type install,
  type Place,
  saying,
  sayingLength,
  SIGNATURE,
} from "./install_place.ts";
/** One way of tampering. */
export interface Tampering {
  readonly name: string;
  readonly reason: InstallRefusal;
  /** What it says, in part. */
  readonly says: string;
  /** The word that is given, and how; the folder may be made ready. */
  readonly prepare: (place: Place) => Promise<Tried> | Tried;
}

export interface Tried extends Change {
  readonly word: string;
  /** Ends what was begun for it. */
  readonly close?: () => void;
  readonly placing?: Parameters<typeof install>[3];
}

/** What a server sends that says another length. */
function said(length: number, sent: Uint8Array): Tried {
  const server = sayingLength(length, sent);
  return { word: hash(server.url), close: () => server.close() };
}

/** The table. */
export const cases: readonly Tampering[] = [
  {
    name: "a URL whose hash is another",
    reason: "hash_differs",
    says: `sha256 ${HASH} is there`,
    prepare: ({ url }) => ({ word: `${url}/good.wasm#sha256=${"0".repeat(64)}` }),
  },
  {
    name: "a file whose hash is another",
    reason: "hash_differs",
    says: "is another file than was meant",
    prepare: async (place) => ({
      word: `${await fileOf(place, saying({ version: "9.9.9" }))}#sha256=${HASH}`,
    }),
  },
  {
    name: "a URL without a hash",
    reason: "hash_missing",
    says: "/good.wasm#sha256=…",
    prepare: ({ url }) => ({ word: `${url}/good.wasm` }),
  },
  {
    name: "a hash that is too short",
    reason: "hash_malformed",
    says: "64 hex digits",
    prepare: ({ url }) => ({ word: `${url}/good.wasm#sha256=abc` }),
  },
  {
    name: "another kind of hash",
    reason: "hash_malformed",
    says: "behind # belongs sha256=",
    prepare: ({ url }) => ({ word: `${url}/good.wasm#md5=${"0".repeat(32)}` }),
  },
  {
    name: "http",
    reason: "url_not_https",
    says: "this is http:",
    prepare: ({ url }) => ({ word: hash(`${url.replace("https", "http")}/good.wasm`) }),
  },
  {
    name: "a file: URL",
    reason: "url_not_https",
    says: "this is file:",
    prepare: () => ({ word: hash("file:///etc/good.wasm") }),
  },
  {
    name: "a redirect to http",
    reason: "redirect_insecure",
    says: "/down.wasm leads on to what is not fetched by https:",
    prepare: ({ url }) => ({ word: hash(`${url}/down.wasm`) }),
  },
  {
    name: "a redirect to a file",
    reason: "redirect_insecure",
    says: "/file.wasm leads on",
    prepare: ({ url }) => ({ word: hash(`${url}/file.wasm`) }),
  },
  {
    name: "redirects without end",
    reason: "redirects_too_many",
    says: "leads on and on",
    prepare: ({ url }) => ({ word: hash(`${url}/round.wasm`) }),
  },
  {
    name: "a status that is none of success",
    reason: "http_status",
    says: "answers with status 410",
    prepare: ({ url }) => ({ word: hash(`${url}/gone.wasm`) }),
  },
  {
    name: "a server whose certificate nobody knows",
    reason: "fetch_failed",
    says: "cannot be fetched",
    prepare: ({ url }) => ({ word: hash(`${url}/good.wasm`), caCerts: [] }),
  },
  {
    name: "nobody there",
    reason: "fetch_failed",
    says: "cannot be fetched",
    prepare: () => ({ word: hash("https://localhost:1/good.wasm") }),
  },
  {
    name: "more bytes than a plugin may have",
    reason: "too_large",
    says: `more than ${LIMITS.moduleBytesMax} bytes`,
    prepare: ({ url }) => ({ word: hash(`${url}/large.wasm`) }),
  },
  {
    name: "bytes without end, of which nobody says how many",
    reason: "too_large",
    says: `more than ${LIMITS.moduleBytesMax} bytes`,
    prepare: ({ url }) => ({ word: hash(`${url}/endless.wasm`) }),
  },
  {
    name: "bytes that are packed and more than they seem",
    reason: "too_large",
    says: `more than ${LIMITS.moduleBytesMax} bytes`,
    prepare: ({ url }) => ({ word: hash(`${url}/bomb.wasm`) }),
  },
  {
    name: "a download that breaks off",
    reason: "truncated",
    says: "broke off after",
    prepare: () => said(GOOD.length, GOOD.subarray(0, 100)),
  },
  {
    name: "fewer bytes said than sent",
    reason: "hash_differs",
    says: "is another file than was meant",
    prepare: () => said(GOOD.length - 1, GOOD),
  },
  {
    name: "a download that takes too long",
    reason: "too_slow",
    says: "the download takes more than 0.2 s: fetch the file",
    prepare: ({ url }) => ({ word: hash(`${url}/silent.wasm`), msMax: 200 }),
  },
  {
    name: "a download that stalls",
    reason: "too_slow",
    says: "the server has sent nothing for 0.2 s: fetch the file",
    prepare: ({ url }) => ({ word: hash(`${url}/silent.wasm`), silenceMsMax: 200 }),
  },
  {
    name: "a server that does not answer",
    reason: "too_slow",
    says: "the server has sent nothing for 0.2 s: fetch the file",
    prepare: ({ url }) => ({ word: hash(`${url}/mute.wasm`), silenceMsMax: 200 }),
  },
  {
    name: "a download that goes on and on, a byte at a time",
    reason: "too_slow",
    says: "the download takes more than 1 s: fetch the file",
    prepare: ({ url }) => ({ word: hash(`${url}/trickle.wasm`), silenceMsMax: 900, msMax: 1_000 }),
  },
  {
    name: "a page in the place of a module",
    reason: "not_wasm",
    says: "but a page for people",
    prepare: ({ url }) => ({ word: hash(`${url}/page.wasm`) }),
  },
  {
    name: "nothing in the place of a module",
    reason: "not_wasm",
    says: "is no WebAssembly module",
    prepare: ({ url }) => ({ word: hash(`${url}/empty.wasm`) }),
  },
  {
    name: "a module that is cut off",
    reason: "module_refused",
    says: "not a valid WebAssembly module",
    prepare: async (place) => ({ word: await fileOf(place, GOOD.subarray(0, 200)) }),
  },
  {
    name: "a name that leaves the folder",
    reason: "name_unsafe",
    says: "is no name for a file of the folder",
    prepare: ({ url }) => ({ word: hash(`${url}/..%2f..%2fevil.wasm`) }),
  },
  {
    name: "a given name that leaves the folder",
    reason: "name_unsafe",
    says: "../evil.wasm",
    prepare: async (place) => ({ word: await fileOf(place, GOOD), name: "../evil.wasm" }),
  },
  {
    name: "a name that is the lock's",
    reason: "name_unsafe",
    says: "plugins.lock",
    prepare: async (place) => ({ word: await fileOf(place, GOOD), name: "plugins.lock" }),
  },
  {
    name: "a name that nobody sees",
    reason: "name_unsafe",
    says: ".wasm",
    prepare: async (place) => ({ word: await fileOf(place, GOOD), name: ".wasm" }),
  },
  {
    name: "a file that is not there",
    reason: "source_unreadable",
    says: "it is not there",
    prepare: ({ outside }) => ({ word: join(outside, "none.wasm") }),
  },
  {
    name: "a link in the place of the source",
    reason: "source_unreadable",
    says: "it is no plain file",
    prepare: async (place) => {
      await Deno.symlink(await fileOf(place, GOOD), join(place.outside, "link.wasm"));
      return { word: join(place.outside, "link.wasm") };
    },
  },
  {
    name: "a source that is changed while somebody is asked",
    reason: "source_changed",
    says: "was changed since it was looked at",
    prepare: async (place) => {
      const word = await fileOf(place, GOOD);
      const meanwhile = () => Deno.writeFile(word, saying({ version: "6.6.6" }));
      return { word, placing: { meanwhile } };
    },
  },
  {
    name: "imports that no host gives",
    reason: "imports_refused",
    says: "not a function that this host gives to plugins",
    prepare: async (place) => ({
      word: await fileOf(
        place,
        samplePlugin({ imports: ['(import "wasi_snapshot_preview1" "fd_write" (func))'] }),
      ),
    }),
  },
  {
    name: "a version of the contract that is yet to come",
    reason: "abi_unknown",
    says: "load with a newer snakepipe",
    prepare: async (place) => ({ word: await fileOf(place, saying({ abi: 99 })) }),
  },
  {
    name: "a manifest that is none",
    reason: "manifest_invalid",
    says: "schemes",
    prepare: async (place) => ({ word: await fileOf(place, saying({ schemes: [] })) }),
  },
  {
    name: "a driver that nobody has",
    reason: "driver_unknown",
    says: "Unknown driver family: oracle",
    prepare: async (place) => ({ word: await fileOf(place, saying({ driver: "oracle" })) }),
  },
  {
    name: "a setting that is its driver's",
    reason: "settings_clash",
    says: "url",
    prepare: async (place) => ({
      word: await fileOf(
        place,
        saying({
          config: { type: "object", properties: { url: { type: "string", description: "d" } } },
        }),
      ),
    }),
  },
  {
    name: "words that nobody can grant",
    reason: "words_refused",
    says: "No plugin may set it",
    prepare: async (place) => ({
      word: await fileOf(place, saying({ words: { settings: ["writable_schema = on"] } })),
    }),
  },
  {
    name: "no signature, where keys are trusted",
    reason: "signature_missing",
    says: "/good.wasm.sig",
    prepare: ({ url }) => ({ word: hash(`${url}/good.wasm`), trustedKeys: [TRUSTED.key] }),
  },
  {
    name: "a file without a signature, where keys are trusted",
    reason: "signature_missing",
    says: "sample.wasm.sig",
    prepare: async (place) => ({ word: await fileOf(place, GOOD), trustedKeys: [TRUSTED.key] }),
  },
  {
    name: "a signature that is none",
    reason: "signature_malformed",
    says: "is no signature in base64",
    prepare: ({ url }) => ({ word: `${url}/scrawled.wasm`, trustedKeys: [TRUSTED.key] }),
  },
  {
    name: "a signature by a key that nobody trusts",
    reason: "signature_untrusted",
    says: "none of the trusted keys has signed",
    prepare: ({ url }) => ({ word: `${url}/signed.wasm`, trustedKeys: [STRANGER.key] }),
  },
  {
    name: "a signature of another file",
    reason: "signature_untrusted",
    says: "none of the trusted keys has signed",
    prepare: async (place) => {
      const word = await fileOf(place, saying({ version: "9.9.9" }));
      await Deno.writeTextFile(`${word}.sig`, SIGNATURE);
      return { word, trustedKeys: [TRUSTED.key] };
    },
  },
  {
    name: "a file that is in quarantine under another name",
    reason: "quarantined",
    says: "it trapped",
    prepare: async (place) => {
      await changePluginLock(place.folder, (plugins) =>
        void plugins.set("elsewhere.wasm", {
          ...{ sha256: HASH, bytes: GOOD.length, abi: 2, imports: [], grants: [] },
          faults: { count: 3, last: "it trapped" },
        }));
      return { word: await fileOf(place, GOOD) };
    },
  },
  {
    name: "a folder that takes nothing new",
    reason: "locked",
    says: "and nothing new",
    prepare: async (place) => ({ word: await fileOf(place, GOOD), locked: true }),
  },
  {
    name: "the backend type of another plugin",
    reason: "type_taken",
    says: "backend type sample is sample.wasm's",
    prepare: async (place) => {
      await before(place);
      const bytes = saying({ name: "evil", schemes: ["evil"] });
      return { word: await fileOf(place, bytes, "evil.wasm") };
    },
  },
  {
    name: "the URL scheme of another plugin",
    reason: "scheme_taken",
    says: "URL scheme sample: is sample.wasm's",
    prepare: async (place) => {
      await before(place);
      const bytes = saying({ name: "evil", backend: "evil", schemes: ["evil", "sample"] });
      return { word: await fileOf(place, bytes, "evil.wasm") };
    },
  },
  {
    name: "the file of an earlier version, without a word",
    reason: "file_taken",
    says: "--replace puts this one into its place",
    prepare: async (place) => {
      await before(place);
      return { word: await fileOf(place, saying({ version: "1.3.0" })) };
    },
  },
  {
    name: "the file of another plugin",
    reason: "other_plugin",
    says: "is plugin sample, and this is evil",
    prepare: async (place) => {
      await before(place);
      return {
        word: await fileOf(place, saying({ name: "evil", version: "9.9.9" })),
        replace: true,
      };
    },
  },
  {
    name: "a lower version",
    reason: "version_lower",
    says: "is version 1.2.3, and this is 1.2.2",
    prepare: async (place) => {
      await before(place);
      return { word: await fileOf(place, saying({ version: "1.2.2" })), replace: true };
    },
  },
  {
    name: "a lower version that looks higher",
    reason: "version_lower",
    says: "is version 1.10.0, and this is 1.9.0",
    prepare: async (place) => {
      await before(place, saying({ version: "1.10.0" }));
      return { word: await fileOf(place, saying({ version: "1.9.0" })), replace: true };
    },
  },
  {
    name: "a version before its release",
    reason: "version_lower",
    says: "is version 1.2.3, and this is 1.2.3-rc.1",
    prepare: async (place) => {
      await before(place);
      return { word: await fileOf(place, saying({ version: "1.2.3-rc.1" })), replace: true };
    },
  },
  {
    name: "another manifest under the same version",
    reason: "version_reused",
    says: 'schemes was ["sample"] and is ["sample","more"]',
    prepare: async (place) => {
      await before(place);
      return { word: await fileOf(place, saying({ schemes: ["sample", "more"] })), replace: true };
    },
  },
  {
    name: "other code under the same version",
    reason: "version_reused",
    says: "they are not the same file",
    prepare: async (place) => {
      await before(place);
      return { word: await fileOf(place, samplePlugin({ texts: ["more"] })), replace: true };
    },
  },
  {
    name: "a link in the place of the target",
    reason: "target_no_file",
    says: "is a link",
    prepare: async (place) => {
      await Deno.symlink(join(place.outside, "victim"), join(place.folder, "sample.wasm"));
      return { word: await fileOf(place, GOOD) };
    },
  },
  {
    name: "a folder in the place of the target",
    reason: "target_no_file",
    says: "is a folder",
    prepare: async (place) => {
      await Deno.mkdir(join(place.folder, "sample.wasm"));
      return { word: await fileOf(place, GOOD) };
    },
  },
  {
    name: "a link that comes in between",
    reason: "target_no_file",
    says: "is a link",
    prepare: async (place) => ({
      word: await fileOf(place, GOOD),
      placing: {
        meanwhile: () =>
          Deno.symlink(join(place.outside, "victim"), join(place.folder, "sample.wasm")),
      },
    }),
  },
  {
    name: "a target that is changed while somebody is asked",
    reason: "target_changed",
    says: "was changed since it was looked at",
    prepare: async (place) => {
      await before(place);
      const target = join(place.folder, "sample.wasm");
      const meanwhile = () => Deno.writeFile(target, saying({ version: "6.6.6" }));
      const word = await fileOf(place, saying({ version: "1.3.0" }));
      return { word, replace: true, placing: { meanwhile } };
    },
  },
  {
    name: "a target that comes while somebody is asked",
    reason: "target_changed",
    says: "was changed since it was looked at",
    prepare: async (place) => {
      const target = join(place.folder, "sample.wasm");
      const meanwhile = () => Deno.writeFile(target, saying({ version: "6.6.6" }));
      return { word: await fileOf(place, GOOD), placing: { meanwhile } };
    },
  },
  {
    name: "a disk that is full",
    reason: "disk_full",
    says: "there is no room in",
    prepare: async (place) => ({
      word: await fileOf(place, GOOD),
      placing: {
        write: () => Promise.reject(Object.assign(new Error("no room"), { code: "ENOSPC" })),
      },
    }),
  },
  {
    name: "a write that fails",
    reason: "write_failed",
    says: "it cannot be written",
    prepare: async (place) => ({
      word: await fileOf(place, GOOD),
      placing: { write: () => Promise.reject(new Error("an input/output error")) },
    }),
  },
  {
    name: "a write that is too short",
    reason: "placed_differs",
    says: "is not what was written there",
    prepare: async (place) => ({
      word: await fileOf(place, GOOD),
      placing: { write: (file, bytes) => Deno.writeFile(file, bytes.subarray(0, 100)) },
    }),
  },
  {
    name: "a folder that cannot be written to",
    reason: "folder_unwritable",
    says: "cannot be written to",
    prepare: async (place) => ({
      word: await fileOf(place, GOOD),
      placing: {
        write: () => Promise.reject(new Deno.errors.PermissionDenied("permission denied")),
      },
    }),
  },
];
