/** What a process has used, by the system's own figures. Linux alone. */

/** Length of a tick of `/proc/PID/stat`, in milliseconds: 100 in a second, wherever Linux runs. */
const TICK_MS = 10;

/** CPU that a process has used with all its threads, its children left out, in milliseconds. */
export async function cpuMsOf(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  // The name of the program stands in brackets, and may have anything in it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory of a process that is resident now, in bytes. */
export async function residentBytesOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
