/**
 * Has ranges of cases run in processes of their own. One that ends badly, or does not get any further,
 * is a finding of the case that it was at; the cases behind that one run in the next process.
 */
import { fromFileUrl } from "@std/path";
import type { CaseRange } from "./child.ts";
import { addTally, type CaseCounts, emptyTally, FINDINGS_MAX } from "./case_counts.ts";

/** Cases of one process: whatever an engine keeps of them goes with it. */
const CASES_MAX = 10_000;
/** How long a case may take before its process is given up. */
const CASE_MS_MAX = 30_000;
/** What is kept of the last words of a process. */
const STDERR_CHARACTERS_MAX = 2_000;

const CHILD = fromFileUrl(new URL("./child.ts", import.meta.url));

/** Runs all cases of a range. */
export async function runCases(
  range: CaseRange,
  { processes = 1, progress = () => {} }: {
    /** How many run at the same time. */
    readonly processes?: number;
    /** Hears now and then what there is so far. */
    readonly progress?: (sum: CaseCounts) => void;
  } = {},
): Promise<CaseCounts> {
  const sum = emptyTally();
  const share = Math.min(CASES_MAX, Math.ceil((range.to - range.from) / processes));
  let next = range.from;
  const work = async () => {
    while (next < range.to && sum.findings.length < FINDINGS_MAX) {
      const from = next;
      next = Math.min(range.to, from + share);
      await runAll({ ...range, from, to: next }, sum);
      progress(sum);
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  return sum;
}

/** Runs a range to its end, in as many processes as it takes. */
async function runAll(range: CaseRange, sum: CaseCounts): Promise<void> {
  for (let from = range.from; from < range.to && sum.findings.length < FINDINGS_MAX;) {
    const { counts, last, failure } = await runChild({ ...range, from });
    if (counts) return addTally(sum, counts);
    const index = last ?? from;
    sum.findings.push({ index, says: failure });
    // What the process had counted is lost with it.
    sum.cases += index - from + 1;
    from = index + 1;
  }
}

interface ChildEnd {
  /** Of one that came to its end. */
  readonly counts?: CaseCounts;
  /** The case that it was at. */
  readonly last?: number;
  readonly failure: string;
}

async function runChild(range: CaseRange): Promise<ChildEnd> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CHILD, JSON.stringify(range)],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let last: number | undefined;
  let counts: CaseCounts | undefined;
  let stuck = false;
  const giveUp = () => {
    stuck = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(giveUp, CASE_MS_MAX);
  const stderr = tailOf(child.stderr);
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    clearTimeout(timer);
    timer = setTimeout(giveUp, CASE_MS_MAX);
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("{")) counts = JSON.parse(line) as CaseCounts;
      else last = Number(line);
    }
  }
  const { code, signal } = await child.status;
  clearTimeout(timer);
  const words = await stderr;
  const failure = stuck
    ? `it did not come to an end in ${CASE_MS_MAX} ms`
    : `the process ended with ${signal ?? code}: ${words}`;
  return {
    failure,
    ...(counts && code === 0 ? { counts } : {}),
    ...(last === undefined ? {} : { last }),
  };
}

async function tailOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let tail = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    tail = (tail + text).slice(-STDERR_CHARACTERS_MAX);
  }
  return tail;
}
