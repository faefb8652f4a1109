/** What became of what was asked for, and events as they happen: shown, and said by screen readers. */
import { useEffect, useRef, useState } from "preact/hooks";
import { counted } from "../../src/model/counted.ts";
import { shownLines } from "./format.ts";
import type { PageState } from "./page_state.ts";

/** Events are said no more often than that: many at once are counted. */
const SAID_EVERY_MS = 4_000;

/** Outcomes, and events for screen readers. */
export function News({ page }: { readonly page: PageState }) {
  const { operator } = page;
  const { outcome } = operator;
  return (
    <>
      <div class="news" role="status">
        {outcome && (
          <p class={`outcome ${outcome.tone}`}>
            <span aria-hidden="true">{outcome.tone === "good" ? "✓" : "✕"}</span>{" "}
            <span>{shownLines(outcome.text)}</span>
            <button type="button" aria-label="Dismiss" onClick={() => operator.dismiss()}>×</button>
          </p>
        )}
      </div>
      <SaidEvents page={page} />
    </>
  );
}

function SaidEvents({ page: { known: { events } } }: { readonly page: PageState }) {
  const [said, setSaid] = useState("");
  const told = useRef<number | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const newest = useRef(events.at(-1));
  newest.current = events.at(-1);
  useEffect(() => {
    const number = newest.current?.number ?? 0;
    // What was there when the page was opened is no news.
    told.current ??= number;
    if (number <= told.current || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      const { number, text } = newest.current!;
      const more = number - told.current! - 1;
      told.current = number;
      setSaid(text + (more > 0 ? `, and ${counted(more, "event")} before` : ""));
    }, SAID_EVERY_MS);
  }, [newest.current?.number]);
  return <div class="hidden" aria-live="polite">{shownLines(said)}</div>;
}
