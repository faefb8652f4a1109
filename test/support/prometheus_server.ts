/** A real Prometheus, which scrapes what a test serves. */
import { join } from "@std/path";
import { eventually } from "./eventually.ts";
import { freePort } from "./free_port.ts";

const PROMETHEUS = Deno.env.get("PROMETHEUS") ?? "prometheus";

/** Why there is none on this machine, in a few words; undefined where there is. */
export function missingPrometheus(): string | undefined {
  try {
    new Deno.Command(PROMETHEUS, { args: ["--version"], stdout: "null", stderr: "null" })
      .outputSync();
    return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is no prometheus (Debian: prometheus)";
    throw error;
  }
}

/** One that runs, with its data in a folder of its own. */
export class PrometheusServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly #url: string;
  readonly #ended: Promise<unknown>;
  #log = "";

  private constructor(child: Deno.ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.#url = url;
    const reading = (async () => {
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) this.#log += text;
    })();
    this.#ended = Promise.all([child.status, reading]);
  }

  /** Starts one that scrapes `/metrics` of an address, `host:port`, five times a second. */
  static async start(target: string): Promise<PrometheusServer> {
    const folder = await Deno.makeTempDir({ prefix: "snakepipe_prometheus_" });
    const config = join(folder, "prometheus.json");
    const scraped = { job_name: "snakepipe", static_configs: [{ targets: [target] }] };
    // JSON is YAML, too.
    const text = JSON.stringify({
      global: { scrape_interval: "200ms", scrape_timeout: "200ms" },
      scrape_configs: [scraped],
    });
    await Deno.writeTextFile(config, text);
    const address = `127.0.0.1:${freePort()}`;
    const child = new Deno.Command(PROMETHEUS, {
      args: [
        ...[`--config.file=${config}`, `--storage.tsdb.path=${join(folder, "data")}`],
        ...[`--web.listen-address=${address}`, "--log.level=warn"],
      ],
      ...{ stdin: "null", stdout: "null", stderr: "piped" },
    }).spawn();
    const server = new PrometheusServer(child, folder, `http://${address}`);
    try {
      await eventually("Prometheus is ready", async () => {
        const response = await fetch(`${server.#url}/-/ready`).catch(() => undefined);
        await response?.body?.cancel();
        return response?.ok;
      });
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw new Error(`${error}\n${server.#log}`);
    }
  }

  /** The value of a query that has one; undefined where it has none. */
  async query(query: string): Promise<number | undefined> {
    const response = await fetch(`${this.#url}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data, error } = await response.json();
    if (error !== undefined) throw new Error(`${query}: ${error}`);
    const value = data.result[0]?.value[1];
    return value === undefined ? undefined : Number(value);
  }

  /** Resolves once a query has a value. */
  async until(query: string, value: number): Promise<void> {
    let last: number | undefined;
    await eventually(`${query} is ${value}`, async () => {
      last = await this.query(query);
      return last === value;
    }).catch((error) => {
      throw new Error(`${error.message}: it is ${last}\n${this.#log}`);
    });
  }

  /** Ends it, and removes its data. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGTERM");
    } catch {
      // It has ended.
    }
    await this.#ended;
    await Deno.remove(this.#folder, { recursive: true });
  }
}
