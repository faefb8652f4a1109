/** Receives what OpenTelemetry's exporters send by OTLP over HTTP, as JSON. */

/** A value of a metric, under its labels. */
export interface ReceivedPoint {
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A span. */
export interface ReceivedSpan {
  readonly name: string;
  readonly id: string;
  /** Empty where it has none. */
  readonly parent: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** 2 where it failed. */
  readonly status: number;
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Point {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
}

interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly Point[] };
  readonly gauge?: { readonly dataPoints: readonly Point[] };
  readonly histogram?: { readonly dataPoints: readonly Point[] };
}

interface Scoped {
  readonly scope: { readonly name: string };
}

interface Body {
  readonly resourceSpans?: readonly {
    readonly scopeSpans:
      readonly (Scoped & { readonly spans: readonly Record<string, unknown>[] })[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly (Scoped & { readonly metrics: readonly Metric[] })[];
  }[];
}

/** Listens until it is disposed of. What it has is of one process, which sends sums since its start. */
export class OtlpReceiver implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #points = new Map<string, Map<string, ReceivedPoint>>();
  readonly #waiting = new Set<() => void>();
  /** All that came, as it came. */
  readonly texts: string[] = [];
  /** Of ours, in the order in which they came. */
  readonly spans: ReceivedSpan[] = [];

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        const text = await request.text();
        this.texts.push(text);
        this.#take(JSON.parse(text));
        for (const look of this.#waiting) look();
        return new Response("{}", { headers: { "content-type": "application/json" } });
      },
    );
  }

  /** What a process is started with so that it sends here, its numbers every 20 ms. */
  get env(): Record<string, string> {
    return {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${this.#server.addr.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRIC_EXPORT_INTERVAL: "20",
    };
  }

  /** The last values of a metric. */
  points(name: string): readonly ReceivedPoint[] {
    return [...this.#points.get(name)?.values() ?? []];
  }

  /** Their sum, of those with these attributes. */
  sum(name: string, attributes: Readonly<Record<string, string>> = {}): number {
    return this.points(name)
      .filter((point) =>
        Object.entries(attributes).every(([key, value]) => point.attributes[key] === value)
      )
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** Resolves once something is so, after whatever has come. */
  until(isSo: () => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (!isSo()) return;
      this.#waiting.delete(look);
      resolve();
    };
    this.#waiting.add(look);
    look();
    return promise;
  }

  #take({ resourceMetrics = [], resourceSpans = [] }: Body): void {
    for (const { scope, metrics } of resourceMetrics.flatMap((r) => r.scopeMetrics)) {
      if (scope.name === "snakepipe") { for (const metric of metrics) this.#takeMetric(metric); }
    }
    for (const { scope, spans } of resourceSpans.flatMap((r) => r.scopeSpans)) {
      if (scope.name === "snakepipe") this.spans.push(...spans.map(spanOf));
    }
  }

  #takeMetric({ name, sum, gauge, histogram }: Metric): void {
    let points = this.#points.get(name);
    if (!points) this.#points.set(name, points = new Map());
    for (const point of (sum ?? gauge ?? histogram)?.dataPoints ?? []) {
      const attributes = attributesOf(point.attributes);
      const value = Number(point.asDouble ?? point.asInt ?? point.count);
      points.set(JSON.stringify(Object.entries(attributes).sort()), { attributes, value });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function spanOf(span: Record<string, unknown>): ReceivedSpan {
  return {
    name: String(span.name),
    id: String(span.spanId),
    parent: String(span.parentSpanId ?? ""),
    attributes: attributesOf(span.attributes as Attribute[]),
    status: (span.status as { readonly code?: number })?.code ?? 0,
  };
}

function attributesOf(attributes: readonly Attribute[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, String(Object.values(value)[0])]),
  );
}
