/**
 * A real MariaDB server for tests, from the system's binaries, with its data in a temporary folder.
 *
 * - It never outlives this process, however that ends: a shell holds the server and the read end of a
 *   pipe of ours; when the pipe closes, it stops the server and removes the folder.
 * - It listens on a port of 127.0.0.1 and on a socket in its folder. The user `tester` has all
 *   privileges, and a password on both.
 */
import { join } from "@std/path";
import { type ServerUser, serverUser } from "./server_user.ts";
import { executable } from "./executable.ts";
import { freePort } from "./free_port.ts";

/** How the server is to be. */
export interface MariadbOptions {
  /** Further options of `mariadbd`, without the dashes. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A server that runs. */
export interface MariadbServer {
  readonly port: number;
  readonly socket: string;
  readonly password: string;
  /** Of the shell that holds the server, whose only child it is. */
  readonly pid: number;
  /** TCP, as `tester`, or as somebody else. */
  url(database: string, user?: string): string;
  /** Stops the server; `crash` kills it. The data stay for `start`. */
  halt(mode?: "fast" | "crash"): Promise<void>;
  /** Starts it again after `halt`, on the same port. */
  start(): Promise<void>;
  /** Stops the server and removes its data. May be called twice. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const FOLDERS = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/libexec"];

/** See `postgres_server.ts`: signals come by standard input, and its end is ours. */
const GUARD = `
dir=$1; shift
exec 3<&0
"$@" </dev/null >>"$dir/server.log" 2>&1 3<&- &
server=$!
trap '' INT TERM HUP
{
  read -r signal <&3
  kill -"\${signal:-TERM}" $server 2>/dev/null
  if [ -z "$signal" ]; then
    while kill -0 $server 2>/dev/null; do sleep 0.05; done
    rm -rf "$dir"
  fi
} >/dev/null 2>&1 &
exec 3<&-
wait $server
`;

/** Where the programs are; undefined where any is missing. */
export function mariadbBinaries(): { server: string; installer: string } | undefined {
  const server = executable(["mariadbd"], FOLDERS);
  const installer = executable(["mariadb-install-db"], FOLDERS);
  return server && installer ? { server, installer } : undefined;
}

/** Makes a new folder of data and starts its server. Takes about five seconds. */
export async function startMariadb(options: MariadbOptions = {}): Promise<MariadbServer> {
  const binaries = mariadbBinaries();
  if (!binaries) throw new Error("The binaries of MariaDB are not here");
  const user = serverUser();
  const dir = await Deno.makeTempDir({ prefix: "snakepipe_my_" });
  try {
    const password = crypto.randomUUID();
    await Deno.writeTextFile(
      join(dir, "init.sql"),
      `CREATE USER IF NOT EXISTS tester@'%' IDENTIFIED BY '${password}';
GRANT ALL ON *.* TO tester@'%' WITH GRANT OPTION;
`,
    );
    if (user) {
      await Deno.chown(dir, user.uid, user.gid);
      await Deno.chown(join(dir, "init.sql"), user.uid, user.gid);
    }
    const { success, stderr } = await new Deno.Command(binaries.installer, {
      args: [
        "--no-defaults",
        `--datadir=${join(dir, "data")}`,
        `--tmpdir=${dir}`,
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        "--skip-name-resolve",
      ],
      ...environment(user),
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) {
      throw new Error(`mariadb-install-db failed: ${new TextDecoder().decode(stderr)}`);
    }
    const server = new Server({ dir, user, password, program: binaries.server, options });
    await server.start();
    return server;
  } catch (error) {
    await Deno.remove(dir, { recursive: true }).catch(() => {});
    throw error;
  }
}

function environment(user: ServerUser | undefined) {
  return {
    cwd: "/",
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    ...user,
  };
}

interface Cluster {
  readonly dir: string;
  readonly user: ServerUser | undefined;
  readonly password: string;
  readonly program: string;
  readonly options: MariadbOptions;
}

class Server implements MariadbServer {
  readonly port: number;
  readonly #cluster: Cluster;
  #guard: Deno.ChildProcess | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.port = freePort();
  }

  get socket(): string {
    return join(this.#cluster.dir, "s");
  }

  get password(): string {
    return this.#cluster.password;
  }

  get pid(): number {
    if (!this.#guard) throw new Error("The server does not run");
    return this.#guard.pid;
  }

  url(database: string, user = `tester:${this.password}`): string {
    return `mysql://${user}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }

  async start(): Promise<void> {
    const { dir, user, program, options: { settings = {} } } = this.#cluster;
    const guard = new Deno.Command("sh", {
      args: [
        ...["-c", GUARD, "guard", dir, program, "--no-defaults"],
        `--datadir=${join(dir, "data")}`,
        // A server that starts removes what it takes for leftovers, those of others in /tmp too.
        `--tmpdir=${dir}`,
        `--init-file=${join(dir, "init.sql")}`,
        `--socket=${this.socket}`,
        `--port=${this.port}`,
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-buffer-pool-size=64M",
        ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
      ],
      ...environment(user),
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#guard = guard;
    if (await answers(this.port, guard)) return;
    await this.halt("crash");
    const log = await Deno.readTextFile(join(dir, "server.log")).catch(() => "");
    throw new Error(`MariaDB did not start: ${log.slice(-2000)}`);
  }

  async halt(mode: "fast" | "crash" = "fast"): Promise<void> {
    const guard = this.#guard;
    if (!guard) return;
    this.#guard = undefined;
    const writer = guard.stdin.getWriter();
    await writer.write(new TextEncoder().encode(mode === "fast" ? "TERM\n" : "KILL\n"))
      .catch(() => {});
    await guard.status;
    await writer.close().catch(() => {});
  }

  async stop(): Promise<void> {
    await this.halt();
    await Deno.remove(this.#cluster.dir, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Whether the server greets whoever connects; false where it ended, or takes too long. */
async function answers(port: number, guard: Deno.ChildProcess): Promise<boolean> {
  let ended = false;
  guard.status.then(() => ended = true);
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!ended && performance.now() < deadline) {
    try {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port });
      // It listens only once `init-file` is through.
      if (await connection.read(new Uint8Array(1)) === 1) return true;
    } catch {
      // Nobody listens yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
