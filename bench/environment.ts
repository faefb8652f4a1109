/** What a figure means nothing without: commit, versions, machine, date. */
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** Stands at the head of each result. */
export interface Environment {
  /** ISO 8601. */
  readonly date: string;
  /** Hash, with `-dirty` where the tree differs from it; absent outside of a repository. */
  readonly commit?: string;
  /** Of the runtime, and of each package by its name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    /** As the kernel has it just now; absent where it does not tell. */
    readonly mhz?: number;
    readonly memoryBytes: number;
    readonly system: string;
  };
}

let known: Omit<Environment, "date"> | undefined;

/** The environment of this run; looked up once, but for the date. */
export async function environment(): Promise<Environment> {
  known ??= await lookUp();
  return { date: new Date().toISOString(), ...known };
}

async function lookUp(): Promise<Omit<Environment, "date">> {
  const commit = await commitOf();
  const { cpu, mhz } = await processor();
  return {
    ...(commit === undefined ? {} : { commit }),
    versions: { ...Deno.version, ...await packageVersions() },
    machine: {
      cpu,
      cores: navigator.hardwareConcurrency,
      ...(mhz === undefined ? {} : { mhz }),
      memoryBytes: Deno.systemMemoryInfo().total,
      system: `${Deno.build.os} ${Deno.osRelease()} ${Deno.build.arch}`,
    },
  };
}

async function commitOf(): Promise<string | undefined> {
  const hash = await git(["rev-parse", "HEAD"]);
  if (hash === undefined) return undefined;
  // Results are written while others are still measured.
  const changes = await git(["status", "--porcelain", "--", ".", ":!bench/results"]);
  return changes === "" ? hash : `${hash}-dirty`;
}

async function git(args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: [...args],
      cwd: ROOT,
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}

async function packageVersions(): Promise<Record<string, string>> {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
    imports: Record<string, string>;
  };
  const versions: Record<string, string> = {};
  for (const target of Object.values(imports)) {
    const [, name, version] = /^npm:\/?(@?[^@]+)@([^/]+)/.exec(target) ?? [];
    if (name !== undefined && version !== undefined) versions[name] = version;
  }
  return versions;
}

async function processor(): Promise<{ readonly cpu: string; readonly mhz: number | undefined }> {
  const text = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const mhz = /^cpu MHz\s*:\s*([\d.]+)$/m.exec(text)?.[1];
  return {
    cpu: /^model name\s*:\s*(.+)$/m.exec(text)?.[1] ?? "unknown",
    mhz: mhz === undefined ? undefined : Math.round(Number(mhz)),
  };
}
