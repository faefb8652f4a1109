/** Results as charts: SVG by ECharts, drawn without a browser. */
import * as echarts from "echarts";
import { grouped } from "../../src/model/counted.ts";
import type { Side } from "./competitor.ts";
import { type DatabaseName, DATABASES } from "./dataset.ts";
import { TITLE } from "./title.ts";
import { CONNECTIONS, connectionsName, FULL_SIZES, ONE_CONNECTION } from "./comparison.ts";
import type { ComparisonResult, MeasuredResult } from "./result.ts";
import { DEFAULT } from "./snakepipe.ts";

/** One picture. */
export interface Chart {
  /** Of its file, without suffix. */
  readonly name: string;
  readonly svg: string;
}

const WIDTH = 900;
const BAR_HEIGHT = 30;
const FRAME_HEIGHT = 130;
const LINES_HEIGHT = 420;
const FONT = "Helvetica, Arial, sans-serif";
const PAPER = "#ffffff";
const INK = "#24292f";
const PALE_INK = "#57606a";
const GRID_LINE = "#d8dee4";
/** By side: what is ours stands out. */
const COLOUR: Readonly<Record<Side, string>> = {
  ours: "#1f6feb",
  reference: "#57606a",
  bare: "#a5c8ff",
  others: "#b6bfc8",
};

/** Databases that are loaded into at every size. */
const GROWN = ["postgres", "libsql"] as const;

/** Lines of one database belong together by how strong they are. */
const OURS_BY_DATABASE: Readonly<Record<(typeof GROWN)[number], string>> = {
  postgres: COLOUR.ours,
  libsql: "#79b8ff",
};
const REFERENCE_BY_DATABASE: Readonly<Record<(typeof GROWN)[number], string>> = {
  postgres: COLOUR.reference,
  libsql: COLOUR.others,
};

/** Every chart that the results suffice for. */
export function chartsOf(results: readonly ComparisonResult[], rounds: number): Chart[] {
  const charts = [
    ...DATABASES.map((database) => ratioChart(results, database, rounds)),
    growthChart(results, rounds),
    connectionChart(results, rounds),
  ];
  return charts.filter((chart) => chart !== undefined);
}

interface Bar {
  readonly label: string;
  readonly side: Side;
  readonly value: number;
  /** What stands behind the bar. */
  readonly text: string;
}

/** Everybody's speed as a multiple of the reference's, in the largest comparison that they were in. */
function ratioChart(
  results: readonly ComparisonResult[],
  database: DatabaseName,
  rounds: number,
): Chart | undefined {
  const own = nodesOf(results, database).toReversed();
  const [largest] = own;
  const reference = largest && measured(largest).find((c) => c.side === "reference");
  if (!reference) return undefined;
  const bars = new Map<string, Bar>();
  for (const result of own) {
    for (const competitor of measured(result)) {
      if (bars.has(competitor.name) || !isShown(competitor)) continue;
      bars.set(competitor.name, ratioBar(competitor, result.rows, result === largest));
    }
  }
  const title = `${TITLE[database]}: rows per second, ${reference.name} = 1`;
  return barChart(`load_${database}`, [...bars.values()].toSorted((a, b) => a.value - b.value), {
    title,
    subtitle: `${grouped(largest.rows)} rows of 13 columns, ${largest.bytesPerRow} bytes of ` +
      `NDJSON each, where no other number stands; best of ${rounds}`,
    axis: `times ${reference.name} of the same run`,
  });
}

/** Variants of ours with one knob turned have charts of their own, or none. */
function isShown({ side, name }: MeasuredResult): boolean {
  if (side === "bare") return false;
  const ours: readonly string[] = [DEFAULT, ONE_CONNECTION.text, ONE_CONNECTION.binary];
  return side !== "ours" || ours.includes(name);
}

function ratioBar(competitor: MeasuredResult, rows: number, usual: boolean): Bar {
  const { name, side, ratio = 0, rowsPerSecond } = competitor;
  return {
    label: usual ? name : `${name} (${grouped(rows)} rows)`,
    side,
    value: ratio,
    text: `${ratio.toFixed(2)} ×   ${grouped(rowsPerSecond)} rows/s`,
  };
}

/** How the number of connections matters. */
function connectionChart(results: readonly ComparisonResult[], rounds: number): Chart | undefined {
  const largest = nodesOf(results, "postgres").at(-1);
  if (!largest) return undefined;
  const all = measured(largest);
  const names = CONNECTIONS.map(connectionsName);
  const shown = all.filter((c) => names.includes(c.name) || c.side === "reference");
  if (shown.length < 2 || !shown.some((c) => c.side === "ours")) return undefined;
  const bars = shown.map(({ name, side, rowsPerSecond, ratio = 0 }): Bar => ({
    label: name,
    side,
    value: rowsPerSecond,
    text: `${grouped(rowsPerSecond)} rows/s   ${ratio.toFixed(2)} ×`,
  }));
  return barChart("load_connections", bars.toReversed(), {
    title: "Postgres: rows per second by the number of connections",
    subtitle: `${grouped(largest.rows)} rows of 13 columns, ${largest.bytesPerRow} bytes of ` +
      `NDJSON each; best of ${rounds}, on ${navigator.hardwareConcurrency} cores`,
    axis: "rows per second",
  });
}

interface Frame {
  readonly title: string;
  readonly subtitle: string;
  /** What the value axis counts. */
  readonly axis: string;
}

/** Horizontal bars, the last one on top. */
function barChart(name: string, bars: readonly Bar[], frame: Frame): Chart {
  const most = Math.max(...bars.map((bar) => bar.value));
  const option: echarts.EChartsOption = {
    ...frameOf(frame),
    grid: { left: 40, right: 30, top: 70, bottom: 45, containLabel: true },
    xAxis: {
      ...valueAxis(frame.axis),
      type: "value",
      // Room for what stands behind the longest bar.
      max: most * 1.4,
      axisLabel: { color: PALE_INK, showMaxLabel: false },
    },
    yAxis: {
      type: "category",
      data: bars.map((bar) => bar.label),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: GRID_LINE } },
      axisLabel: { color: INK, fontSize: 13 },
    },
    series: [{
      type: "bar",
      barWidth: "62%",
      data: bars.map(({ value, side, text }) => ({
        value,
        itemStyle: { color: COLOUR[side] },
        label: {
          show: true,
          position: "right",
          formatter: text,
          color: INK,
          fontSize: 12,
          // The lines of the grid end before it.
          backgroundColor: PAPER,
        },
      })),
    }],
  };
  return { name, svg: draw(option, FRAME_HEIGHT + bars.length * BAR_HEIGHT) };
}

/** How speed grows with the number of rows: start-up weighs on small files. */
function growthChart(results: readonly ComparisonResult[], rounds: number): Chart | undefined {
  const lines = GROWN.flatMap((database) => {
    const own = nodesOf(results, database);
    const reference = own.flatMap(measured).find((c) => c.side === "reference")?.name;
    return [DEFAULT, reference].filter((name) => name !== undefined).map((name) => ({
      name: `${TITLE[database]}: ${name}`,
      colour: name === DEFAULT ? OURS_BY_DATABASE[database] : REFERENCE_BY_DATABASE[database],
      points: own.flatMap((result) =>
        measured(result).filter((c) => c.name === name).map((c) => [result.rows, c.rowsPerSecond])
      ),
    }));
  });
  if (lines.every((line) => line.points.length < 2)) return undefined;
  const option: echarts.EChartsOption = {
    ...frameOf({
      title: "Rows per second by the size of the file",
      subtitle: `rows of 13 columns, from the start of the process to its exit; best of ${rounds}`,
    }),
    legend: { bottom: 8, textStyle: { color: INK } },
    grid: { left: 50, right: 40, top: 80, bottom: 70, containLabel: true },
    xAxis: {
      ...valueAxis("rows of the file"),
      type: "log",
      axisLabel: { color: PALE_INK, formatter: (value: number) => grouped(value) },
    },
    yAxis: {
      ...valueAxis("rows per second"),
      type: "value",
      nameGap: 75,
      axisLabel: { color: PALE_INK, formatter: (value: number) => grouped(value) },
    },
    series: lines.map(({ name, colour, points }) => ({
      name,
      type: "line",
      data: points,
      symbol: "circle",
      symbolSize: 7,
      itemStyle: { color: colour },
      lineStyle: { width: 2 },
    })),
  };
  return { name: "load_rows", svg: draw(option, LINES_HEIGHT) };
}

function frameOf({ title, subtitle }: Omit<Frame, "axis">): echarts.EChartsOption {
  return {
    animation: false,
    backgroundColor: PAPER,
    textStyle: { fontFamily: FONT },
    title: {
      text: title,
      subtext: subtitle,
      left: 20,
      top: 12,
      textStyle: { color: INK, fontSize: 17 },
      subtextStyle: { color: PALE_INK, fontSize: 12 },
    },
  };
}

function valueAxis(name: string) {
  return {
    name,
    nameLocation: "middle" as const,
    nameGap: 28,
    nameTextStyle: { color: PALE_INK },
    splitLine: { showMaxLine: false, lineStyle: { color: GRID_LINE } },
  };
}

function draw(option: echarts.EChartsOption, height: number): string {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** The comparisons of that database whose rows count, the smallest first. */
function nodesOf(results: readonly ComparisonResult[], database: DatabaseName): ComparisonResult[] {
  const own = results.filter((r) => r.database === database && r.dataset === "nodes");
  return own.filter((r) => r.rows > FULL_SIZES.start)
    .toSorted((a, b) => a.rows - b.rows);
}

function measured(result: ComparisonResult): MeasuredResult[] {
  return result.competitors.filter((c) => c.kind === "measured");
}
