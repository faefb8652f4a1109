/** How answers are written. None has a secret in it, and none is kept by whoever hands it on. */
import { type LoadError, messageOf } from "../../src/model/errors.ts";
import { printableJson } from "../../src/model/printable.ts";

/** Of every answer. */
export const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
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
    default:
      return refused(500, messageOf(error));
  }
}
