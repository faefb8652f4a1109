/** Reads an audit log and holds it to its chain. */
import { sha256 } from "@noble/hashes/sha2.js";
import { readAuditLine } from "../../src/audit/chain.ts";
import { ChainCheck, type ChainProblem } from "../../src/audit/chain_check.ts";
import { LoadError, messageOf } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import { plainFile, UnholdableFile } from "../platform/held_file.ts";
import { type Line, LineTooLong, readLines } from "../platform/line_reader.ts";
import { sha256Now } from "../platform/sha256.ts";

/** What an audit log is found to be. */
export interface AuditVerdict {
  /**
   * `intact` where every record of the chain fits, `unchained` where there is none, `broken` where
   * anything is wrong.
   */
  readonly state: "intact" | "unchained" | "broken";
  /** Lines of the file. */
  readonly lines: number;
  /** Records of the chain. */
  readonly records: number;
  /** Lines at the start of the file from before there was a chain. */
  readonly unchained: number;
  /** Lines that a program did not come to the end of, from 1. */
  readonly cutOff: readonly number[];
  /** All that is wrong, in the order of the lines. */
  readonly problems: readonly ChainProblem[];
  /** The last record: to be kept elsewhere, so that records that are removed behind it are missed. */
  readonly head?: { readonly number: number; readonly hash: string };
}

/**
 * Reads an audit log and holds it to its chain. `head` is the hash of a record that was the last one
 * before; by default none is looked for.
 *
 * @throws {LoadError} `source_missing`, `source_unreadable`
 */
export async function verifyAudit(
  path: string,
  { head }: { readonly head?: string } = {},
): Promise<AuditVerdict> {
  try {
    const there = await plainFile(path, { links: true });
    if (there === undefined) throw unreadable("source_missing", path, "it is not there");
    using file = await Deno.open(there);
    return await verifyFile(file, head);
  } catch (error) {
    if (error instanceof LoadError) throw error;
    if (error instanceof UnholdableFile || error instanceof Deno.errors.PermissionDenied) {
      throw unreadable("source_unreadable", path, messageOf(error));
    }
    if (!(error instanceof LineTooLong)) throw error;
    const bytes = LIMITS.auditLineBytesMax;
    throw unreadable("source_unreadable", path, `a line of it has more than ${bytes} bytes`);
  }
}

async function verifyFile(file: Deno.FsFile, head: string | undefined): Promise<AuditVerdict> {
  // Nobody is in the middle of a line then; what is written later is not looked at.
  await file.lock(false);
  const { size } = await file.stat();
  await file.unlock();
  const check = new ChainCheck();
  const between = new Between();
  let lines = 0;
  let hasHead = head === undefined;
  const goesOn = (begun: Uint8Array) => begun.length < LIMITS.auditLineBytesMax;
  reading: for await (const some of readLines(file, goesOn)) {
    for (const line of some) {
      if (line.start >= size) break reading;
      lines = line.number;
      const hash = place(line, check, between);
      hasHead ||= hash === head;
    }
  }
  const missing: ChainProblem[] = hasHead ? [] : [{
    line: lines,
    kind: "missing",
    message: "no record of the file is the head that was given: it, and what stood behind it, " +
      "was removed or changed",
  }];
  const problems = [...check.problems(), ...missing];
  const { records, unchained, cutOff, head: last } = check;
  return {
    state: problems.length > 0 ? "broken" : records > 0 ? "intact" : "unchained",
    ...{ lines, records, unchained, cutOff, problems },
    ...(last ? { head: { number: last.link.number, hash: last.hash } } : {}),
  };
}

/** Gives a line to the check. Returns its hash, where it is of the chain. */
function place({ bytes, number, ended }: Line, check: ChainCheck, between: Between) {
  const read = readAuditLine(new TextDecoder().decode(bytes));
  if (read.kind === "linked") {
    const hash = sha256Now(bytes);
    check.linked({ line: number, hash, link: read.link }, between.take());
    return hash;
  }
  if (!ended && read.kind === "broken") check.unfinished(number);
  else check.outsider(number, { record: read.kind === "unlinked" });
  between.add(bytes);
  return undefined;
}

/** The hash of the lines since the last one of the chain, without the last line end. */
class Between {
  #hash = sha256.create();
  #isFirst = true;
  #empty = true;

  add(bytes: Uint8Array): void {
    if (!this.#empty) this.#hash.update(Uint8Array.of(0x0a));
    this.#hash.update(bytes);
    this.#empty = false;
  }

  /** Undefined where there are none; of the first one of the chain, that of nothing. */
  take(): string | undefined {
    if (this.#empty && !this.#isFirst) return undefined;
    const hash = this.#hash.digest().toHex();
    this.#hash = sha256.create();
    this.#empty = true;
    this.#isFirst = false;
    return hash;
  }
}

function unreadable(
  code: "source_missing" | "source_unreadable",
  path: string,
  reason: string,
): LoadError {
  return new LoadError(`Audit log cannot be read: ${path}: ${reason}`, { code, blame: "config" });
}
