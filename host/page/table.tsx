/** A table with a filter and pages: as usable with ten thousand rows as with ten. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { grouped } from "../../src/model/counted.ts";

/** One column. */
export interface Column<Row> {
  readonly head: string;
  /** Whether it has numbers, which stand below each other. */
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

/** What is in a table, and what it is called. */
export interface TableProps<Row> {
  /** Such as `Loads`. */
  readonly caption: string;
  readonly rows: readonly Row[];
  /** The first names the row. */
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  /** What the filter looks in; without, there is none. */
  readonly textOf?: (row: Row) => string;
  /** By which word rows can be chosen, such as their state. */
  readonly groupOf?: (row: Row) => string;
  /** Rows of a page; 25 by default. */
  readonly pageRows?: number;
  /** What is said where there are no rows. */
  readonly empty: ComponentChildren;
}

const PAGE_ROWS = 25;
/** Fewer are looked through at a glance. */
const FILTERED_FROM = 8;

/** A table, as many rows of it as fit on a page. */
export function Table<Row>(props: TableProps<Row>) {
  const { caption, rows, columns, keyOf, textOf, groupOf, pageRows = PAGE_ROWS, empty } = props;
  const [filter, setFilter] = useState("");
  const [group, setGroup] = useState("");
  const [page, setPage] = useState(0);
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const matching = rows.filter((row) => {
    if (group !== "" && groupOf?.(row) !== group) return false;
    if (words.length === 0 || !textOf) return true;
    const text = textOf(row).toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const pages = Math.max(1, Math.ceil(matching.length / pageRows));
  // Rows may have gone meanwhile.
  const at = Math.min(page, pages - 1);
  const visible = matching.slice(at * pageRows, (at + 1) * pageRows);
  const isFiltered = rows.length >= FILTERED_FROM || filter !== "" || group !== "";
  return (
    <div class="table">
      {isFiltered && (
        <div class="filters">
          {textOf && (
            <label>
              Filter {caption.toLowerCase()}
              <input
                type="search"
                value={filter}
                onInput={({ currentTarget }) => {
                  setFilter(currentTarget.value);
                  setPage(0);
                }}
              />
            </label>
          )}
          {groupOf && (
            <Groups
              groups={rows.map(groupOf)}
              group={group}
              onChoose={(chosen) => {
                setGroup(chosen);
                setPage(0);
              }}
            />
          )}
        </div>
      )}
      {visible.length === 0
        ? <p class="empty">Nothing matches the filter.</p>
        : <Rows {...{ caption, columns, keyOf }} rows={visible} />}
      {pages > 1 && (
        <Pages
          what={caption.toLowerCase()}
          shown={`${grouped(at * pageRows + 1)}–${grouped(at * pageRows + visible.length)} of ${
            grouped(matching.length)
          }`}
          onEarlier={at > 0 ? () => setPage(at - 1) : undefined}
          onLater={at < pages - 1 ? () => setPage(at + 1) : undefined}
        />
      )}
    </div>
  );
}

/** The rows alone. Roles are said, since a phone shows rows as cards, which have none by themselves. */
export function Rows<Row>({ caption, columns, keyOf, rows }: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly rows: readonly Row[];
}) {
  return (
    <table role="table">
      <caption class="hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, isNumber }) => (
            <th key={head} role="columnheader" scope="col" class={isNumber ? "number" : ""}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row">
            {columns.map(({ head, isNumber, cell }, i) =>
              i === 0
                ? <th key={head} role="rowheader" scope="row">{cell(row)}</th>
                : (
                  <td key={head} role="cell" data-head={head} class={isNumber ? "number" : ""}>
                    {cell(row)}
                  </td>
                )
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Which part of the rows is shown, and the way to the others. */
export function Pages({ what, shown, onEarlier, onLater }: {
  readonly what: string;
  readonly shown: string;
  readonly onEarlier: (() => void) | undefined;
  readonly onLater: (() => void) | undefined;
}) {
  return (
    <nav class="pages" aria-label={`Pages of ${what}`}>
      <button type="button" aria-disabled={!onEarlier} onClick={onEarlier}>Previous</button>
      <span>{shown}</span>
      <button type="button" aria-disabled={!onLater} onClick={onLater}>Next</button>
    </nav>
  );
}

function Groups({ groups, group, onChoose }: {
  readonly groups: readonly string[];
  readonly group: string;
  readonly onChoose: (group: string) => void;
}) {
  const counts = new Map<string, number>();
  for (const one of groups) counts.set(one, (counts.get(one) ?? 0) + 1);
  // What was chosen stays to be chosen, though there is none of it now.
  if (group !== "" && !counts.has(group)) counts.set(group, 0);
  return (
    <label>
      Show
      <select value={group} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        <option value="">all ({grouped(groups.length)})</option>
        {[...counts].map(([word, count]) => (
          <option key={word} value={word}>{word.replaceAll("_", " ")} ({grouped(count)})</option>
        ))}
      </select>
    </label>
  );
}
