/** Plugins that are put into their folder by a request, and taken out of it. */
import * as v from "valibot";
import { LIMITS } from "../../src/model/limits.ts";
import { boundedBody, Patience } from "../plugins/install/bounded_body.ts";
import { installRefused } from "../plugins/install/refusal.ts";
import { safeName } from "../plugins/install/plugin_source.ts";
import type { PlanChange } from "../plugins/author/plan_changes.ts";
import type { PlacedPlugin } from "../plugins/live/watched_plugins.ts";
import { json } from "./answer.ts";
import { PlacedSchema, RemovedSchema } from "./answer_schema.ts";
import type { ApiActions, UploadActions } from "./actions.ts";
import { type Call, type Route, route } from "./route.ts";

type Placed = v.InferOutput<typeof PlacedSchema>;

/** Headers of an upload. */
const SIGNATURE = "plugin-signature";
const OVER = "if-match";

/** Characters of a line of a plan that are told. */
const PLAN_LINE_MAX = 1_000;

const QuerySchema = v.strictObject({
  grants: v.exactOptional(v.pipe(
    v.string(),
    v.description("What it is granted, of what it asks for: names with commas between them"),
  )),
});

/** What there is for plugins that come by the network. */
export const UPLOAD_ROUTES: readonly Route[] = [
  route({
    method: "PUT",
    path: "/plugins/{file}",
    about: "Puts a plugin into the folder of plugins, whole or not at all, and into use",
    access: "operators",
    shut: whyShut,
    query: QuerySchema,
    headers: {
      [SIGNATURE]: "Its signature in base64, Ed25519 over its bytes, which is put beside it",
      [OVER]:
        "SHA-256 in hex, in quotes, of the file that is to go: then any version takes its place",
    },
    body: { type: "application/wasm", bytesMax: LIMITS.moduleBytesMax },
    answer: { status: 200, schema: PlacedSchema },
    others: { 201: PlacedSchema },
    refusals: {
      400: "The name is none, or the body no WebAssembly module, or not all of it has come",
      403:
        "Uploads are off, or plugins.lock lets in nothing new, or the file comes with the program",
      408: "The body was not there in time",
      409: "A name belongs to another file, or the version is not a higher one",
      412: "The file in its place is another one than was meant",
      413: "The body has more bytes than a plugin may have",
      415: "The body is said to be something else",
      422: "A check has refused it",
      507: "There is no room on the disk",
    },
    act: place,
  }),
  route({
    method: "DELETE",
    path: "/plugins/{file}",
    about: "Takes a plugin out of the folder of plugins, and out of use",
    access: "operators",
    shut: whyShut,
    answer: { status: 200, schema: RemovedSchema },
    refusals: {
      400: "The name is none",
      403: "Uploads are off, or the file comes with the program",
      404: "There is no such file",
      409: "It is no plain file",
    },
    act: async (call) => {
      const { file, backend } = await uploadsOf(call).remove(call.names.file ?? "");
      return { file, state: "removed", ...(backend ? { type: backend.type } : {}) };
    },
  }),
];

function whyShut({ changes }: ApiActions): string | undefined {
  return changes?.uploads
    ? undefined
    : 'Plugins are not put here: start serve with --uploads, or with "uploads": true in the configuration';
}

function uploadsOf({ actions }: Pick<Call, "actions">): UploadActions {
  return actions.changes!.uploads!;
}

async function place(call: Call<v.InferOutput<typeof QuerySchema>>): Promise<Response> {
  const { request, query: { grants = "" } } = call;
  const { headers } = request;
  const name = safeName(call.names.file ?? "");
  const over = overOf(headers.get(OVER));
  const signature = headers.get(SIGNATURE);
  const uploads = uploadsOf(call);
  const bytes = await bodyOf(request, { name, uploads });
  const placed = await uploads.place(name, bytes, {
    grants: grants.split(",").map((grant) => grant.trim()).filter((grant) => grant !== ""),
    ...(over === undefined ? {} : { over }),
    ...(signature === null ? {} : { signature }),
  });
  const body = told(placed);
  return json(placed.state === "added" ? 201 : 200, body, { etag: `"${body.sha256}"` });
}

async function bodyOf(
  { body, headers }: Request,
  { name, uploads }: { readonly name: string; readonly uploads: UploadActions },
): Promise<Uint8Array> {
  const words = { what: "upload", who: "client", way: "" } as const;
  using patience = new Patience(uploads.patience ?? {}, words);
  return await boundedBody(body, {
    length: headers.get("content-length"),
    bytesMax: LIMITS.moduleBytesMax,
    ...{ patience, label: name },
  });
}

/** The hash that `If-Match` names. @throws {LoadError} `install_refused` where it names something else */
function overOf(header: string | null): string | undefined {
  if (header === null) return undefined;
  const hash = /^"([0-9a-f]{64})"$/i.exec(header.trim())?.[1]?.toLowerCase();
  if (hash !== undefined) return hash;
  throw installRefused("hash_malformed", "If-Match names a SHA-256: 64 hex digits, in quotes");
}

function told({ backend, before, plans, ...placed }: PlacedPlugin): Placed {
  return {
    ...placed,
    ...{ type: backend.type, version: backend.version, sha256: backend.plugin!.sha256 },
    grants: [...placed.grants],
    asks: [...placed.asks],
    plans: plans.map(planChange),
    ...(before
      ? {
        before: {
          ...{ type: before.type, version: before.version },
          ...(before.plugin ? { sha256: before.plugin.sha256 } : {}),
        },
      }
      : {}),
  };
}

function planChange({ question, gone, come }: PlanChange): Placed["plans"][number] {
  const short = (line: string) =>
    line.length > PLAN_LINE_MAX ? `${line.slice(0, PLAN_LINE_MAX)}…` : line;
  return { question: short(question), gone: gone.map(short), come: come.map(short) };
}
