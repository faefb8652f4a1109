/** Small parts that all views are made of. */
import type { ComponentChildren } from "preact";
import { grouped } from "../../src/model/counted.ts";
import { bytes, localTime, shown, utcTime } from "./format.ts";
import { hrefOf } from "./route.ts";

/** How something is. */
export type Tone = "good" | "busy" | "warn" | "bad" | "idle";

/** Said without colour too. */
const SIGNS: Readonly<Record<Tone, string>> = {
  good: "✓",
  busy: "▸",
  warn: "!",
  bad: "✕",
  idle: "·",
};

const TONES: Readonly<Record<string, Tone>> = {
  ...{ up: "good", healthy: "good", available: "good", complete: "good", closed: "good" },
  ...{ running: "busy", queued: "busy", connecting: "busy", serving: "good" },
  ...{ retrying: "warn", degraded: "warn", half_open: "warn", paused: "warn", draining: "warn" },
  ...{ failed: "bad", down: "bad", unhealthy: "bad", open: "bad", refused: "bad" },
  ...{ quarantined: "bad", cancelled: "warn", lost: "bad" },
};

/** A state in a word, with its colour and its sign. */
export function Badge({ word, text = word }: { readonly word: string; readonly text?: string }) {
  const tone = TONES[word] ?? "idle";
  return (
    <span class={`badge ${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {text.replaceAll("_", " ")}
    </span>
  );
}

/** A text of strangers: one line that turns nothing around, cut where there is no room. */
export function Name({ text, class: className = "", title }: {
  readonly text: string;
  readonly class?: string;
  /** What is said of it where the pointer rests; the text itself where it is long, by default. */
  readonly title?: string;
}) {
  // A message of ours may have lines; here there is one.
  const safe = shown(text.replaceAll(/\n\s*/g, " "));
  const about = title === undefined ? (safe.length > 24 ? safe : undefined) : shown(title);
  return <bdi class={`name ${className}`} title={about}>{safe}</bdi>;
}

/** A load's or a backend's name, which leads to its own view. */
export function ViewLink({ view, name }: {
  readonly view: "load" | "backend";
  readonly name: string;
}) {
  return (
    <a href={hrefOf(view, name)}>
      <Name text={name} />
    </a>
  );
}

/** A plugin and its version, as a manifest names them. */
export function PluginName({ of: { name, version } }: {
  readonly of: { readonly name: string; readonly version: string };
}) {
  return <Name text={`${name} ${version}`} />;
}

/** A moment: local, with UTC in its title. */
export function Time({ at }: { readonly at: string | number }) {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return <Name text={String(at)} />;
  return (
    <time datetime={date.toISOString()} title={utcTime(date)}>{localTime(date, new Date())}</time>
  );
}

/** An exact number. */
export function Count({ of }: { readonly of: number }) {
  return <span class="number">{grouped(of)}</span>;
}

/** Bytes, with the exact number in the title. */
export function Bytes({ of }: { readonly of: number }) {
  return <span class="number" title={`${grouped(of)} bytes`}>{bytes(of)}</span>;
}

/** A hash, of which the beginning is enough for people. */
export function Hash({ of }: { readonly of: string }) {
  const safe = shown(of);
  return <code title={safe}>{safe.slice(0, 12)}</code>;
}

/** A part of the page with a heading. */
export function Section({ id, title, note, children }: {
  readonly id: string;
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <div class="section-head">
        <h2 id={`${id}-title`} tabIndex={-1}>{title}</h2>
        {note}
      </div>
      {children}
    </section>
  );
}

/** Names and what belongs to them. */
export function Facts({ children }: { readonly children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>;
}

/** One of them; nothing where it is not known. */
export function Fact({ name, children }: {
  readonly name: string;
  readonly children: ComponentChildren;
}) {
  if (children === undefined || children === false) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
