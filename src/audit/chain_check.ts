/**
 * Holds the lines of an audit log to their chain, in the order of the file.
 *
 * Lines that stand where they belong are looked at once and forgotten. Only lines beside a gap, and those
 * that stand elsewhere, are kept until the end: then it is known whether a line is missing or moved.
 */
import { counted } from "../model/counted.ts";
import type { AuditLink } from "./chain.ts";

/** What is wrong with a line; of `missing`, with what should stand before it. */
export type ChainFault = "changed" | "missing" | "reordered" | "added";

/** One thing that is wrong with an audit log. */
export interface ChainProblem {
  /** Line of the file, from 1. */
  readonly line: number;
  /** What is wrong there. */
  readonly kind: ChainFault;
  /** The same in a clause, without the line's number and what stands in it. */
  readonly message: string;
}

/** A line of the chain. */
export interface LinkedLine {
  /** Of the file, from 1. */
  readonly line: number;
  /** Of its bytes, without its end. */
  readonly hash: string;
  readonly link: AuditLink;
}

/** Lines that are not of the chain, one behind the other. */
interface Outsiders {
  readonly line: number;
  readonly count: number;
  /** Whether one of them is a whole record. */
  readonly record: boolean;
}

/** Numbers that were passed over, and the line behind them. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly line: number;
}

/** Holds the lines of an audit log to their chain. */
export class ChainCheck {
  readonly #problems: ChainProblem[] = [];
  readonly #cutOff: number[] = [];
  readonly #gaps: Gap[] = [];
  /** By their numbers: lines beside gaps, and lines that stood elsewhere. */
  readonly #edges = new Map<number, LinkedLine>();
  readonly #strays = new Set<LinkedLine>();
  #outsiders: Outsiders | undefined;
  #last: LinkedLine | undefined;
  #unchained = 0;
  #records = 0;

  /** Records of the chain. */
  get records(): number {
    return this.#records;
  }

  /** Lines at the start of the file from before there was a chain. */
  get unchained(): number {
    return this.#unchained + (this.#last ? 0 : this.#outsiders?.count ?? 0);
  }

  /** Lines that a program did not come to the end of. */
  get cutOff(): readonly number[] {
    return this.#cutOff;
  }

  /** The record of the highest number; undefined where there is none. */
  get head(): LinkedLine | undefined {
    return this.#last;
  }

  /**
   * The next line, where it is of the chain. `between` is the hash of the lines before it that are not,
   * without the last line end; undefined where there are none, and for the first of the chain that of
   * nothing.
   */
  linked(line: LinkedLine, between: string | undefined): void {
    this.#records++;
    const { number, previous } = line.link;
    const last = this.#last;
    if (!last) {
      this.#begin(line, between);
    } else if (number <= last.link.number) {
      this.#settle(line, { between, passed: 0 });
      this.#strays.add(line);
      return;
    } else {
      const passed = number - last.link.number - 1;
      const replaced = this.#settle(line, { between, passed });
      if (passed === 0 && previous !== last.hash) this.#changed(last);
      if (passed > 0 && !replaced) {
        this.#edges.set(last.link.number, last);
        this.#gap(last.link.number + 1, line);
      }
    }
    this.#last = line;
  }

  /** The next line, where it is not of the chain: whether it is a record all the same. */
  outsider(line: number, { record }: { readonly record: boolean }): void {
    const before = this.#outsiders;
    this.#outsiders = before
      ? { ...before, count: before.count + 1, record: before.record || record }
      : { line, count: 1, record };
  }

  /** The last line, where it has no end and is no record: a program did not come to it. */
  unfinished(line: number): void {
    const before = this.#outsiders;
    this.#outsiders = undefined;
    if (before && !this.#last) this.#unchained += before.count;
    // A program was ended as it went on behind what another had not come to the end of.
    else if (before && !before.record) this.#cutOff.push(before.line);
    else if (before) this.#report(before.line, "added", NOT_OF_CHAIN);
    this.#cutOff.push(line);
  }

  /** All that is wrong, in the order of the lines. To be asked once, after the last line. */
  problems(): readonly ChainProblem[] {
    const before = this.#outsiders;
    if (this.#last && before) this.#report(before.line, "changed", NOT_OF_CHAIN);
    const missing = this.#gaps.flatMap((gap) => this.#fill(gap));
    for (const { line } of this.#strays) {
      this.#report(line, "added", "there is a record of this number elsewhere");
    }
    for (const { from, to, line } of missing) {
      const numbers = from === to ? `number ${from}` : `numbers ${from} to ${to}`;
      const count = counted(to - from + 1, "record");
      this.#report(
        line,
        "missing",
        `before it, ${count} ${from === to ? "is" : "are"} missing: ${numbers}`,
      );
    }
    return this.#problems.toSorted((a, b) => a.line - b.line);
  }

  #begin(line: LinkedLine, before: string | undefined): void {
    const { number, previous } = line.link;
    const outsiders = this.#outsiders;
    this.#outsiders = undefined;
    if (number > 1) {
      if (outsiders?.count === number - 1) {
        this.#report(outsiders.line, "changed", NOT_OF_CHAIN);
      } else this.#gap(1, line);
      return;
    }
    this.#unchained = outsiders?.count ?? 0;
    if (previous === before) return;
    this.#report(
      line.line,
      "changed",
      "what stands before it, or it itself, is not what was written",
    );
  }

  /** Says what lines are that are not of the chain; whether they stand for those that are missing. */
  #settle(
    { line, link }: LinkedLine,
    { between, passed }: { readonly between: string | undefined; readonly passed: number },
  ): boolean {
    const outsiders = this.#outsiders;
    this.#outsiders = undefined;
    if (!outsiders) {
      if (link.cutOff !== undefined) {
        this.#report(
          line,
          "missing",
          "before it, what a program did not come to the end of is missing",
        );
      }
      return false;
    }
    if (link.cutOff === between && !outsiders.record) {
      this.#cutOff.push(outsiders.line);
      return false;
    }
    const kind = passed > 0 || link.cutOff !== undefined ? "changed" : "added";
    for (let i = 0; i < outsiders.count; i++) {
      this.#report(outsiders.line + i, kind, NOT_OF_CHAIN);
    }
    return outsiders.count === passed;
  }

  #gap(from: number, line: LinkedLine): void {
    this.#gaps.push({ from, to: line.link.number - 1, line: line.line });
    this.#edges.set(line.link.number, line);
  }

  /** Finds the lines of a gap that stand elsewhere; what is missing all the same is returned. */
  #fill({ from, to, line }: Gap): Gap[] {
    const found = new Map<number, LinkedLine>();
    for (const stray of this.#strays) {
      const { number } = stray.link;
      if (number >= from && number <= to && !found.has(number)) found.set(number, stray);
    }
    const missing: Gap[] = [];
    let next = from;
    for (const [number, stray] of [...found].toSorted(([a], [b]) => a - b)) {
      this.#strays.delete(stray);
      this.#edges.set(number, stray);
      this.#report(stray.line, "reordered", `number ${number} does not stand in its place`);
      if (number > next) missing.push({ from: next, to: number - 1, line });
      next = number + 1;
      this.#compare(number);
    }
    if (next <= to) missing.push({ from: next, to, line });
    else this.#compare(next);
    return missing;
  }

  /** Holds the record of a number to the one before, where both are known. */
  #compare(number: number): void {
    const [before, after] = [this.#edges.get(number - 1), this.#edges.get(number)];
    if (before && after && after.link.previous !== before.hash) this.#changed(before);
  }

  #changed({ line }: LinkedLine): void {
    this.#report(
      line,
      "changed",
      "it, or its hash in the record behind it, is not what was written",
    );
  }

  #report(line: number, kind: ChainFault, message: string): void {
    this.#problems.push({ line, kind, message });
  }
}

const NOT_OF_CHAIN = "it is no record of the chain";
