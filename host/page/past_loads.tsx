/** Loads that a database has seen, from its ledgers: page by page, since there may be thousands. */
import { useEffect, useState } from "preact/hooks";
import type { PastLoads as Answer } from "../api/answer_schema.ts";
import { grouped } from "../../src/model/counted.ts";
import { duration, shown, shownLines } from "./format.ts";
import type { PageState } from "./page_state.ts";
import { Badge, Count, Name, PluginName, Section, Time } from "./parts.tsx";
import { get, whyNot } from "./requests.ts";
import { type Column, Pages, Rows } from "./table.tsx";

type PastLoad = Answer["loads"][number];

const PAGE_LOADS = 50;

const COLUMNS: readonly Column<PastLoad>[] = [
  { head: "Began", cell: ({ startedAt }) => <Time at={startedAt} /> },
  { head: "State", cell: ({ state }) => <Badge word={state} /> },
  {
    head: "Table",
    cell: ({ schema, table }) => (
      <Name
        text={schema === undefined ? table : `${schema}.${table}`}
      />
    ),
  },
  { head: "Source", cell: ({ source }) => <Name text={source} /> },
  { head: "Mode", cell: ({ mode }) => mode },
  { head: "Committed", isNumber: true, cell: ({ committed }) => <Count of={committed} /> },
  { head: "Rejected", isNumber: true, cell: ({ rejected }) => <Count of={rejected} /> },
  { head: "Batches", isNumber: true, cell: ({ batches }) => <Count of={batches} /> },
  {
    head: "Took",
    isNumber: true,
    cell: ({ startedAt, finishedAt }) =>
      finishedAt === undefined
        ? "–"
        : duration(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt))),
  },
  { head: "Plugin", cell: ({ plugin }) => <PluginName of={plugin} /> },
];

/** What is asked; an empty table is any. */
interface Question {
  readonly backend: string;
  readonly table: string;
}

/** Where each page up to this one begins: the first at the newest load. */
type Starts = readonly (string | undefined)[];

/** Loads that a backend's database has seen: of the backend that is named, else of one that is chosen. */
export function PastLoads({ page, backend }: {
  readonly page: PageState;
  readonly backend?: string;
}) {
  const names = page.known.status?.backends.map(({ name }) => name) ?? [];
  const [chosen, setChosen] = useState("");
  const [table, setTable] = useState("");
  const [question, setQuestion] = useState<Question>();
  const from = backend ?? (names.includes(chosen) ? chosen : names[0] ?? "");
  const ask = () => setQuestion({ backend: from, table: table.trim() });
  // Who looks at a backend wants to see what it has seen.
  useEffect(() => backend === undefined ? setQuestion(undefined) : ask(), [backend]);
  return (
    <Section id="history" title="Past loads">
      {names.length === 0
        ? <p class="empty">There is no backend whose ledger could be asked.</p>
        : (
          <form
            class="filters"
            onSubmit={(event) => {
              event.preventDefault();
              ask();
            }}
          >
            {backend === undefined && (
              <label>
                Backend
                <select
                  value={from}
                  onChange={({ currentTarget }) => setChosen(currentTarget.value)}
                >
                  {names.map((name) => <option key={name} value={name}>{shown(name)}</option>)}
                </select>
              </label>
            )}
            <label>
              Table
              <input
                type="search"
                value={table}
                placeholder="any"
                onInput={({ currentTarget }) => setTable(currentTarget.value)}
              />
            </label>
            <button type="submit">Show</button>
          </form>
        )}
      {question
        ? <Answers key={JSON.stringify([question.backend, question.table])} question={question} />
        : names.length > 0 && (
          <p class="empty">The ledgers in a database know each load that was made into it.</p>
        )}
    </Section>
  );
}

function Answers({ question }: { readonly question: Question }) {
  const [asked, setAsked] = useState<Starts>([undefined]);
  /** The page that came last: until another has come, it is shown as what it is. */
  const [came, setCame] = useState<{ readonly starts: Starts; readonly answer: Answer | string }>();
  useEffect(() => {
    let isWanted = true;
    void answerTo(question, asked.at(-1)).then((answer) =>
      isWanted && setCame({ starts: asked, answer })
    );
    return () => void (isWanted = false);
  }, [asked, question]);
  if (!came) return <p class="empty" role="status">Asking the ledger…</p>;
  const { starts, answer } = came;
  if (typeof answer === "string") {
    return <p class="detail failed" role="alert">{shownLines(answer)}</p>;
  }
  const { loads, more, next } = answer;
  if (loads.length === 0 && starts.length === 1) {
    return (
      <p class="empty">
        {question.table === ""
          ? "No load was made into this database yet."
          : "No load was made into that table."}
      </p>
    );
  }
  const first = (starts.length - 1) * PAGE_LOADS + 1;
  return (
    <>
      <Rows
        caption={`Past loads of ${shown(question.backend)}`}
        columns={COLUMNS}
        rows={loads}
        keyOf={({ id }) => id}
      />
      {(more || starts.length > 1) && (
        <Pages
          what="past loads"
          shown={`${grouped(first)}–${grouped(first + loads.length - 1)}${
            more ? ", and older ones" : ""
          }`}
          onEarlier={starts.length > 1 ? () => setAsked(starts.slice(0, -1)) : undefined}
          onLater={next === undefined ? undefined : () => setAsked([...starts, next])}
        />
      )}
    </>
  );
}

/** A page of them, from the newest load on or from a later start; a sentence where there is none. */
async function answerTo(
  { backend, table }: Question,
  before: string | undefined,
): Promise<Answer | string> {
  const parameters = new URLSearchParams({ limit: String(PAGE_LOADS) });
  if (table !== "") parameters.set("table", table);
  if (before !== undefined) parameters.set("before", before);
  try {
    return await get<Answer>(`backends/${encodeURIComponent(backend)}/loads?${parameters}`);
  } catch (error) {
    return whyNot(error);
  }
}
