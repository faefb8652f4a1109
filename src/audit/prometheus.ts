/** Numbers of a host in the text format of Prometheus, version 0.0.4. */
import {
  DURATION_BOUNDS,
  type MetricAbout,
  type MetricLabels,
  type MetricName,
  METRICS,
  type MetricSet,
} from "./metrics.ts";

/** What a server says of the text in `Content-Type`. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Units as they stand in names. */
const UNITS: Readonly<Record<string, string>> = { By: "bytes", s: "seconds" };

/** All numbers of a host; metrics that have none yet have their HELP and TYPE. */
export function prometheusText(metrics: Pick<MetricSet, "of">): string {
  const names = Object.keys(METRICS) as MetricName[];
  return names.flatMap((name) => linesOf(name, metrics)).map((line) => `${line}\n`).join("");
}

function linesOf(name: MetricName, metrics: Pick<MetricSet, "of">): string[] {
  const about: MetricAbout = METRICS[name];
  const shown = shownName(name, about);
  const lines = metrics.of(name).flatMap(({ labels, value, buckets }) => {
    if (!buckets) return [`${shown}${labelText(labels)} ${numberText(value)}`];
    const bounds = [...DURATION_BOUNDS, Infinity];
    return [
      ...buckets.map((count, i) =>
        `${shown}_bucket${labelText({ ...labels, le: numberText(bounds[i]!) })} ${count}`
      ),
      `${shown}_sum${labelText(labels)} ${numberText(value)}`,
      `${shown}_count${labelText(labels)} ${buckets.at(-1)}`,
    ];
  });
  return [`# HELP ${shown} ${escapedHelp(about.help)}`, `# TYPE ${shown} ${about.kind}`, ...lines];
}

/** `snakepipe_bytes_total` for `snakepipe.bytes`. */
function shownName(name: MetricName, { kind, unit }: MetricAbout): string {
  const base = name.replaceAll(".", "_");
  const suffix = UNITS[unit];
  const withUnit = suffix === undefined || base.endsWith(suffix) ? base : `${base}_${suffix}`;
  return kind === "counter" ? `${withUnit}_total` : withUnit;
}

function labelText(labels: MetricLabels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapedLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** A value of a label: any text, as UTF-8. */
export function escapedLabel(text: string): string {
  return text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll(
    '"',
    '\\"',
  );
}

/** A text of HELP. */
export function escapedHelp(text: string): string {
  return text.toWellFormed().replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
