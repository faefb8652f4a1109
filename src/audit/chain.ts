/**
 * The chain of the audit log: each line says its number and the hash of the line before, so that a line
 * that was changed, removed, added or moved no longer fits. Lines that were written before there was a
 * chain have neither.
 *
 * A hash is SHA-256 in hex, of a line's bytes without its end. The first link of a file has that of
 * all bytes before it, which is nothing in a new file, without the last line end.
 */
import { auditLine, type AuditRecord } from "./audit.ts";

/** What a line says of its place in the chain. */
export interface AuditLink {
  /** Its number in the chain, from 1. */
  readonly number: number;
  /** Hash of the line before; of the first one, of all that stands before it in the file. */
  readonly previous: string;
  /** Hash of what stands between the two and is no line, since a program ended as it wrote it. */
  readonly cutOff?: string;
}

/** SHA-256 of nothing: what the first line of a new file has. */
export const NOTHING_BEFORE = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** One line of the log with its link at its end. */
export function linkedLine(record: AuditRecord, now: number, link: AuditLink): string {
  return auditLine({ ...record, ...link }, now);
}

/** What a line of the log is: `linked`, `unlinked` from before there was a chain, or `broken`. */
export type ReadLine =
  | { readonly kind: "linked"; readonly link: AuditLink }
  | { readonly kind: "unlinked" }
  | { readonly kind: "broken" };

const HASH = /^[0-9a-f]{64}$/;

/** Reads a line without its end. A part of a record is `broken`. */
export function readAuditLine(text: string): ReadLine {
  const value = parsed(text);
  if (value === undefined) return { kind: "broken" };
  const { number, previous, cutOff } = value;
  if (number === undefined && previous === undefined && cutOff === undefined) {
    return { kind: "unlinked" };
  }
  const fits = typeof number === "number" && Number.isSafeInteger(number) && number > 0 &&
    isHash(previous) && (cutOff === undefined || isHash(cutOff));
  if (!fits) return { kind: "broken" };
  return {
    kind: "linked",
    link: { number, previous, ...(cutOff === undefined ? {} : { cutOff }) },
  };
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && HASH.test(value);
}

/** A record, whatever it is of; undefined where it is none. */
function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text);
    const isRecord = typeof value === "object" && value !== null &&
      typeof value.time === "string" && typeof value.event === "string";
    return isRecord ? value : undefined;
  } catch {
    return undefined;
  }
}
