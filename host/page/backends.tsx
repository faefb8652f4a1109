/** The backends, with their health. */
import type { BackendStatus } from "../api/status_schema.ts";
import { grouped } from "../../src/model/counted.ts";
import { duration, shown, shownLines } from "./format.ts";
import { PastLoads } from "./past_loads.tsx";
import { Events } from "./events.tsx";
import type { PageState } from "./page_state.ts";
import {
  Badge,
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
import { type Column, Table } from "./table.tsx";

const COLUMNS: readonly Column<BackendStatus>[] = [
  { head: "Backend", cell: ({ name }) => <ViewLink view="backend" name={name} /> },
  { head: "State", cell: ({ state }) => <Badge word={state} /> },
  { head: "Health", cell: (backend) => <Health backend={backend} /> },
  { head: "Breaker", cell: ({ breaker }) => breaker ? <Badge word={breaker.state} /> : "–" },
  {
    head: "Connections",
    cell: ({ writers }) => writers ? <span class="number">{inUseText(writers)}</span> : "–",
  },
  {
    head: "Plugin",
    cell: ({ plugin, type }) =>
      plugin ? <PluginName of={plugin} /> : <Name text={type ?? "none"} />,
  },
];

/** All backends. */
export function Backends({ page }: { readonly page: PageState }) {
  return (
    <Section id="backends" title="Backends">
      <Table
        caption="Backends"
        rows={page.known.status?.backends ?? []}
        columns={COLUMNS}
        keyOf={({ name }) => name}
        textOf={({ name, state, type, endpoint, lastError, health }) =>
          [name, state, type, endpoint, health?.status, lastError?.message].join(" ")}
        groupOf={({ state, health }) =>
          state === "up" && health && health.status !== "healthy" ? health.status : state}
        empty={
          <>
            No backend is configured: name one in <code>backends</code>{" "}
            of the configuration, and it appears here.
          </>
        }
      />
    </Section>
  );
}

function Health({ backend: { state, health, lastError } }: { readonly backend: BackendStatus }) {
  if (state === "down" && lastError) return <Name text={lastError.message} class="why" />;
  if (!health) return <>–</>;
  return (
    <span class="figures">
      <Badge word={health.status} />
      <span class="number">{duration(health.latencyMs)}</span>
    </span>
  );
}

function inUseText({ inUse, max }: NonNullable<BackendStatus["writers"]>): string {
  return `${grouped(inUse)} of ${grouped(max)} in use`;
}

type Pool = BackendStatus["pools"][number];

const POOL_COLUMNS: readonly Column<Pool>[] = [
  { head: "Endpoint", cell: ({ endpoint }) => <Name text={endpoint} /> },
  { head: "For", cell: ({ role }) => ROLES[role] ?? <Name text={role} /> },
  { head: "Open", isNumber: true, cell: ({ open }) => <Count of={open} /> },
  { head: "In use", isNumber: true, cell: ({ leased }) => <Count of={leased} /> },
];

const ROLES: Readonly<Record<string, string>> = {
  control: "questions",
  lane: "batches",
  small_lane: "batches of small loads",
};

/** One backend in every detail. */
export function BackendView({ page, name }: { readonly page: PageState; readonly name: string }) {
  const backend = page.known.status?.backends.find((one) => one.name === name);
  if (!backend) {
    return (
      <Section id="backend" title={shown(name)}>
        <p class="empty">There is no backend of that name. It may have left the configuration.</p>
      </Section>
    );
  }
  const { state, type, endpoint, plugin, health, breaker, writers, pools, lastError } = backend;
  return (
    <>
      <Section id="backend" title={shown(name)} note={<Badge word={state} />}>
        {lastError && (
          <p class={state === "down" ? "detail failed" : "detail"}>
            {state === "down" ? "" : "Until "}
            <Time at={lastError.at} />
            {": "}
            {shownLines(lastError.message)}
          </p>
        )}
        <Facts>
          <Fact name="Endpoint">{endpoint && <Name text={endpoint} />}</Fact>
          <Fact name="Type">{type && <Name text={type} />}</Fact>
          <Fact name="Plugin">
            {plugin && (
              <>
                <PluginName of={plugin} /> <Hash of={plugin.sha256} />
              </>
            )}
          </Fact>
          <Fact name="Health">
            {health && (
              <>
                <Badge word={health.status} /> {health.detail && shownLines(health.detail)}
              </>
            )}
          </Fact>
          <Fact name="Latency">{health && duration(health.latencyMs)}</Fact>
          <Fact name="Checked">{health && <Time at={health.checkedAt} />}</Fact>
          <Fact name="Circuit breaker">
            {breaker && (
              <>
                <Badge word={breaker.state} /> {breaker.detail && shownLines(breaker.detail)}
              </>
            )}
          </Fact>
          <Fact name="Connections">
            {writers && inUseText(writers)}
          </Fact>
        </Facts>
      </Section>
      <Section id="pools" title="Pools of connections">
        <Table
          caption="Pools"
          rows={pools}
          columns={POOL_COLUMNS}
          keyOf={({ endpoint, role }) => `${role} ${endpoint}`}
          empty="No connection is open, or the database keeps them itself."
        />
      </Section>
      <PastLoads page={page} backend={name} />
      <Events page={page} about={{ backend: name }} />
    </>
  );
}
