/**
 * Words of SQL that a plugin asks for in its manifest, beside those of its driver's recipes: types,
 * options of a table, settings of a session. Each is written as recipes are, see
 * `plan_policy/statement_pattern.ts`, and is there for the plugin once the operator has granted it.
 */
import * as v from "valibot";

/** A kind of words. */
export type WordKind = "type" | "option" | "setting";

/** The name by which a word is granted, as in `type:vector`. */
export type WordGrant = `${WordKind}:${string}`;

/** What a manifest asks for; none of a kind that is left out. */
export interface ManifestWords {
  /** Types, as in `vector(#16000)` or `geometry(point, #999999)`. */
  readonly types?: readonly string[];
  /** Options of a table that a load creates, as in `unlogged` or `diststyle <all | even>`. */
  readonly options?: readonly string[];
  /** Settings of a session, as in `statement_timeout = #1000-600000`. */
  readonly settings?: readonly string[];
}

/** One word that a manifest asks for. */
export interface AskedWord {
  /** What it is a word for. */
  readonly kind: WordKind;
  /** In small letters, as it is granted. */
  readonly name: string;
  /** What stands behind the name, as a pattern; empty where nothing does. */
  readonly rest: string;
}

/** Words of one kind. */
const WORDS_MAX = 32;
const WORD_LENGTH_MAX = 200;
const NAME = "[a-z][a-z0-9_]{0,62}";
const NUMBER = "#(?:[0-9]{1,9}-)?[0-9]{1,9}";
const CHOICE = `< ?${NAME}(?: ?\\| ?${NAME}){0,31} ?>`;
const VALUE = `(?:${NAME}|${NUMBER}|${CHOICE})`;
const TYPE = new RegExp(`^${NAME}(?: ?\\( ?${VALUE}(?: ?, ?${VALUE}){0,3} ?\\))?$`);
const OPTION = new RegExp(`^${NAME}(?: (?:${VALUE}|=|\\( ?\\{keys\\} ?\\))){0,7}$`);
const SETTING = new RegExp(`^${NAME} = ${VALUE}$`);
/** The name of a grant of a word. */
const GRANT = new RegExp(`^(?:type|option|setting):${NAME}$`);

function words(form: RegExp, expected: string) {
  const word = v.pipe(
    v.string(),
    v.maxLength(WORD_LENGTH_MAX),
    v.regex(form, `Expected ${expected}, in small letters`),
    v.check(
      (text) =>
        [...text.matchAll(/#([0-9]+)-([0-9]+)/g)].every(([, a, b]) => Number(a) <= Number(b)),
      "Expected bounds of which the first is the smaller one",
    ),
  );
  return v.exactOptional(v.pipe(v.array(word), v.maxLength(WORDS_MAX), v.readonly()));
}

/** What the words of a manifest must be; see {@linkcode ManifestWords}. */
export const ManifestWordsSchema: v.GenericSchema<unknown, ManifestWords> = v.strictObject({
  types: words(TYPE, "a type such as vector(#16000)"),
  options: words(OPTION, "an option of a table such as diststyle <all | even>"),
  settings: words(SETTING, "a setting such as statement_timeout = #1000-600000"),
});

/** Every word that a manifest asks for, in its order. */
export function askedWords(asked: ManifestWords | undefined): readonly AskedWord[] {
  const of = (kind: WordKind, texts: readonly string[] = []) =>
    texts.map((text) => {
      const [, name = "", rest = ""] = /^([a-z0-9_]+)(.*)$/.exec(text) ?? [];
      return { kind, name, rest: rest.trim() };
    });
  return [
    ...of("type", asked?.types),
    ...of("option", asked?.options),
    ...of("setting", asked?.settings),
  ];
}

/** The name by which a word is granted. */
export function grantOf({ kind, name }: Pick<AskedWord, "kind" | "name">): WordGrant {
  return `${kind}:${name}`;
}

/** Whether a text has the form of the name of such a grant. */
export function isWordGrant(text: string): text is WordGrant {
  return GRANT.test(text);
}
