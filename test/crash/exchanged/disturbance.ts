/**
 * What becomes of a driver call, within the program under test. Each call of each thread adds one
 * line of fixed length to a file that is opened to append: where the write ends is the call's number,
 * for all threads together.
 */

/** What is to be done, and at which call; the program finds it in its environment. */
export interface Disturbance {
  /** File of the calls. */
  readonly log: string;
  /** Number of the call, from 1; 0 for none. */
  readonly at: number;
  /**
   * `kill`: the process ends by SIGKILL. `cut`: the connection is gone. `refuse`: the database answers
   * with an error.
   */
  readonly kind: "kill" | "cut" | "refuse";
  /** Before the call, or after the database has answered it, and before anybody hears of the answer. */
  readonly moment: "before" | "after";
  /** What a `refuse` is refused with: a SQLSTATE, or the name of a result code. */
  readonly code?: string;
}

/** Name of the variable of the environment. */
export const VARIABLE = "SNAKEPIPE_CRASH";

/** Length of a call's line, its end included. */
export const LINE_BYTES = 64;

/** The wish for this call; undefined for most. */
export function enter(what: string): Disturbance | undefined {
  const { disturbance, file } = opened();
  const text = what.replaceAll(/[^\x20-\x7e]/g, " ").slice(0, LINE_BYTES - 1);
  file.writeSync(new TextEncoder().encode(`${text.padEnd(LINE_BYTES - 1)}\n`));
  const number = file.seekSync(0, Deno.SeekMode.Current) / LINE_BYTES;
  return number === disturbance.at ? disturbance : undefined;
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
