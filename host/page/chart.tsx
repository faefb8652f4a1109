/** A chart of values over time, with a key and with the same in words. */
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { clockTime } from "./format.ts";

/** One line of a chart. */
export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** What is drawn, and how it is said. */
export interface ChartProps {
  readonly title: string;
  /** The same in words, for screen readers. */
  readonly summary: string;
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** A value with its unit. */
  readonly format: (value: number) => string;
}

const HEIGHT = 170;

/** A chart. */
export function Chart({ title, summary, times, lines, format }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [pointed, setPointed] = useState<number>();
  const [scheme, setScheme] = useState(0);
  const data = [times, ...lines.map(({ values }) => values)] as uPlot.AlignedData;
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const change = () => setScheme((n) => n + 1);
    dark.addEventListener("change", change);
    return () => dark.removeEventListener("change", change);
  }, []);
  useEffect(() => {
    const element = place.current!;
    const options = optionsFor(element, { labels: lines.map(({ label }) => label), format });
    const drawn = new uPlot(
      {
        ...options,
        hooks: { setCursor: [({ cursor: { idx } }) => setPointed(idx ?? undefined)] },
      },
      data,
      element,
    );
    plot.current = drawn;
    const fit = new ResizeObserver(() =>
      drawn.setSize({ width: element.clientWidth, height: HEIGHT })
    );
    fit.observe(element);
    return () => {
      fit.disconnect();
      drawn.destroy();
    };
  }, [scheme, lines.length]);
  useEffect(() => plot.current?.setData(data));
  return (
    <figure>
      <figcaption>
        <h3>{title}</h3>
        <Key {...{ lines, format }} at={pointed} />
      </figcaption>
      <div ref={place} class="plot" role="img" aria-label={`${title}. ${summary}`} />
      <p class="summary">{summary}</p>
    </figure>
  );
}

/** What each line is, with its value where somebody points, else with its last one. */
function Key({ lines, at, format }: Pick<ChartProps, "lines" | "format"> & {
  readonly at: number | undefined;
}) {
  return (
    <ul class="key">
      {lines.map(({ label, values }, i) => {
        const value = at === undefined ? values.findLast((one) => one !== null) : values[at];
        return (
          <li key={label}>
            <span class={`swatch line-${i + 1}`} aria-hidden="true" />
            {label} <strong class="number">{value == null ? "–" : format(value)}</strong>
          </li>
        );
      })}
    </ul>
  );
}

function optionsFor(
  element: HTMLElement,
  { labels, format }: { readonly labels: readonly string[] } & Pick<ChartProps, "format">,
): uPlot.Options {
  const colour = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--soft"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    font: `12px ${getComputedStyle(element).fontFamily}`,
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        values: (_, times) => times.map((at) => clockTime(new Date(at * 1000))),
        space: 80,
        size: 30,
      },
      { ...axis, values: (_, values) => values.map(format), size: 84 },
    ],
    series: [
      {},
      ...labels.map((label, i) => ({
        label,
        stroke: colour(`--line-${i + 1}`),
        width: 2,
        spanGaps: true,
        points: { show: false },
      })),
    ],
  };
}
