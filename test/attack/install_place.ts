/** A folder of plugins, a server of real bytes, and what is installed from there. */
import { join } from "@std/path";
import { LIMITS } from "../../src/model/limits.ts";
import { type InstallOptions, vetCandidate } from "../../host/plugins/install/candidate.ts";
import { place, type PlaceOptions } from "../../host/plugins/install/place.ts";
import { pluginSource } from "../../host/plugins/install/plugin_source.ts";
import { sha256 } from "../../host/platform/sha256.ts";
import { MANIFEST, samplePlugin } from "../support/wasm_text.ts";
import {
  ISSUED_CERTIFICATE,
  ISSUED_CERTIFICATE_KEY,
  TEST_AUTHORITY,
} from "../support/test_authority.ts";
import { TRUSTED } from "../support/signer.ts";
import { withFolder } from "../support/target.ts";

export const GOOD = samplePlugin();
export const HASH = await sha256(GOOD.slice());
export const SIGNATURE = await TRUSTED.sign(GOOD);

/** A plugin whose manifest says this. */
export function saying(manifest: object): Uint8Array<ArrayBuffer> {
  return samplePlugin({ manifest: { ...MANIFEST, ...manifest } });
}

/** How somebody answers. */
type Answer = (request: Request) => Response | Promise<Response>;

/** How long the server that does not answer says nothing. */
const MUTE_MS = 2_000;

/** Answers of a server, by path. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "/good.wasm": () => new Response(GOOD),
  "/page.wasm": () => new Response("<!doctype html><title>Please sign in</title>"),
  "/empty.wasm": () => new Response(""),
  "/text.wasm": () => new Response("a text"),
  "/large.wasm": () => new Response(new Uint8Array(LIMITS.moduleBytesMax + 1)),
  // Of which nobody says how much it is.
  "/endless.wasm": () =>
    new Response(
      new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(65_536)) }),
    ),
  // Small on the way, and not where it arrives.
  "/bomb.wasm": () =>
    new Response(
      new Blob([new Uint8Array(LIMITS.moduleBytesMax * 4)]).stream().pipeThrough(
        new CompressionStream("gzip"),
      ),
      { headers: { "content-encoding": "gzip" } },
    ),
  "/silent.wasm": () =>
    new Response(new ReadableStream({ start: (stream) => stream.enqueue(GOOD.subarray(0, 100)) })),
  // It ends by itself, so that the server can end, long after whoever asks has given up.
  "/mute.wasm": () => new Promise((resolve) => setTimeout(() => resolve(new Response()), MUTE_MS)),
  "/trickle.wasm": () =>
    new Response(
      new ReadableStream({
        pull: async (stream) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          stream.enqueue(new Uint8Array(1));
        },
      }),
    ),
  "/moved.wasm": () => moved("/good.wasm"),
  "/down.wasm": (request) => moved(`http://${new URL(request.url).host}/good.wasm`),
  "/file.wasm": () => moved("file:///etc/passwd"),
  "/round.wasm": () => moved("/round.wasm"),
  "/gone.wasm": () => new Response("gone", { status: 410 }),
  "/signed.wasm": () => new Response(GOOD),
  "/signed.wasm.sig": () => new Response(SIGNATURE),
  "/scrawled.wasm": () => new Response(GOOD),
  "/scrawled.wasm.sig": () => new Response("not base64 at all!"),
};

function moved(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

/** Where a plugin comes from and goes to. */
export interface Place {
  readonly folder: string;
  /** A folder beside it. */
  readonly outside: string;
  /** Of the server. */
  readonly url: string;
}

/** A server that says how many bytes come, and sends what it likes; where it is. */
export function sayingLength(
  length: number,
  sent: Uint8Array,
): { readonly url: string; close(): void } {
  const tls = { cert: ISSUED_CERTIFICATE, key: ISSUED_CERTIFICATE_KEY };
  const listener = Deno.listenTls({ hostname: "localhost", port: 0, ...tls });
  const head = `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`;
  const serve = async () => {
    for await (const connection of listener) {
      try {
        await connection.read(new Uint8Array(4_096));
        await connection.write(new TextEncoder().encode(head));
        await connection.write(sent);
        await connection.closeWrite();
      } catch {
        // Whoever has asked is gone.
      } finally {
        connection.close();
      }
    }
  };
  serve().catch(() => {});
  return {
    url: `https://localhost:${(listener.addr as Deno.NetAddr).port}/good.wasm`,
    close: () => listener.close(),
  };
}

export async function withPlace(act: (place: Place) => Promise<void>): Promise<void> {
  await withFolder(async (root) => {
    const [folder, outside] = [join(root, "plugins"), join(root, "outside")];
    for (const each of [folder, outside]) await Deno.mkdir(each);
    await using server = Deno.serve(
      {
        hostname: "localhost",
        port: 0,
        ...{ cert: ISSUED_CERTIFICATE, key: ISSUED_CERTIFICATE_KEY, onListen: () => {} },
        // What breaks off here was meant to.
        onError: () => new Response(null, { status: 500 }),
      },
      (request) => {
        const { pathname } = new URL(request.url);
        return ANSWERS[pathname]?.(request) ?? new Response("missing", { status: 404 });
      },
    );
    await act({ folder, outside, url: `https://localhost:${server.addr.port}` });
  });
}

export type Change = Partial<InstallOptions> & { readonly name?: string };

/** Installs what a word names. */
export async function install(
  word: string,
  { folder }: Pick<Place, "folder">,
  { name, ...options }: Change = {},
  placing: PlaceOptions & { readonly meanwhile?: () => Promise<void> } = {},
): Promise<void> {
  const candidate = await vetCandidate(pluginSource(word, name), {
    folder,
    caCerts: [TEST_AUTHORITY],
    ...options,
  });
  await placing.meanwhile?.();
  await place(candidate, placing);
}

/** Everything in a folder, by name: what it has, or where it leads. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isSymlink, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    found[name] = isSymlink
      ? `-> ${await Deno.readLink(path)}`
      : isDirectory
      ? "a folder"
      : await sha256(await Deno.readFile(path));
  }
  return found;
}

/** A file outside that is installed. */
export async function fileOf(
  { outside }: Place,
  bytes: Uint8Array,
  name = "sample.wasm",
): Promise<string> {
  const file = join(outside, name);
  await Deno.writeFile(file, bytes);
  return file;
}

/** A plugin that was installed before. */
export async function before(place: Place, bytes = GOOD): Promise<void> {
  await install(await fileOf(place, bytes, "sample.wasm"), place);
}

/** The URL of a file that is to be {@linkcode GOOD}. */
export const hash = (word: string): string => `${word}#sha256=${HASH}`;
