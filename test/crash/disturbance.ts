/**
 * What becomes of a driver call, within the program under test. Each call of each thread adds one
 * line of fixed length to a file that is opened to append: where the write ends is the call's number,
 * for all threads together.
 */

/** What is to be done, and at which call; the program finds it in its environment. */
export interface Disturbance {
  /** File of the calls. */
  readonly log: string;
  /** Number of the call, from 1; 0 for none. Of a `hold`: how many batches a thread has begun before. */
  readonly at: number;
  /**
   * `kill`: the process ends by SIGKILL. `cut`: the connection is gone. `refuse`: the database answers
   * with an error. `hold`: a thread stands still before it begins the next transaction, until it is let
   * go of: see {@linkcode HELD} and {@linkcode LET_GO}.
   */
  readonly kind: "kill" | "cut" | "refuse" | "hold";
  /** Before the call, or after the database has answered it, and before anybody hears of the answer. */
  readonly moment: "before" | "after";
  /** What a `refuse` is refused with: a SQLSTATE, or the name of a result code. */
  readonly code?: string;
}

/** Name of the variable of the environment. */
export const VARIABLE = "SNAKEPIPE_CRASH";

/** What stands behind the log's name in that of the file which is there once a thread is held. */
export const HELD = ".held";

/** The same, for the file that lets go of all threads. */
export const LET_GO = ".go";

/** Length of a call's line, its end included. */
export const LINE_BYTES = 64;

/** The wish for this call; undefined for most. */
export function enter(what: string): Disturbance | undefined {
  const { disturbance, file } = opened();
  const text = what.replaceAll(/[^\x20-\x7e]/g, " ").slice(0, LINE_BYTES - 1);
  file.writeSync(new TextEncoder().encode(`${text.padEnd(LINE_BYTES - 1)}\n`));
  const number = file.seekSync(0, Deno.SeekMode.Current) / LINE_BYTES;
  if (disturbance.kind === "hold") return holdOnce(what, disturbance);
  return number === disturbance.at ? disturbance : undefined;
}

let begun = 0;
let isHeld = false;

/** Keeps this thread, once, from a transaction: nothing of its own is open in the database meanwhile. */
function holdOnce(what: string, { at, log }: Disturbance): undefined {
  if (/^INSERT INTO \S*_snakepipe_batch/.test(what)) begun++;
  if (isHeld || begun < at || !/^(BEGIN|START)\b/.test(what)) return;
  isHeld = true;
  Deno.writeTextFileSync(log + HELD, "");
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (!isThere(log + LET_GO)) Atomics.wait(nobody, 0, 0, 2);
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Ends the process as the kernel ends one: nothing is flushed, nobody is told. */
export function kill(): never {
  Deno.kill(Deno.pid, "SIGKILL");
  for (;;);
}

let open: { readonly disturbance: Disturbance; readonly file: Deno.FsFile } | undefined;

function opened() {
  if (open) return open;
  const disturbance = JSON.parse(Deno.env.get(VARIABLE)!) as Disturbance;
  return open = {
    disturbance,
    file: Deno.openSync(disturbance.log, { append: true, create: true }),
  };
}
