/** Which part of the page is looked at: what stands behind the `#` of its address. */

/** What is looked at. */
export type Route =
  | { readonly view: "overview" }
  | { readonly view: "load"; readonly name: string }
  | { readonly view: "backend"; readonly name: string };

/** Reads what stands behind the `#`; what is no address of ours is the overview. */
export function readRoute(hash: string): Route {
  const [, view, written] = /^#\/(load|backend)\/(.+)$/s.exec(hash) ?? [];
  if (view === undefined || written === undefined) return { view: "overview" };
  try {
    return { view: view as "load" | "backend", name: decodeURIComponent(written) };
  } catch {
    return { view: "overview" };
  }
}

/** The address of a load's or a backend's own view. */
export function hrefOf(view: "load" | "backend", name: string): string {
  return `#/${view}/${encodeURIComponent(name)}`;
}
