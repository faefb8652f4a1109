/** CPU time, page faults and memory as the kernel counts them: see proc(5). Undefined without /proc. */

/** What processes have taken. */
export interface ProcessUse {
  readonly cpuSeconds: number;
  /** Pages that were touched for the first time, or read from disk. */
  readonly faults: number;
}

/** Ticks of a second in /proc, the same on every Linux that Deno runs on. */
const TICKS_PER_SECOND = 100;

/** Fields of a stat line, counted from the process's state: of the process, and of its children. */
const OWN = { faults: [7, 9], ticks: [11, 12] } as const;
const CHILDREN = { faults: [8, 10], ticks: [13, 14] } as const;

/** What the children of this process have taken which it has waited for, and theirs. */
export function childrenUse(): ProcessUse | undefined {
  const stat = statOf("self");
  return stat && useOf(stat, [CHILDREN]);
}

/**
 * What a process has taken with all of its children, those that live and those that it has waited for.
 * Never falls: what a child took moves on to its parent as it ends.
 */
export function treeUse(pid: number): ProcessUse | undefined {
  const stat = statOf(String(pid));
  if (stat === undefined) return undefined;
  return childrenOf(pid).map(treeUse).reduce<ProcessUse>(
    (sum, child) => child === undefined ? sum : added(sum, child),
    useOf(stat, [OWN, CHILDREN]),
  );
}

/** What was taken between two looks; undefined where one of them has seen nothing. */
export function usedBetween(
  before: ProcessUse | undefined,
  after: ProcessUse | undefined,
): ProcessUse | undefined {
  return before && after && {
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    faults: after.faults - before.faults,
  };
}

/** The most memory that a process had resident, in bytes: VmHWM of proc_pid_status(5). */
export function peakBytesOf(pid: number): number | undefined {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? "") ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

function added(a: ProcessUse, b: ProcessUse): ProcessUse {
  return { cpuSeconds: a.cpuSeconds + b.cpuSeconds, faults: a.faults + b.faults };
}

function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`) ?? "";
  return text.split(" ").filter((word) => word.trim() !== "").map(Number);
}

/** The fields behind the name of the program, which may hold spaces and parentheses. */
function statOf(pid: string): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(")") + 2).split(" ");
}

function useOf(
  stat: readonly string[],
  parts: readonly (typeof OWN | typeof CHILDREN)[],
): ProcessUse {
  const sum = (fields: readonly number[]) =>
    fields.reduce((total, field) => total + Number(stat[field]), 0);
  return {
    cpuSeconds: sum(parts.flatMap(({ ticks }) => ticks)) / TICKS_PER_SECOND,
    faults: sum(parts.flatMap(({ faults }) => faults)),
  };
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
