/** The loads, with what each does. */
import type { LoadStatus } from "../api/load_schema.ts";
import { pausedSince } from "../api/paused_detail.ts";
import { progressFigures } from "../../src/audit/progress.ts";
import { Action } from "./action.tsx";
import { counted, grouped } from "../../src/model/counted.ts";
import { duration, shown } from "./format.ts";
import { canOperate, type PageState } from "./page_state.ts";
import { Badge, Name, Section, Time, ViewLink } from "./parts.tsx";
import { change } from "./requests.ts";
import { type Column, Table } from "./table.tsx";

/** All loads. */
export function Loads({ page }: { readonly page: PageState }) {
  const loads = page.known.status?.loads ?? [];
  const columns: readonly Column<LoadStatus>[] = [
    { head: "Load", cell: ({ name }) => <ViewLink view="load" name={name} /> },
    { head: "State", cell: ({ state }) => <Badge word={state} /> },
    { head: "Progress", cell: (load) => <Progress load={load} /> },
    { head: "Last run", cell: ({ last }) => last ? <LastRun last={last} /> : "none yet" },
    { head: "Begins", cell: (load) => <Begins load={load} /> },
    ...(canOperate(page)
      ? [{ head: "Actions", cell: (load: LoadStatus) => <LoadActions {...{ page, load }} /> }]
      : []),
  ];
  return (
    <Section id="loads" title="Loads">
      <Table
        caption="Loads"
        rows={loads}
        columns={columns}
        keyOf={({ name }) => name}
        textOf={({ name, source, state, table = "", backend = "" }) =>
          [name, state, ...source, table, backend].join(" ")}
        groupOf={({ state }) => state}
        empty={
          <>
            No load is configured: write one into <code>loads</code>{" "}
            of the configuration, and it appears here.
          </>
        }
      />
    </Section>
  );
}

/** What can be done to a load. */
export function LoadActions({ page, load: { name, state } }: {
  readonly page: PageState;
  readonly load: LoadStatus;
}) {
  const object = `load ${shown(name)}`;
  const ask = (what: string) => () => change("POST", `loads/${encodeURIComponent(name)}/${what}`);
  const isPaused = state === "paused";
  return (
    <span class="actions">
      {!isPaused && (
        <Action
          {...{ page, object }}
          key="run"
          label="Run"
          done={`A run of load ${shown(name)} was asked for.`}
          call={ask("run")}
        />
      )}
      {/* One button: who has paused a load has the focus on what resumes it. */}
      <Action
        {...{ page, object }}
        key="pause"
        label={isPaused ? "Resume" : "Pause"}
        done={`Load ${shown(name)} ${isPaused ? "goes on" : "is paused"}.`}
        call={ask(isPaused ? "resume" : "pause")}
      />
    </span>
  );
}

/** How far a load is. */
export function Progress({ load: { name, state, progress, rate, detail } }: {
  readonly load: LoadStatus;
}) {
  if (!progress) return <Detail detail={detail} />;
  const { share, secondsLeft, rows } = progressFigures(progress);
  return (
    <div class="progress">
      <progress
        max={1}
        {...(share === undefined ? {} : { value: share })}
        aria-label={`Progress of ${shown(name)}`}
      />
      <span class="figures">
        {share !== undefined && <span>{Math.floor(share * 100)} %</span>}
        <span class="number">{counted(rows, "row")}</span>
        {rate && <span>{counted(rate.rowsPerSecond, "row/s", "rows/s")}</span>}
        {state === "running" && secondsLeft !== undefined &&
          <span>about {duration(secondsLeft * 1000)} left</span>}
      </span>
    </div>
  );
}

/** What it waits for, or why it is not complete; since when it is paused, in the time of the browser. */
function Detail({ detail }: { readonly detail: string | undefined }) {
  if (detail === undefined) return <span>–</span>;
  const since = pausedSince(detail);
  return since === undefined ? <Name text={detail} class="why" /> : (
    <span>
      since <Time at={since} />
    </span>
  );
}

function LastRun({ last }: { readonly last: NonNullable<LoadStatus["last"]> }) {
  return (
    <span class="figures">
      <Badge word={last.state} />
      <span class="number">{counted(last.committed, "row")}</span>
      {last.rejected > 0 && <span class="warn-text">{grouped(last.rejected)} rejected</span>}
      <Time at={last.at} />
    </span>
  );
}

function Begins({ load: { watch, schedule, next } }: { readonly load: LoadStatus }) {
  if (next !== undefined) {
    return (
      <span title={shown(schedule ?? "")}>
        next <Time at={next} />
      </span>
    );
  }
  if (schedule !== undefined) return <Name text={schedule} />;
  return <span>{watch ? "when files change" : "when asked"}</span>;
}
