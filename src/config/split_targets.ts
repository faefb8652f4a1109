/** Several targets that stand in one text, with a comma between them. */
import { schemeOf } from "../model/url_scheme.ts";
import { isObject } from "./references.ts";

/** By what a target is known that stands behind a comma. */
export interface KnownTargets {
  /** Schemes of URLs, in lower case; one that is not known is taken for one where `//` is behind it. */
  readonly schemes?: readonly string[];
  /** Names of the configuration's backends. */
  readonly names?: readonly string[];
}

const NAME = /^[\w-]+$/;
/** The URL of a file: no host's name stands in it behind a comma. */
const PATH = /^[a-z][a-z0-9+.-]+:(?!\/\/)/i;
/** Behind a host's name: nothing of it is a target. */
const PORT = /^[0-9]{1,5}(?:$|[/?])/;

/**
 * The targets of a text. A comma ends one where a URL or the name of a backend is behind it, and always
 * behind a name; behind a path, also where a plain word is behind it, which may be the name of none. Any
 * other comma is a part of a URL: of its hosts, of a password, of a path.
 */
export function splitTargets(
  text: string,
  { schemes = [], names = [] }: KnownTargets = {},
): string[] {
  const [first = "", ...pieces] = text.split(",");
  const targets = [first.trim()];
  for (const piece of pieces) {
    const written = piece.trim();
    const before = targets.at(-1)!;
    const isName = names.includes(written) || (NAME.test(written) && PATH.test(before));
    if (isName || NAME.test(before) || isUrl(written, schemes)) {
      targets.push(written);
    } else targets[targets.length - 1] = `${before},${piece}`;
  }
  return targets.length === 1 ? [text] : targets;
}

/**
 * A configuration, as it was parsed, in which the `to` of each load that is a text of several targets is
 * a list of them: as `--to` is read.
 */
export function withTargetsApart(
  file: Readonly<Record<string, unknown>>,
  schemes: readonly string[],
): Record<string, unknown> {
  if (!isObject(file.loads)) return { ...file };
  const names = isObject(file.backends) ? Object.keys(file.backends) : [];
  return {
    ...file,
    loads: Object.fromEntries(
      Object.entries(file.loads).map(([name, load]) => {
        if (!isObject(load) || typeof load.to !== "string") return [name, load];
        const targets = splitTargets(load.to, { schemes, names });
        return [name, targets.length === 1 ? load : { ...load, to: targets }];
      }),
    ),
  };
}

function isUrl(text: string, schemes: readonly string[]): boolean {
  const scheme = schemeOf(text);
  if (scheme === undefined) return false;
  const rest = text.slice(scheme.length + 1);
  return rest.startsWith("//") || (schemes.includes(scheme) && !PORT.test(rest));
}
