/** Holds what one codec makes of batches against what another makes of them. */
import type { RejectedRow } from "../../../src/model/batch.ts";
import type { Cell, Codec } from "../../../host/codec/codec.ts";
import type { Random } from "./differential_random.ts";
import { begin, type Outcome, perform, same, type Task } from "./differential_task.ts";

/** A task whose outcomes differ, and how. */
export interface Difference {
  readonly task: Task;
  readonly text: string;
}

/** A codec that is held against the reference. */
export interface Pair {
  readonly reference: Codec;
  readonly candidate: Codec;
}

/** The first difference that a task shows by itself. */
export function differenceOf(pair: Pair, task: Task): string | undefined {
  return compareTasks(pair, [task])?.text;
}

/**
 * The first difference between what the codecs make of some tasks. With `turns`, the candidate is
 * asked for all of them at once, and they take turns at random; the reference never is.
 */
export function compareTasks(
  { reference, candidate }: Pair,
  tasks: readonly Task[],
  turns?: Random,
): Difference | undefined {
  const sources = new Map(tasks.map(({ batch }) => [batch, batch.bytes.slice()]));
  const found = turns === undefined ? undefined : interleaved(candidate, tasks, turns);
  for (const [i, task] of tasks.entries()) {
    const actual = found?.[i] ?? attempt(() => perform(candidate, task));
    const expected = attempt(() => perform(reference, task));
    const text = firstDifference(expected, actual) ??
      (same(task.batch.bytes, sources.get(task.batch)!)
        ? undefined
        : "the bytes of the batch were changed");
    if (text !== undefined) return { task, text };
  }
  return undefined;
}

/** An outcome, or why there is none. */
type Attempt = Outcome | Error;

function attempt(action: () => Outcome): Attempt {
  try {
    return action();
  } catch (error) {
    return error as Error;
  }
}

/** The outcomes of tasks of one codec that take turns at random. */
function interleaved(codec: Codec, tasks: readonly Task[], turns: Random): Attempt[] {
  const outcomes: Attempt[] = [];
  const open: { readonly index: number; readonly turns: Generator<void, Outcome> }[] = tasks.map(
    (task, index) => ({ index, turns: begin(codec, task) }),
  );
  while (open.length > 0) {
    const at = turns.below(open.length);
    const { index, turns: task } = open[at]!;
    try {
      const turn = task.next();
      if (!turn.done) continue;
      outcomes[index] = turn.value;
    } catch (error) {
      outcomes[index] = error as Error;
    }
    open.splice(at, 1);
  }
  return outcomes;
}

function firstDifference(expected: Attempt, actual: Attempt): string | undefined {
  if (expected instanceof Error || actual instanceof Error) {
    const texts = [expected, actual].map((a) => a instanceof Error ? a.message : "an outcome");
    return texts[0] === texts[1] ? undefined : `failed: ${texts[1]}; the reference: ${texts[0]}`;
  }
  if (expected.varies !== actual.varies) return `varies: ${actual.varies}`;
  return rejectsDiffer(expected.rejects, actual.rejects) ??
    countsDiffer("rows", expected.count, actual.count) ??
    countsDiffer("rows repaired", expected.repaired, actual.repaired) ??
    rowsDiffer(expected.rows, actual.rows) ??
    bytesDiffer(expected.bytes, actual.bytes) ??
    cellsDiffer(expected.cells, actual.cells);
}

function rejectsDiffer(
  expected: readonly RejectedRow[],
  actual: readonly RejectedRow[],
): string | undefined {
  const count = Math.max(expected.length, actual.length);
  for (let i = 0; i < count; i++) {
    const [a, b] = [expected[i], actual[i]];
    if (a === undefined || b === undefined || !equalRejects(a, b)) {
      return `reject ${i}: ${JSON.stringify(b)}; the reference: ${JSON.stringify(a)}`;
    }
  }
  return undefined;
}

function equalRejects(a: RejectedRow, b: RejectedRow): boolean {
  const keys = Object.keys(a) as (keyof RejectedRow)[];
  return keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}

function countsDiffer(what: string, expected: number, actual: number): string | undefined {
  return expected === actual ? undefined : `${actual} ${what}; the reference: ${expected}`;
}

function rowsDiffer(expected: readonly number[], actual: readonly number[]): string | undefined {
  const count = Math.max(expected.length, actual.length);
  for (let i = 0; i < count; i++) {
    if (expected[i] !== actual[i]) return `row ${i} is ${actual[i]}; the reference: ${expected[i]}`;
  }
  return undefined;
}

function bytesDiffer(expected: Uint8Array, actual: Uint8Array): string | undefined {
  if (same(expected, actual)) return undefined;
  let at = 0;
  while (expected[at] === actual[at]) at++;
  const near = (bytes: Uint8Array) => quoted(bytes.subarray(Math.max(0, at - 40), at + 60));
  return `byte ${at} of ${actual.length}: ${near(actual)}; the reference, of ${expected.length}: ` +
    near(expected);
}

function cellsDiffer(expected: readonly Cell[], actual: readonly Cell[]): string | undefined {
  const count = Math.max(expected.length, actual.length);
  for (let i = 0; i < count; i++) {
    const [a, b] = [expected[i], actual[i]];
    if (Object.is(a, b)) continue;
    if (a instanceof Uint8Array && b instanceof Uint8Array && same(a, b)) continue;
    return `cell ${i}: ${cellText(b)}; the reference: ${cellText(a)}`;
  }
  return undefined;
}

function cellText(cell: Cell | undefined): string {
  if (cell instanceof Uint8Array) return `bytes ${cell.toHex().slice(0, 200)}`;
  const text = Object.is(cell, -0) ? "-0" : typeof cell === "string" ? JSON.stringify(cell) : cell;
  return `${typeof cell} ${String(text).slice(0, 200)}`;
}

/** Bytes as text in quotes, one character a byte, those beyond ASCII and the controls escaped. */
export function quoted(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return JSON.stringify(text).replace(
    /[\u007f-\u00ff]/g,
    (c) => `\\u00${c.charCodeAt(0).toString(16)}`,
  );
}
