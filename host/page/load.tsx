/** One load in every detail. */
import type { LoadDetails, LoadRejects, LoadStatus, RunOutcome } from "../api/load_schema.ts";
import { pausedSince } from "../api/paused_detail.ts";
import { Chart } from "./chart.tsx";
import { Events } from "./events.tsx";
import { counted, grouped } from "../../src/model/counted.ts";
import { bytes, duration, shown, shownLines } from "./format.ts";
import { LoadActions, Progress } from "./loads.tsx";
import { canOperate, type PageState } from "./page_state.ts";
import {
  Badge,
  Bytes,
  Count,
  Fact,
  Facts,
  Hash,
  Name,
  PluginName,
  Section,
  Time,
  ViewLink,
} from "./parts.tsx";
import { areDrawn, latencyText, ratesOf, throughputText } from "./rates.ts";
import { type Column, Table } from "./table.tsx";

/** One load, by its name. */
export function LoadView({ page, name }: { readonly page: PageState; readonly name: string }) {
  const { status, details } = page.known;
  const load = status?.loads.find((load) => load.name === name);
  if (!load) {
    return (
      <Section id="load" title={shown(name)}>
        <p class="empty">There is no load of that name. It may have left the configuration.</p>
      </Section>
    );
  }
  const more = details?.name === name ? details : undefined;
  return (
    <>
      <Section
        id="load"
        title={shown(name)}
        note={
          <>
            <Badge word={load.state} />
            {canOperate(page) && <LoadActions {...{ page, load }} />}
          </>
        }
      >
        {load.detail !== undefined && <Detail state={load.state} detail={load.detail} />}
        {load.progress && <Progress load={load} />}
        <LoadFacts load={load} isServed={status?.program === "serve"} />
      </Section>
      {more && <Charts details={more} />}
      {load.rejects && <Rejects rejects={load.rejects} />}
      <Runs runs={runsOf(load, more)} />
      {status?.program === "load"
        ? <Events page={page} />
        : <Events page={page} about={{ load: name }} />}
    </>
  );
}

function Detail({ state, detail }: {
  readonly state: LoadStatus["state"];
  readonly detail: string;
}) {
  const since = pausedSince(detail);
  return (
    <p class={state === "failed" ? "detail failed" : "detail"}>
      {since === undefined ? shownLines(detail) : (
        <>
          It is paused since <Time at={since} />.
        </>
      )}
    </p>
  );
}

/** Of one that has ended meanwhile, the status has the last run, and its details may not. */
function runsOf({ last }: LoadStatus, details: LoadDetails | undefined): readonly RunOutcome[] {
  const history = details?.history ?? [];
  return last && history[0]?.at !== last.at ? [last, ...history] : history;
}

function LoadFacts(
  { load, isServed }: {
    readonly load: LoadStatus;
    /** One that is not is begun once, by its command. */
    readonly isServed: boolean;
  },
) {
  const { source, backend, table, watch, schedule, next, runs, progress, rate, last } = load;
  const { plugin } = last ?? {};
  return (
    <Facts>
      <Fact name="Source">
        {source.map((one) => (
          <div key={one}>
            <Name text={one} />
          </div>
        ))}
      </Fact>
      <Fact name="Table">{table && <Name text={table} />}</Fact>
      <Fact name="Backend">
        {backend && <ViewLink view="backend" name={backend} />}
      </Fact>
      <Fact name="Begins">
        {isServed && (
          <Name
            text={[watch && "when files change", schedule].filter(Boolean).join(", ") ||
              "when asked"}
          />
        )}
      </Fact>
      <Fact name="Next">{next && <Time at={next} />}</Fact>
      <Fact name="Runs">{isServed && grouped(runs)}</Fact>
      <Fact name="Batches">{progress && <Count of={progress.batches} />}</Fact>
      <Fact name="Read">
        {progress && (
          <>
            <Bytes of={progress.bytesRead} />
            {progress.bytesTotal !== undefined && (
              <>
                {" of "}
                <Bytes of={progress.bytesTotal} />
              </>
            )}
          </>
        )}
      </Fact>
      <Fact name="Rate">
        {rate &&
          `${counted(rate.rowsPerSecond, "row/s", "rows/s")}, ${bytes(rate.bytesPerSecond)}/s`}
      </Fact>
      <Fact name="Runs for">{progress && duration(progress.milliseconds)}</Fact>
      <Fact name="Plugin">
        {plugin && (
          <>
            <PluginName of={plugin} /> <Hash of={plugin.sha256} />
          </>
        )}
      </Fact>
      <Fact name="Load">
        {last?.load && (
          <>
            <code>{shown(last.load.id)}</code>, generation {grouped(last.load.generation)}
          </>
        )}
      </Fact>
    </Facts>
  );
}

function Charts({ details: { samples, state } }: { readonly details: LoadDetails }) {
  const rates = ratesOf(samples);
  if (!areDrawn(rates)) return null;
  const { times } = rates;
  return (
    <Section id="charts" title={state === "running" ? "This run" : "The last run"}>
      <div class="charts">
        <Chart
          title="Throughput"
          summary={throughputText(rates)}
          times={times}
          lines={[{ label: "rows a second", values: rates.rowsPerSecond }]}
          format={grouped}
        />
        <Chart
          title="Latency of batches"
          summary={latencyText(rates)}
          times={times}
          lines={[
            { label: "median", values: rates.p50 },
            { label: "95 %", values: rates.p95 },
            { label: "slowest", values: rates.max },
          ]}
          format={duration}
        />
      </div>
    </Section>
  );
}

function Rejects({ rejects: { file, byCode, replay } }: { readonly rejects: LoadRejects }) {
  const all = byCode.reduce((sum, { count }) => sum + count, 0);
  const columns: readonly Column<LoadRejects["byCode"][number]>[] = [
    { head: "Reason", cell: ({ code }) => <Name text={code.replaceAll("_", " ")} /> },
    { head: "Rows", isNumber: true, cell: ({ count }) => <Count of={count} /> },
    {
      head: "The first of them",
      cell: ({ example }) =>
        example === undefined ? "–" : <span class="event">{shownLines(example)}</span>,
    },
  ];
  return (
    <Section id="rejects" title="Rejected rows" note={<span>{counted(all, "row")}</span>}>
      <Table
        caption="Rejected rows, by reason"
        rows={byCode}
        columns={columns}
        keyOf={({ code }) => code}
        empty="None."
      />
      {file !== undefined && (
        <p>
          They are kept in <code>{shown(file)}</code>.
        </p>
      )}
      {replay !== undefined && (
        <>
          <p>Correct the rows there; then this loads them, each once:</p>
          <Command text={replay} />
        </>
      )}
    </Section>
  );
}

/** A command to be copied. */
function Command({ text }: { readonly text: string }) {
  const safe = shownLines(text);
  const copy = () => void navigator.clipboard.writeText(text);
  return (
    <div class="command">
      <pre tabIndex={0} role="region" aria-label="Command">{safe}</pre>
      {/* Over the network, browsers have no clipboard; and what is not seen is not pasted. */}
      {navigator.clipboard && safe === text &&
        <button type="button" onClick={copy}>Copy</button>}
    </div>
  );
}

function Runs({ runs }: { readonly runs: readonly RunOutcome[] }) {
  const columns: readonly Column<RunOutcome>[] = [
    { head: "Ended", cell: ({ at }) => <Time at={at} /> },
    { head: "State", cell: ({ state }) => <Badge word={state} /> },
    { head: "Begun by", cell: ({ trigger }) => trigger },
    { head: "Took", isNumber: true, cell: ({ seconds }) => duration(seconds * 1000) },
    { head: "Committed", isNumber: true, cell: ({ committed }) => <Count of={committed} /> },
    { head: "Skipped", isNumber: true, cell: ({ skipped }) => <Count of={skipped} /> },
    { head: "Rejected", isNumber: true, cell: ({ rejected }) => <Count of={rejected} /> },
    { head: "Batches", isNumber: true, cell: ({ batches }) => <Count of={batches} /> },
    { head: "Notes", cell: (run) => <Notes run={run} /> },
  ];
  return (
    <Section id="runs" title="Runs">
      <Table
        caption="Runs"
        pageRows={10}
        rows={runs}
        columns={columns}
        keyOf={({ at, trigger }) => at + trigger}
        textOf={({ state, trigger, error, notes }) =>
          [state, trigger, error?.code ?? "", error?.message ?? "", ...notes].join(" ")}
        empty="No run has ended since the program was started."
      />
    </Section>
  );
}

function Notes({ run: { error, notes } }: { readonly run: RunOutcome }) {
  if (!error && notes.length === 0) return <>–</>;
  return (
    <details>
      <summary>
        {error ? shown(error.code.replaceAll("_", " ")) : counted(notes.length, "note")}
      </summary>
      {error && <p class="detail failed">{shownLines(error.message)}</p>}
      {notes.map((note) => <p key={note}>{shownLines(note)}</p>)}
    </details>
  );
}
