/**
 * Both plugins of this repository with fuel and without: whatever they are asked, they say the same.
 * Seeds count up from the one that is printed with a difference, one for each question.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { LoadError } from "../../../../src/model/errors.ts";
import { NO_GRANTS } from "../../../../src/plan_policy/grant.ts";
import type { CallInput } from "../../../../host/plugins/sandbox/call.ts";
import { admitPlugin, type Plugin } from "../../../../host/plugins/sandbox/plugin.ts";
import { Sandbox } from "../../../../host/plugins/sandbox/sandbox.ts";
import { vetModule } from "../../../../host/plugins/sandbox/vet.ts";
import { buildPlugins } from "../../../../tools/build_plugins.ts";
import { unmeteredModule } from "../../../support/unmetered_module.ts";
import { ALL_FAMILIES } from "../../../families/families.ts";
import { Random } from "../../codec/differential_random.ts";
import { randomSettings, randomShape } from "./random_shape.ts";

const DIST = fromFileUrl(new URL("../../../../plugins/dist", import.meta.url));
/** Shapes that each plugin plans for. */
const SHAPES = 4_000;
/** Of every so many shapes, one is followed by all other questions. */
const OTHERS_EVERY = 10;
/** Questions to one instance: plugins free nothing, and their memory is bounded where fuel is. */
const QUESTIONS_MAX = 5;
const CODES = [
  ...ALL_FAMILIES.flatMap(({ errorCodes }) => errorCodes),
  ...["", "größe", "S".repeat(1_000)],
];

for (const { name } of await buildPlugins()) {
  Deno.test(`metered, plugin ${name} plans ${SHAPES} shapes as it does without fuel`, async () => {
    const bytes = await Deno.readFile(join(DIST, `${name}.wasm`));
    const plugin = await admitPlugin(bytes, { file: name, grants: NO_GRANTS });
    const { module, imports } = vetModule(bytes, NO_GRANTS, name);
    const unmetered = await WebAssembly.compile(unmeteredModule(bytes));
    const metered = new Asked(() => Sandbox.open(module, { name, imports }));
    const original = new Asked(() => Sandbox.open(unmetered, { name, imports }));
    const first = crypto.getRandomValues(new Uint32Array(1))[0]!;
    for (let number = 0; number < SHAPES; number++) {
      const seed = (first + number) % 2 ** 32;
      for (const question of questions(new Random(seed), plugin, number)) {
        const expected = await original.ask(question);
        const actual = await metered.ask(question);
        // Texts compare in no time; only for people they are taken apart.
        if (actual === expected) continue;
        assertEquals(JSON.parse(actual), JSON.parse(expected), `seed ${seed}`);
      }
    }
    // Few shapes are refused, and those are: both ways were gone.
    assert(metered.answers > 0.8 * SHAPES, `${metered.answers} answers, seed ${first}`);
    assert(metered.refusals > 0.01 * SHAPES, `${metered.refusals} refusals, seed ${first}`);
  });
}

/** One thing that a plugin is asked. */
interface Question {
  readonly input: CallInput;
  readonly bytes?: Uint8Array;
}

function questions(r: Random, plugin: Plugin, number: number): Question[] {
  const settings = randomSettings(r, plugin.manifest.config);
  const shape = randomShape(r, number);
  const plan: Question = { input: { phase: "write_batch", settings, shape } };
  if (number % OTHERS_EVERY !== 0) return [plan];
  const text = r.pick(["1", "2", "", '"', "ü\n€", r.letters('a"\\{}', r.below(1_000))]);
  const judged = JSON.stringify({ latencyMs: r.small(2_000_000), text });
  return [
    plan,
    { input: { phase: "connect", settings } },
    { input: { phase: "health_check", settings } },
    { input: { phase: "health_check", settings }, bytes: new TextEncoder().encode(judged) },
    { input: { phase: "health_check", settings }, bytes: r.bytes(r.below(100)) },
    { input: { phase: "classify_error", settings, errorCode: r.pick(CODES) } },
    { input: { phase: "manifest", settings } },
  ];
}

/** A plugin in one instance after the other: one that has failed, or was asked enough, is let go of. */
class Asked {
  readonly #open: () => Promise<Sandbox>;
  #sandbox: Sandbox | undefined;
  answers = 0;
  refusals = 0;

  constructor(open: () => Promise<Sandbox>) {
    this.#open = open;
  }

  /** Everything that came of a question, as text. */
  async ask({ input, bytes }: Question): Promise<string> {
    const asked = this.answers + this.refusals;
    if (!this.#sandbox?.usable || asked % QUESTIONS_MAX === 0) {
      await this.#sandbox?.close();
      this.#sandbox = await this.#open();
    }
    try {
      const { draft, output } = await this.#sandbox.call(input, bytes);
      this.answers++;
      return JSON.stringify({ draft, output });
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      this.refusals++;
      const { code, message } = error;
      return JSON.stringify({ code, message });
    }
  }
}
