/**
 * Rules for parse trees, as PostgreSQL's parser gives them in JSON. Whatever a rule does not name is
 * denied: a kind of node, a field, a value. So a syntax that we have never met is refused, whatever it
 * means.
 */

/** Says why a part of a tree is denied; undefined where it may stand. */
export type Rule = (value: unknown) => string | undefined;

/** Fields of a node, and what each of them may hold. Those that are left out are denied. */
export type Fields = Readonly<Record<string, Rule>>;

/** A place in the text, and what says no more than the text does. */
export const anything: Rule = () => undefined;

/** One of these values. */
export function oneOf(...values: readonly unknown[]): Rule {
  return (value) => values.includes(value) ? undefined : `${shown(value)} where it may not stand`;
}

/** These fields and no others, of which those that are required must be there. */
export function fields(known: Fields, required: readonly string[] = []): Rule {
  return (value) => {
    if (!isObject(value)) return `${shown(value)} where a node belongs`;
    for (const [name, part] of Object.entries(value)) {
      const rule = Object.hasOwn(known, name) ? known[name] : undefined;
      const why = rule ? rule(part) : `${name} where it may not stand`;
      if (why !== undefined) return why;
    }
    const missing = required.find((name) => !Object.hasOwn(value, name));
    return missing === undefined ? undefined : `no ${missing}`;
  };
}

/** A node of one of these kinds: an object with the kind as its one name. */
export function node(kinds: Fields): Rule {
  return (value) => {
    const [kind, ...others] = isObject(value) ? Object.keys(value) : [];
    if (kind === undefined || others.length > 0) return `${shown(value)} where a node belongs`;
    if (!Object.hasOwn(kinds, kind)) return `a ${kind} where it may not stand`;
    return kinds[kind]!((value as Record<string, unknown>)[kind]);
  };
}

/** Any number of the same, but not none. */
export function list(rule: Rule): Rule {
  return (value) => {
    if (!Array.isArray(value) || value.length === 0) return `${shown(value)} where a list belongs`;
    for (const item of value) {
      const why = rule(item);
      if (why !== undefined) return why;
    }
    return undefined;
  };
}

/** These, one after the other, and no more. */
export function sequence(rules: readonly Rule[]): Rule {
  return (value) => {
    if (!Array.isArray(value)) return `${shown(value)} where a list belongs`;
    if (value.length !== rules.length) return `${value.length} where ${rules.length} belong`;
    for (const [i, rule] of rules.entries()) {
      const why = rule(value[i]);
      if (why !== undefined) return why;
    }
    return undefined;
  };
}

/** Whatever one of them lets stand. */
export function either(...rules: readonly Rule[]): Rule {
  return (value) => {
    let why: string | undefined;
    for (const rule of rules) {
      why = rule(value);
      if (why === undefined) return undefined;
    }
    return why;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "nothing").slice(0, 100);
}
