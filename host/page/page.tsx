/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The page of a program that runs: what it is made of, and when it is drawn anew. */
import { render } from "preact";
import { App } from "./app.tsx";
import type { ProgramStatus } from "../api/status_schema.ts";
import { concernsOf } from "./attention.ts";
import { shown } from "./format.ts";
import { Operator } from "./operator.ts";
import { onlyLoad } from "./page_state.ts";
import { readRoute, type Route } from "./route.ts";
import { Watcher } from "./watcher.ts";

const root = document.getElementById("page")!;
const watcher = new Watcher(() => {
  look();
  draw();
});
const operator = new Operator(draw);
let route = readRoute(location.hash);
let isDue = false;

/** Draws once for all that changes within a frame. */
function draw(): void {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    const page = { watcher, operator, known: watcher.known, isOld: watcher.isOld };
    const focused = document.activeElement;
    const section = focused?.closest("section")?.id;
    render(<App page={page} route={route} />, root);
    // A button that has done what it was there for has gone: the keyboard goes on where it was.
    if (section !== undefined && focused?.isConnected === false) {
      document.querySelector<HTMLElement>(`#${section} h2`)?.focus();
    }
    document.title = titleOf(route, watcher.known.status);
  });
}

/** What a tab among many is called: that something needs attention is seen there too. */
function titleOf(route: Route, status: ProgramStatus | undefined): string {
  const concerns = status ? concernsOf(status).filter(({ tone }) => tone === "bad").length : 0;
  const of = route.view === "overview" ? "" : `${shown(route.name)} – `;
  return `${concerns > 0 ? `(${concerns}) ` : ""}${of}snakepipe`;
}

function look(): void {
  watcher.look(route.view === "load" ? route.name : onlyLoad(watcher.known.status)?.name);
}

/** A link to a part of the overview is none to another view. */
function onLink(): void {
  const { hash } = location;
  const before: Route = route;
  route = readRoute(hash);
  look();
  draw();
  if (JSON.stringify(before) === JSON.stringify(route)) return;
  // Once it is drawn, the keyboard goes on at its beginning.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      scrollTo(0, 0);
      document.querySelector<HTMLElement>("main h2")?.focus();
    })
  );
}

addEventListener("hashchange", onLink);
look();
draw();
watcher.start();
