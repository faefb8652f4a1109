/** Where a plugin is installed from: a file, or an `https:` URL. Its bytes are read once. */
import { LIMITS } from "../../../src/model/limits.ts";
import { messageOf } from "../../../src/model/errors.ts";
import { readPlainFile, UnreadableFile } from "../../platform/plain_file.ts";
import { sha256 } from "../../platform/sha256.ts";
import { SIGNATURE_BYTES_MAX, SIGNATURE_SUFFIX } from "../store/signature.ts";
import {
  bodyFailure,
  boundedBody,
  Patience,
  type PatienceOptions,
  type PatienceWords,
} from "./bounded_body.ts";
import { installRefused } from "./refusal.ts";

/** What a plugin is read from. */
export type PluginSource = NamedSource & (LocatedSource | GivenSource);

/** What is known of every source. */
interface NamedSource {
  /** As it is shown: the path, or the URL without a fragment, a user or a password. */
  readonly label: string;
  /** What it is to be called in the folder. */
  readonly name: string;
  /** SHA-256 that its bytes must have, in hex; undefined where none was given. */
  readonly sha256: string | undefined;
}

/** What is read from somewhere. */
interface LocatedSource {
  readonly kind: "file" | "url";
  /** The path, or the URL. */
  readonly location: string;
}

/** What was read by somebody else. */
interface GivenSource {
  readonly kind: "bytes";
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** As it would stand in its file. */
  readonly signature?: string;
}

/** How it is read. */
export interface ReadOptions extends PatienceOptions {
  /** Further certificates of authorities, PEM; none by default. */
  readonly caCerts?: readonly string[];
}

/** What was read. */
export interface ReadPlugin {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.wasm$/;
/** Names of devices on Windows, whatever stands behind their dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)\./i;
const NAMING = "; --name gives it another one";
const HASH = /#sha256=([0-9A-Fa-f]{64})$/;
const MAGIC = [0, 0x61, 0x73, 0x6d];
const WORDS: PatienceWords = {
  ...{ what: "download", who: "server", way: ": fetch the file, and install that" },
};

/** Reads the word that names it. @throws {LoadError} `install_refused` */
export function pluginSource(word: string, named: string | undefined): PluginSource {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):\/\//.exec(word)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const hash = HASH.exec(word)?.[1]?.toLowerCase();
    const location = hash === undefined ? word : word.replace(HASH, "");
    const name = named ?? location.split(/[\\/]/).at(-1)!;
    return { kind: "file", label: location, location, sha256: hash, name: safeName(name, NAMING) };
  }
  if (scheme !== "https" || !URL.canParse(word)) {
    throw installRefused(
      "url_not_https",
      `a plugin is fetched by https: alone, and this is ${scheme}:`,
    );
  }
  const url = new URL(word);
  if (url.hash !== "" && !HASH.test(url.hash)) {
    throw installRefused(
      "hash_malformed",
      "behind # belongs sha256= and 64 hex digits, as sha256sum prints them",
    );
  }
  const hash = HASH.exec(url.hash)?.[1]?.toLowerCase();
  url.hash = "";
  const name = named ?? decoded(url.pathname.split("/").at(-1)!);
  return {
    kind: "url",
    label: shown(url),
    location: url.href,
    sha256: hash,
    name: safeName(name, NAMING),
  };
}

/** What somebody has handed in, to be called so. @throws {LoadError} `install_refused` */
export function givenSource(
  name: string,
  given: Omit<GivenSource, "kind">,
): PluginSource {
  const safe = safeName(name);
  return { kind: "bytes", label: safe, name: safe, sha256: undefined, ...given };
}

/** Reads its bytes, and holds them to its hash. @throws {LoadError} `install_refused` */
export async function readSource(
  source: PluginSource,
  options: ReadOptions = {},
): Promise<ReadPlugin> {
  const bytes = source.kind === "bytes"
    ? held(source.bytes)
    : source.kind === "file"
    ? await readFile(source.location)
    : await download(source.location, LIMITS.moduleBytesMax, options);
  const hash = await sha256(bytes.slice());
  // That it is a page tells more than that its hash is another.
  checkMagic(bytes, source);
  if (source.sha256 !== undefined && hash !== source.sha256) {
    throw installRefused("hash_differs", `${source.label} is another file than was meant`, {
      lines: [`sha256 ${source.sha256} was asked for`, `sha256 ${hash} is there`],
    });
  }
  return { bytes, sha256: hash };
}

/** The signature beside it; undefined where there is none. @throws {LoadError} `install_refused` */
export async function readSourceSignature(
  source: PluginSource,
  options: ReadOptions = {},
): Promise<string | undefined> {
  if (source.kind === "bytes") return source.signature;
  const { kind, location } = source;
  const decoder = new TextDecoder();
  if (kind === "file") {
    try {
      return decoder.decode(await readPlainFile(location + SIGNATURE_SUFFIX, SIGNATURE_BYTES_MAX));
    } catch (error) {
      if (error instanceof UnreadableFile && error.missing) return undefined;
      throw installRefused(
        "signature_malformed",
        `its signature cannot be read: ${location}${SIGNATURE_SUFFIX}: ${messageOf(error)}`,
      );
    }
  }
  const url = new URL(location);
  url.pathname += SIGNATURE_SUFFIX;
  const bytes = await download(url.href, SIGNATURE_BYTES_MAX, { ...options, mayMiss: true });
  return bytes.length === 0 ? undefined : decoder.decode(bytes);
}

/** A name for a file of the folder. @throws {LoadError} `install_refused` where it is none */
export function safeName(name: string, way = ""): string {
  if (NAME.test(name) && !DEVICE.test(name)) return name;
  throw installRefused(
    "name_unsafe",
    `${JSON.stringify(name.slice(0, 100))} is no name for a file of the folder: letters, digits, ` +
      `dots, - and _, the first a letter or a digit, .wasm at the end, and none of a device${way}`,
  );
}

function held(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { moduleBytesMax } = LIMITS;
  if (bytes.length <= moduleBytesMax) return bytes;
  throw installRefused("too_large", `it has ${bytes.length} bytes, at most ${moduleBytesMax}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function shown(url: URL): string {
  const plain = new URL(url.href);
  plain.username =
    plain.password =
    plain.search =
    plain.hash =
      "";
  return plain.href;
}

/** What the client says of itself is that it has failed; why, stands behind it. */
function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  return messageOf(cause instanceof Error ? cause : error);
}

/** A message of the client's, in which the URL may stand as it was given. */
function withoutUser(message: string): string {
  return message.replaceAll(/\/\/[^/\s]*@/g, "//").replaceAll(/\?[^\s)]*/g, "");
}

async function readFile(file: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readPlainFile(file, LIMITS.moduleBytesMax);
  } catch (error) {
    throw installRefused("source_unreadable", `${file} cannot be read: ${messageOf(error)}`);
  }
}

function checkMagic(bytes: Uint8Array, { label }: PluginSource): void {
  if (MAGIC.every((byte, i) => bytes[i] === byte)) return;
  const isPage = /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 200)));
  throw installRefused(
    "not_wasm",
    `${label} is no WebAssembly module${isPage ? ", but a page for people" : ""}`,
  );
}

/** Every redirect is looked at; what comes is counted, whatever is said of its size. */
async function download(
  from: string,
  bytesMax: number,
  options: ReadOptions & { readonly mayMiss?: boolean },
): Promise<Uint8Array<ArrayBuffer>> {
  const { caCerts = [], mayMiss = false } = options;
  using patience = new Patience(options, WORDS);
  const client = caCerts.length > 0 ? Deno.createHttpClient({ caCerts: [...caCerts] }) : undefined;
  try {
    let url = from;
    for (let redirects = 0;; redirects++) {
      const response = await answerOf(url, { patience, client });
      const location = response.headers.get("location");
      const isRedirect = response.status >= 300 && response.status < 400 && location !== null;
      if (!isRedirect) {
        if (mayMiss && response.status === 404) {
          await response.body?.cancel();
          return new Uint8Array(0);
        }
        return await bodyOf(response, { bytesMax, patience, label: shown(new URL(url)) });
      }
      await response.body?.cancel();
      if (redirects === LIMITS.downloadRedirectsMax) {
        throw installRefused("redirects_too_many", `${shown(new URL(from))} leads on and on`);
      }
      const next = URL.parse(location, url);
      if (next?.protocol !== "https:") {
        throw installRefused(
          "redirect_insecure",
          `${shown(new URL(url))} leads on to what is not fetched by https:`,
        );
      }
      url = next.href;
    }
  } finally {
    client?.close();
  }
}

async function answerOf(
  url: string,
  { patience, client }: {
    readonly patience: Patience;
    readonly client: Deno.HttpClient | undefined;
  },
): Promise<Response> {
  try {
    const headers = { "accept": "application/wasm, application/octet-stream" };
    const response = await fetch(url, {
      ...{ redirect: "manual", signal: patience.signal, headers },
      ...(client ? { client } : {}),
    } as RequestInit);
    patience.heard();
    return response;
  } catch (error) {
    throw bodyFailure(error, patience, () =>
      installRefused(
        "fetch_failed",
        `${shown(new URL(url))} cannot be fetched: ${withoutUser(reasonOf(error))}`,
        { cause: error },
      ));
  }
}

async function bodyOf(
  response: Response,
  { bytesMax, patience, label }: {
    readonly bytesMax: number;
    readonly patience: Patience;
    readonly label: string;
  },
): Promise<Uint8Array<ArrayBuffer>> {
  if (response.status !== 200) {
    await response.body?.cancel();
    throw installRefused("http_status", `${label} answers with status ${response.status}`);
  }
  const length = response.headers.get("content-length");
  return await boundedBody(response.body, { length, bytesMax, patience, label });
}
