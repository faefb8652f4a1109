/** Where things stand in a JSON file that people write, read by a parser that goes on after a mistake. */
import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";

/** A place in a text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a text, whatever it says. */
export interface TextFault extends Place {
  /** Where it stands, as a dotted path; empty where it is no JSON there. */
  readonly path: string;
  readonly message: string;
}

/** A JSON text and where its parts stand. */
export class JsonPlaces {
  readonly #text: string;
  readonly #tree: Node | undefined;
  /** Places at which it is no JSON, and names that an object has twice. */
  readonly faults: readonly TextFault[];

  /** Parses a text. */
  constructor(text: string) {
    const errors: ParseError[] = [];
    this.#text = text;
    this.#tree = parseTree(text, errors, { allowTrailingComma: true });
    this.faults = [
      ...errors.map(({ error, offset }) => ({
        path: "",
        message: wordsOf(printParseErrorCode(error)),
        ...this.#placeOf(offset),
      })),
      ...this.#tree ? this.#twice(this.#tree, []) : [],
    ];
  }

  /** Where a dotted path stands: the name there, or the nearest that there is of what it is in. */
  placeOf(path: string): Place {
    let node = this.#tree;
    let rest = path === "(whole)" ? "" : path;
    while (node && rest !== "") {
      const found = stepInto(node, rest);
      if (!found) break;
      ({ node, rest } = found);
    }
    return this.#placeOf(nameOf(node)?.offset ?? 0);
  }

  #placeOf(offset: number): Place {
    const before = this.#text.slice(0, offset).split("\n");
    return { line: before.length, column: before.at(-1)!.length + 1 };
  }

  #twice(node: Node, path: readonly string[]): TextFault[] {
    const seen = new Set<string>();
    return (node.children ?? []).flatMap((child, i) => {
      if (node.type === "array") return this.#twice(child, [...path, String(i)]);
      const [name, value] = child.children ?? [];
      if (node.type !== "object" || !name) return [];
      const key = String(name.value);
      const inner = value ? this.#twice(value, [...path, key]) : [];
      if (!seen.has(key)) {
        seen.add(key);
        return inner;
      }
      const message = "Stands there twice, and only the last one would count";
      return [{ path: [...path, key].join("."), message, ...this.#placeOf(name.offset) }, ...inner];
    });
  }
}

/** The longest name that a path begins with, since names may have dots in them. */
function stepInto(node: Node, path: string): { node: Node; rest: string } | undefined {
  const names = (node.children ?? []).flatMap((child, i) =>
    node.type === "array" ? [String(i)] : child.children ? [String(child.children[0]!.value)] : []
  );
  const name = names.filter((name) => path === name || path.startsWith(`${name}.`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (name === undefined) return undefined;
  const found = findNodeAtLocation(node, [node.type === "array" ? Number(name) : name]);
  return found && { node: found, rest: path.slice(name.length + 1) };
}

/** The name before a value, which is what people look for. */
function nameOf(node: Node | undefined): Node | undefined {
  return node?.parent?.type === "property" ? node.parent.children?.[0] : node;
}

/** `CommaExpected` in words. */
function wordsOf(code: string): string {
  const words = code.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return `Invalid JSON: ${words}`;
}
