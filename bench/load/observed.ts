/**
 * What it costs a load to be seen: by an audit log, by OpenTelemetry with somebody who takes what is sent,
 * and by its page with somebody who reads it. snakepipe alone, in turns with itself.
 */
import type { Competitor } from "./competitor.ts";
import type { Comparison } from "./comparison.ts";
import type { ComparisonResult } from "./result.ts";
import { DEFAULT, snakepipe } from "./snakepipe.ts";
import { TITLE } from "./title.ts";

/** Of the page; one load runs at a time. */
const PORT = 43_911;

/** Names of the ways, behind the one that is not seen. */
const AUDIT = `${DEFAULT}, --audit`;
const TELEMETRY = `${DEFAULT}, telemetry`;
const PAGE = `${DEFAULT}, --status with a reader`;
const ALL = `${DEFAULT}, all three`;

/** The comparisons, at so many rows. */
export function observedComparisons(rows: readonly number[]): Comparison[] {
  return (["postgres", "libsql"] as const).flatMap((database) =>
    rows.map((rows): Comparison => ({ database, dataset: "nodes", rows, competitors: WAYS }))
  );
}

/** A line for each way: what it adds to the means of the rounds. */
export function observedLines(results: readonly ComparisonResult[]): string[] {
  return results.flatMap(({ database, rows, competitors }) => {
    const measured = competitors.filter((c) => c.kind === "measured");
    const alone = measured.find(({ name }) => name === DEFAULT)?.meanClientCpuSeconds;
    if (alone === undefined) return [];
    return measured.filter(({ name }) => name !== DEFAULT).map(({ name, meanClientCpuSeconds }) => {
      const more = (meanClientCpuSeconds ?? NaN) - alone;
      return `${TITLE[database]}, ${rows} rows: ${name} takes ${(more * 1_000).toFixed(0)} ms of ` +
        `client CPU more, ${(more / alone * 100).toFixed(1)} %`;
    });
  });
}

const WAYS: readonly Competitor[] = [
  snakepipe({ name: DEFAULT }),
  seen(AUDIT, { audit: true }),
  seen(TELEMETRY, { telemetry: true }),
  seen(PAGE, { page: true }),
  seen(ALL, { audit: true, telemetry: true, page: true }),
];

function seen(
  name: string,
  { audit = false, telemetry = false, page = false }: {
    readonly audit?: boolean;
    readonly telemetry?: boolean;
    readonly page?: boolean;
  },
): Competitor {
  const args = page ? ["--status", `:${PORT}`] : [];
  const { command, ...rest } = snakepipe({ name, args });
  return {
    ...rest,
    command: async (assignment) => {
      const order = await command(assignment);
      if (page) void readEvents();
      return {
        ...order,
        args: [...order.args, ...(audit ? ["--audit", await newAuditLog()] : [])],
        ...(telemetry ? { env: telemetryTo(receiver()) } : {}),
      };
    },
  };
}

async function newAuditLog(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "snakepipe_bench_audit_" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return `${folder}/audit.ndjson`;
}

let listening: Deno.HttpServer<Deno.NetAddr> | undefined;

/** Takes whatever is sent, in this process, whose CPU is nobody's. */
function receiver(): string {
  listening ??= Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    await request.arrayBuffer();
    return new Response(new Uint8Array(), {
      headers: { "content-type": "application/x-protobuf" },
    });
  });
  listening.unref();
  return `http://127.0.0.1:${listening.addr.port}`;
}

function telemetryTo(endpoint: string): Record<string, string> {
  return { OTEL_DENO: "true", OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: DEFAULT };
}

/** Reads what the page reads, from when the program listens until it ends. */
async function readEvents(): Promise<void> {
  const headers = { accept: "text/event-stream" };
  for (let tries = 0; tries < 200; tries++) {
    const response = await fetch(`http://127.0.0.1:${PORT}/events`, { headers })
      .catch(() => undefined);
    if (response?.body) {
      await response.body.pipeTo(new WritableStream()).catch(() => {});
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
