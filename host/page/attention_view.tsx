/** What somebody should look at, before all else. */
import { useState } from "preact/hooks";
import { concernsOf } from "./attention.ts";
import { grouped } from "../../src/model/counted.ts";
import { shown, shownLines } from "./format.ts";
import type { PageState } from "./page_state.ts";
import { Section } from "./parts.tsx";

/** How many are shown at first, and at most. */
const [FIRST, MOST] = [6, 200];

/** What somebody should look at; that there is nothing is said as well. */
export function Attention({ page: { known: { status } } }: { readonly page: PageState }) {
  const [isAll, setAll] = useState(false);
  const concerns = status ? concernsOf(status) : [];
  if (concerns.length === 0) {
    return (
      <Section id="attention" title="Needs attention">
        <p class="well">
          <span aria-hidden="true">✓</span> Nothing does.
        </p>
      </Section>
    );
  }
  const most = Math.min(concerns.length, MOST);
  return (
    <Section
      id="attention"
      title="Needs attention"
      note={<span class="soft">{grouped(concerns.length)}</span>}
    >
      <ul class="concerns">
        {concerns.slice(0, isAll ? most : FIRST).map(({ tone, what, why, href }) => (
          <li key={what + why} class={tone}>
            <span class="sign" aria-hidden="true">{tone === "bad" ? "✕" : "!"}</span>
            <div>
              <strong>{href === undefined ? shown(what) : <a href={href}>{shown(what)}</a>}</strong>
              <p>{shownLines(why)}</p>
            </div>
          </li>
        ))}
      </ul>
      {most > FIRST && (
        <button type="button" onClick={() => setAll(!isAll)}>
          {isAll ? "Show fewer" : `Show ${grouped(most - FIRST)} more`}
        </button>
      )}
    </Section>
  );
}
