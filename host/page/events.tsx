/** What has happened lately. */
import type { ProgramEvent } from "../api/answer_schema.ts";
import { shownLines } from "./format.ts";
import type { PageState } from "./page_state.ts";
import { Name, Section, Time, ViewLink } from "./parts.tsx";
import { type Column, Table } from "./table.tsx";

const COLUMNS: readonly Column<ProgramEvent>[] = [
  { head: "When", cell: ({ at }) => <Time at={at} /> },
  { head: "What", cell: ({ text }) => <span class="event">{shownLines(text)}</span> },
  { head: "About", cell: (event) => <About event={event} /> },
];

/** Events, the newest first: all of them, or those about a load or a backend. */
export function Events({ page, about }: {
  readonly page: PageState;
  readonly about?: { readonly load: string } | { readonly backend: string };
}) {
  const isAbout = (event: ProgramEvent) =>
    !about || ("load" in about ? event.load === about.load : event.backend === about.backend);
  return (
    <Section id="events" title="Events">
      <Table
        caption="Events"
        pageRows={12}
        rows={page.known.events.filter(isAbout).reverse()}
        columns={COLUMNS}
        keyOf={({ number }) => String(number)}
        textOf={({ kind, text, load, backend, plugin }) =>
          [kind, text, load, backend, plugin].join(" ")}
        groupOf={({ kind }) => kind}
        empty="Nothing has happened yet. What happens appears here as it does."
      />
    </Section>
  );
}

function About({ event: { kind, load, backend, plugin } }: { readonly event: ProgramEvent }) {
  if (load !== undefined) return <ViewLink view="load" name={load} />;
  if (backend !== undefined) return <ViewLink view="backend" name={backend} />;
  return <Name text={plugin ?? kind} />;
}
