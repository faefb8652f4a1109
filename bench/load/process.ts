/** Runs one program from its start to its exit, and measures it. One at a time. */
import { childrenUse, peakBytesOf, type ProcessUse, usedBetween } from "./cpu_time.ts";

/** What to run. */
export interface ProcessOrder {
  readonly program: string;
  readonly args: readonly string[];
  /** Beside what is in the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What it took. */
export interface ProcessFigures {
  /** By the clock on the wall, from start to exit. */
  readonly seconds: number;
  /** Of the process and whatever it started; absent where the kernel does not tell. */
  readonly use?: ProcessUse;
  /** The most that was resident of it at once; absent where the kernel does not tell. */
  readonly peakBytes?: number;
  readonly stdout: string;
}

/** The peak only grows, so what is missed is what the last moments add. */
const LOOK_MS = 10;
/** Of what a program said, so much stands in the error. */
const SAID_CHARACTERS_MAX = 2_000;

/**
 * Runs a program.
 *
 * @throws {Error} if it is not there, ends with another status than 0, or takes longer than
 * `timeoutMs`, when it is killed
 */
export async function runProcess(
  order: ProcessOrder,
  options: { readonly timeoutMs: number },
): Promise<ProcessFigures> {
  const before = childrenUse();
  const began = performance.now();
  const child = new Deno.Command(order.program, {
    args: [...order.args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // Deno would ask for a newer one during some runs, and read all certificates for that.
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...order.env },
  }).spawn();
  let peakBytes: number | undefined;
  const look = setInterval(() => peakBytes = peakBytesOf(child.pid) ?? peakBytes, LOOK_MS);
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, options.timeoutMs);
  try {
    const [status, stdout, stderr] = await Promise.all([
      child.status.then((status) => ({ ...status, seconds: (performance.now() - began) / 1_000 })),
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    if (late) throw failure(order, `took longer than ${options.timeoutMs / 1_000} s`, stderr);
    if (status.code !== 0) throw failure(order, `ended with ${status.code}`, stderr + stdout);
    const use = usedBetween(before, childrenUse());
    return {
      seconds: status.seconds,
      ...(use === undefined ? {} : { use }),
      ...(peakBytes === undefined ? {} : { peakBytes }),
      stdout,
    };
  } finally {
    clearInterval(look);
    clearTimeout(deadline);
  }
}

function failure({ program }: ProcessOrder, what: string, said: string): Error {
  return new Error(`${program} ${what}: ${said.trim().slice(-SAID_CHARACTERS_MAX)}`);
}
