/** CPU time and page faults as the kernel counts them: see proc(5) and proc_pid_stat(5). Undefined without /proc. */

/** Ticks of a second in /proc, the same on every Linux that Deno runs on. */
const TICKS_PER_SECOND = 100;

/** Fields of a stat line, counted from the process's state. */
const CMINFLT = 8;
const CMAJFLT = 10;
const UTIME = 11;
const STIME = 12;
const CUTIME = 13;
const CSTIME = 14;

/** Seconds that the children of this process took which it has waited for, and theirs. */
export function childrenCpuSeconds(): number | undefined {
  const stat = statOf("self");
  return stat === undefined ? undefined : seconds(stat, [CUTIME, CSTIME]);
}

/** Page faults of the children of this process that it has waited for, and theirs. */
export function childrenFaults(): number | undefined {
  const stat = statOf("self");
  return stat && Number(stat[CMINFLT]) + Number(stat[CMAJFLT]);
}

/**
 * Seconds that a process took with all of its children, those that live and those that it has waited
 * for. Never falls: a child's time moves on to its parent as it ends.
 */
export function treeCpuSeconds(pid: number): number | undefined {
  const stat = statOf(String(pid));
  if (stat === undefined) return undefined;
  let sum = seconds(stat, [UTIME, STIME, CUTIME, CSTIME]);
  for (const child of childrenOf(pid)) sum += treeCpuSeconds(child) ?? 0;
  return sum;
}

/** The most memory that a process had resident, in bytes: VmHWM of proc_pid_status(5). */
export function peakBytesOf(pid: number): number | undefined {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? "") ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
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

function seconds(stat: readonly string[], fields: readonly number[]): number {
  return fields.reduce((sum, field) => sum + Number(stat[field]), 0) / TICKS_PER_SECOND;
}

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
