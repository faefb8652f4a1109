/**
 * A real PostgreSQL server for tests, from npm, with its data in a temporary folder.
 *
 * - It never outlives this process, however that ends: a shell holds the server and the read end
 *   of a pipe of ours; when the pipe closes, it stops the server and removes the folder.
 * - TCP wants the password (SCRAM); the Unix socket, in a folder of its own, trusts.
 */
import { join } from "@std/path";
import { postgresBinaries } from "./postgres_binaries.ts";
import { type ServerUser, serverUser } from "./server_user.ts";
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from "./test_certificate.ts";
import { freePort } from "./free_port.ts";

/** How the server is to be. */
export interface PostgresOptions {
  /** Whether commits wait for the disk; true by default. */
  readonly fsync?: boolean;
  /** Whether it offers TLS, with the certificate of `test_certificate.ts`; false by default. */
  readonly tls?: boolean;
  /** Further settings, as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** How a server is stopped: `fast` ends sessions and writes a checkpoint, `immediate` crashes. */
export type StopMode = "fast" | "immediate";

/** A server that runs. */
export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  /** Folder of the Unix socket. */
  readonly socketDir: string;
  /** The superuser's password, for TCP. */
  readonly password: string;
  /** TCP, as superuser, database `postgres`. */
  readonly superuserUrl: string;
  /** Process ids: the shell that guards the server, and the server. */
  readonly pids: readonly number[];
  /** TCP, as superuser. */
  url(database: string): string;
  /** Unix socket, as superuser. */
  socketUrl(database: string): string;
  /** Stops the server; the data stay for `start`. */
  halt(mode?: StopMode): Promise<void>;
  /** Starts it again after `halt`, on the same port. */
  start(): Promise<void>;
  /** Both, one after the other. */
  restart(mode?: StopMode): Promise<void>;
  /** Stops the server and removes its data. May be called twice. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 30_000;

/**
 * Starts the server that follows and stops it with the signal that is read from standard input.
 * When nothing can be read any more, our process is gone: then the data go as well. Signals from a
 * terminal reach the whole group, so the shell ignores them and outlives the server.
 */
const GUARD = `
dir=$1; shift
exec 3<&0
"$@" </dev/null >>"$dir/server.log" 2>&1 3<&- &
server=$!
trap '' INT TERM HUP
{
  read -r signal <&3
  kill -"\${signal:-INT}" $server 2>/dev/null
  if [ -z "$signal" ]; then
    while kill -0 $server 2>/dev/null; do sleep 0.05; done
    rm -rf "$dir"
  fi
} >/dev/null 2>&1 &
exec 3<&-
wait $server
`;

/** Makes a new cluster and starts its server. Takes about two seconds. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const user = serverUser();
  const dir = await Deno.makeTempDir({ prefix: "snakepipe_pg_" });
  try {
    if (user) await Deno.chown(dir, user.uid, user.gid);
    const binaries = await postgresBinaries(user, dir);
    const password = crypto.randomUUID();
    await initialise(binaries.initdb, { dir, user, password });
    await writeSettings(dir, options, user);
    return await Server.start({ dir, user, password, program: binaries.postgres });
  } catch (error) {
    await Deno.remove(dir, { recursive: true }).catch(() => {});
    throw error;
  }
}

async function initialise(
  initdb: string,
  { dir, user, password }: { dir: string; user: ServerUser | undefined; password: string },
): Promise<void> {
  const passwordFile = join(dir, "password");
  await Deno.writeTextFile(passwordFile, password, { mode: 0o600 });
  if (user) await Deno.chown(passwordFile, user.uid, user.gid);
  const { success, stderr } = await new Deno.Command(initdb, {
    args: [
      `--pgdata=${join(dir, "data")}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth-host=scram-sha-256",
      "--auth-local=trust",
      "--locale=C",
      "--encoding=UTF8",
      "--no-sync",
      "--no-instructions",
    ],
    ...environment(user),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  await Deno.remove(passwordFile);
  if (!success) throw new Error(`initdb failed: ${new TextDecoder().decode(stderr)}`);
}

async function writeSettings(
  dir: string,
  options: PostgresOptions,
  user: ServerUser | undefined,
): Promise<void> {
  const data = join(dir, "data");
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: dir,
    max_connections: "60",
    ...(options.fsync === false ? { fsync: "off", full_page_writes: "off" } : {}),
    ...(options.tls ? { ssl: "on" } : {}),
    ...options.settings,
  };
  const lines = Object.entries(settings).map(([k, v]) => `${k} = '${v.replaceAll("'", "''")}'\n`);
  await Deno.writeTextFile(join(data, "postgresql.auto.conf"), lines.join(""));
  if (!options.tls) return;
  const files = { "server.crt": TEST_CERTIFICATE, "server.key": TEST_CERTIFICATE_KEY };
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(data, name), text, { mode: 0o600 });
    if (user) await Deno.chown(join(data, name), user.uid, user.gid);
  }
}

/** Nothing of our environment reaches the server: PG* variables would change what it does. */
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
}

class Server implements PostgresServer {
  readonly host = "127.0.0.1";
  readonly port: number;
  readonly #cluster: Cluster;
  #guard: Deno.ChildProcess | undefined;
  #serverPid = 0;

  private constructor(cluster: Cluster, port: number) {
    this.#cluster = cluster;
    this.port = port;
  }

  /** A port that was free a moment ago may be taken by now, so there are several tries. */
  static async start(cluster: Cluster): Promise<Server> {
    for (let triesLeft = 2;; triesLeft--) {
      const server = new Server(cluster, freePort());
      try {
        await server.start();
        return server;
      } catch (error) {
        if (triesLeft === 0) throw error;
      }
    }
  }

  get socketDir(): string {
    return this.#cluster.dir;
  }

  get password(): string {
    return this.#cluster.password;
  }

  get superuserUrl(): string {
    return this.url("postgres");
  }

  get pids(): readonly number[] {
    return this.#guard ? [this.#guard.pid, this.#serverPid] : [];
  }

  url(database: string): string {
    const name = encodeURIComponent(database);
    return `postgres://postgres:${this.password}@${this.host}:${this.port}/${name}`;
  }

  socketUrl(database: string): string {
    const host = encodeURIComponent(this.socketDir);
    return `postgres://postgres@/${encodeURIComponent(database)}?host=${host}&port=${this.port}`;
  }

  async start(): Promise<void> {
    const { dir, user, program } = this.#cluster;
    const data = join(dir, "data");
    const guard = new Deno.Command("sh", {
      args: ["-c", GUARD, "guard", dir, program, "-D", data, "-p", String(this.port)],
      ...environment(user),
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#guard = guard;
    const pid = await ready(data, guard);
    if (pid === undefined) {
      await this.halt("immediate");
      const log = await Deno.readTextFile(join(dir, "server.log")).catch(() => "");
      throw new Error(`PostgreSQL did not start: ${log.slice(-2000)}`);
    }
    this.#serverPid = pid;
  }

  async halt(mode: StopMode = "fast"): Promise<void> {
    const guard = this.#guard;
    if (!guard) return;
    this.#guard = undefined;
    // A server that was sent SIGINT while a session hangs is given up on after a while.
    const timer = setTimeout(() => {
      if (this.#serverPid > 0) Deno.kill(this.#serverPid, "SIGKILL");
    }, STOP_TIMEOUT_MS);
    const writer = guard.stdin.getWriter();
    await writer.write(new TextEncoder().encode(mode === "fast" ? "INT\n" : "QUIT\n"))
      .catch(() => {});
    await guard.status;
    clearTimeout(timer);
    await writer.close().catch(() => {});
  }

  async restart(mode: StopMode = "fast"): Promise<void> {
    await this.halt(mode);
    await this.start();
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

/**
 * The server's process id once it takes connections; undefined where it ended or took too long.
 * The eighth line of postmaster.pid tells its state.
 */
async function ready(data: string, guard: Deno.ChildProcess): Promise<number | undefined> {
  let ended = false;
  guard.status.then(() => ended = true);
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!ended && performance.now() < deadline) {
    const text = await Deno.readTextFile(join(data, "postmaster.pid")).catch(() => "");
    const lines = text.split("\n");
    if (lines[7]?.trim() === "ready") return Number(lines[0]);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
}
