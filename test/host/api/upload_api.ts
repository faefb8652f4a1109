/** The API on a folder of plugins that is watched, and ways to ask it. */
import { type ApiOptions, startApi } from "../../../host/api/server.ts";
import { uploadActions } from "../../../host/serve/uploads.ts";
import type { HostOptions } from "../../../mod.ts";
import { TOKEN, TOLD } from "./asked_api.ts";
import { type WatchedPlace, withWatched } from "../../attack/upload_place.ts";

export { TOKEN };

export interface Setup extends WatchedPlace {
  /** What was told. */
  readonly told: readonly string[];
  /** Asks with the token, for a module unless something else is said. */
  ask(method: string, path: string, init?: RequestInit): Promise<[number, unknown, Headers]>;
  /** Sends these bytes as they are, and reads the answer; sends no more first where that is said. */
  send(head: string, body?: Uint8Array, isCut?: boolean): Promise<string>;
}

/** An API on a folder that is watched, with `sample.wasm` in it. */
export function withUploads(
  act: (setup: Setup) => Promise<void>,
  { host = {}, api = {}, off = false, silenceMsMax = 60_000 }: {
    readonly host?: HostOptions;
    readonly api?: Partial<ApiOptions>;
    readonly off?: boolean;
    readonly silenceMsMax?: number;
  } = {},
): Promise<void> {
  return withWatched(async (place) => {
    const told: string[] = [];
    const uploads = {
      ...uploadActions(place.watched, (text) => told.push(text)),
      patience: { silenceMsMax },
    };
    await using listening = await startApi({
      listen: { kind: "tcp", hostname: "127.0.0.1", port: 0 },
      ...{ names: [], token: TOKEN },
      actions: {
        ...TOLD,
        changes: {
          release: () => {},
          ...{ run: never, pause: never, resume: never },
          ...(off ? {} : { uploads }),
        },
      },
      ...api,
    });
    const { address } = listening;
    await act({
      ...place,
      told,
      ask: async (method, path, { headers, ...init } = {}) => {
        const usual = { authorization: `Bearer ${TOKEN}`, "content-type": "application/wasm" };
        const response = await fetch(`${address}${path}`, {
          ...{ method, ...init },
          headers: { ...usual, ...headers as Record<string, string> },
        });
        return [response.status, await response.json(), response.headers];
      },
      send: async (head, body = new Uint8Array(), isCut = false) => {
        const { hostname, port } = new URL(address);
        using connection = await Deno.connect({ hostname, port: Number(port) });
        const lines = `host: localhost\r\nauthorization: Bearer ${TOKEN}\r\n` +
          "content-type: application/wasm\r\n";
        const [first, ...others] = head.split("\n");
        const text = [`${first} HTTP/1.1`, lines + others.map((line) => `${line}\r\n`).join("")];
        await connection.write(new TextEncoder().encode(`${text.join("\r\n")}\r\n`));
        for (let at = 0; at < body.length;) at += await connection.write(body.subarray(at));
        if (isCut) await connection.closeWrite();
        const answer = new TextDecoder();
        let read = "";
        const buffer = new Uint8Array(4_096);
        while (!isWhole(read)) {
          const size = await connection.read(buffer).catch(() => null);
          if (size === null) break;
          read += answer.decode(buffer.subarray(0, size), { stream: true });
        }
        return read;
      },
    });
  }, host);
}

/** Whether an answer has all of its body. */
function isWhole(answer: string): boolean {
  const [head, body] = answer.split("\r\n\r\n");
  const length = /content-length: (\d+)/i.exec(head!)?.[1];
  return length !== undefined && body !== undefined && body.length >= Number(length);
}

const never = () => Promise.reject(new Error("it was not asked for"));
