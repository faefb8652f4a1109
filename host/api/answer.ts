/** How answers are written. None has a secret in it, and none is kept by whoever hands it on. */
import { type LoadError, messageOf } from "../../src/model/errors.ts";
import type { InstallRefusal } from "../plugins/install/refusal.ts";
import { printableJson } from "../../src/model/printable.ts";

/** Of every answer. */
export const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  // A page of another site that embeds an answer learns not even whether there is one.
  "cross-origin-resource-policy": "same-origin",
} as const;

/** A value as JSON, on one line that is safe for a terminal. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${printableJson(body)}\n`, {
    status,
    headers: { ...HEADERS, "content-type": "application/json", ...headers },
  });
}

/** Why nothing is answered, or done. */
export function refused(
  status: number,
  error: string,
  headers?: Readonly<Record<string, string>>,
): Response {
  return json(status, { error }, headers);
}

/** The refusal that an error stands for. */
export function refusedBy(error: LoadError): Response {
  switch (error.code) {
    case "backend_unknown":
      return refused(404, messageOf(error));
    // What is asked for does not go with how things are.
    case "usage":
      return refused(409, messageOf(error));
    case "backend_unavailable":
      return refused(503, messageOf(error));
    case "install_refused":
      return notInstalled(error);
    default:
      return refused(500, messageOf(error));
  }
}

/** Statuses of refusals of plugins; those of the plugin itself are 422. */
const INSTALL_STATUS: Partial<Record<InstallRefusal, number>> = {
  name_unsafe: 400,
  hash_malformed: 400,
  not_wasm: 400,
  truncated: 400,
  locked: 403,
  target_own: 403,
  target_missing: 404,
  too_slow: 408,
  type_taken: 409,
  scheme_taken: 409,
  file_taken: 409,
  other_plugin: 409,
  version_lower: 409,
  version_reused: 409,
  target_no_file: 409,
  not_taken: 409,
  target_changed: 412,
  too_large: 413,
  folder_unwritable: 500,
  write_failed: 500,
  placed_differs: 500,
  disk_full: 507,
};

const MEANT = 'If-Match: "SHA-256 of the file that is to go" says that it is meant';

/** What a request brings where that is a way out. */
const WAYS: Partial<Record<InstallRefusal, string>> = {
  version_lower: MEANT,
  version_reused: MEANT,
  grant_missing: "?grants=NAME grants it",
  signature_missing: "Plugin-Signature: BASE64 brings it",
};

function notInstalled(error: LoadError): Response {
  const { reason = "" } = error;
  const way = WAYS[reason as InstallRefusal];
  const status = INSTALL_STATUS[reason as InstallRefusal] ?? 422;
  const words = [messageOf(error), ...(way === undefined ? [] : [way])];
  return json(status, { error: words.join("\n"), reason });
}
