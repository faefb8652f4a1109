/**
 * The first mistakes that authors of plugins make: each is mended by what the message says, and by nothing
 * else. What is changed is read from the message, put in, and asked again.
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { loadDriver } from "../../../../host/drivers/load_driver.ts";
import { Planner } from "../../../../host/plugins/planner.ts";
import { admitPlugin } from "../../../../host/plugins/sandbox/plugin.ts";
import type { WriteMode } from "../../../../src/model/batch.ts";
import { LoadError } from "../../../../src/model/errors.ts";
import { NO_GRANTS } from "../../../../src/plan_policy/grant.ts";
import { HONEST, planningPlugin } from "../../../attack/statement_attack.ts";
import { shapeOf } from "../../../attack/verifier_alone.ts";
import type { AttackPlan } from "../../../families/plan_family.ts";
import { PLAN_FAMILIES } from "../../../families/plan_families.ts";
import { MANIFEST, samplePlugin } from "../../../support/wasm_text.ts";
import { proposedIn } from "./proposed.ts";

/** What a plugin is refused for as it is let in and asked for a plan; undefined where it plans. */
async function refusalOf(
  bytes: Uint8Array,
  mode: WriteMode = "append",
): Promise<string | undefined> {
  try {
    const plugin = await admitPlugin(bytes, { file: "first.wasm", grants: NO_GRANTS });
    const driver = await loadDriver(plugin.manifest.driver);
    const planner = await Planner.open(plugin, { settings: {}, driver });
    try {
      await planner.plan(shapeOf({ mode }));
      return undefined;
    } finally {
      await planner.close();
    }
  } catch (error) {
    if (error instanceof LoadError) return error.message;
    throw error;
  }
}

for (const family of PLAN_FAMILIES.keys()) {
  const honest = HONEST[family]!;

  /** The message on a plan that is wrong; and that the plan is right once it says what was proposed. */
  const mended = async (
    mode: WriteMode,
    wrong: AttackPlan,
    mend: (message: string) => AttackPlan,
  ): Promise<string> => {
    const message = await refusalOf(planningPlugin({ family, mode, plan: wrong }), mode);
    if (message === undefined) throw new Error("It is let through");
    const plan = mend(message);
    assertEquals(await refusalOf(planningPlugin({ family, mode, plan }), mode), undefined, message);
    return message;
  };

  Deno.test(`first mistake: ${family}: a misspelt slot`, async () => {
    const { write } = honest.append;
    const message = await mended(
      "append",
      { write: { insert: write!.insert.replace("{columns}", "{colums}") } },
      (message) => {
        const [, wrong, right] = /unknown slot (\{\w+\}), did you mean (\{\w+\})\?/.exec(message)!;
        return {
          write: { insert: write!.insert.replace("{columns}", wrong!).replace(wrong!, right!) },
        };
      },
    );
    assertStringIncludes(message, "^^^^^^^^");
  });

  Deno.test(`first mistake: ${family}: a wrong type word`, async () => {
    const [create = ""] = honest.append.create ?? [];
    const wrong = create.replace(/\{col:0\} (\w)(\w)(\w+)/, "{col:0} $1$3$2");
    assert(wrong !== create);
    const message = await mended("append", { create: [wrong] }, (message) => ({
      create: [proposedIn(message)!],
    }));
    assertStringIncludes(message, ", did you mean ");
    assertStringIncludes(message, "%type is:");
  });

  Deno.test(`first mistake: ${family}: a statement that is wrong in two words`, async () => {
    const [phase, statements] = honest.upsert.stage
      ? ["stage", honest.upsert.stage] as const
      : ["create", honest.upsert.create ?? []] as const;
    const last = statements.length - 1;
    const wrong = statements.with(
      last,
      statements[last]!.replace("CREATE", "MAKE").replace(/ (TEMP )?TABLE/, " TBL"),
    );
    assert(wrong[last] !== statements[last]);
    const message = await mended("upsert", { [phase]: wrong }, (message) => ({
      [phase]: statements.with(last, proposedIn(message)!),
    }));
    assertStringIncludes(message, "^^^^ ^^^\n");
  });

  Deno.test(`first mistake: ${family}: a plan that loses rows`, async () => {
    // Of a replace that empties the target, and fills it with nothing.
    const [empty = "", ...fill] = honest.replace.finish ?? [];
    assertEquals(fill.length, 1);
    const message = await mended("replace", { finish: [empty] }, (message) => ({
      finish: [empty, proposedIn(message)!],
    }));
    assertStringIncludes(message, "Add it:");
    // And of an append that takes some of the rows.
    const insert = `${honest.append.write!.insert} ON CONFLICT DO NOTHING`;
    const lost = await mended("append", { write: { insert } }, (message) => ({
      write: { insert: proposedIn(message)! },
    }));
    assertStringIncludes(lost, "^^");
  });
}

Deno.test("first mistake: a missing export", async () => {
  const bytes = samplePlugin({
    exports: { write_bacth: "(i32.const 0)" },
    without: ["write_batch"],
  });
  const message = await refusalOf(bytes);
  const [, missing, found] = /export (\w+): missing, though there is "(\w+)"/.exec(message!)!;
  assertEquals([missing, found], ["write_batch", "write_bacth"]);
  for (const compiler of ["AssemblyScript", "clang", "rustc"]) {
    assertStringIncludes(message!, `${compiler}: `);
  }
  const whole = samplePlugin({ exports: { [missing!]: "(i32.const 0)" } });
  assertStringIncludes(await refusalOf(whole) ?? "", "sql_insert was not called");
});

Deno.test("first mistake: a manifest that is wrong in many places has all of them, with what came", async () => {
  const error: LoadError = await assertRejects(
    () =>
      admitPlugin(
        samplePlugin({
          manifest: {
            ...MANIFEST,
            name: "My DB",
            version: "1",
            schemes: ["mydb://", 3],
            config: {
              type: "object",
              properties: {
                Size: { type: "integer", description: "x" },
                rows: { type: "integer", description: "x", default: 0, minimum: 1 },
              },
              required: [],
            },
            capabilities: { modes: ["upsret"], limits: { parametersMax: "9", rowsMax: 1 } },
          },
        }),
        { file: "m.wasm", grants: NO_GRANTS },
      ),
    LoadError,
  );
  assertEquals(error.code, "plugin_manifest");
  assertEquals(
    Object.fromEntries(error.issues.map(({ path, message }) => [path, message])),
    {
      name: "Expected lower-case letters, digits, - or _, at most 63, the first a letter " +
        'but received "My DB"',
      version: 'Expected a version such as 1.2.3 but received "1"',
      "schemes.0": "Expected a URL scheme such as mydb, without ://, in small letters " +
        'but received "mydb://"',
      "schemes.1": "Expected a string but received 3",
      "config.properties.Size":
        `a setting's name is camelCase, letters and digits, at most 64: "Size" is not`,
      "config.properties.rows":
        "its own default does not fit it: Expected at least 1 but received 0",
      "capabilities.modes.0": 'Expected one of append, upsert, replace but received "upsret"',
      "capabilities.transactions": "Missing, expected true or false",
      "capabilities.limits.parametersMax": 'Expected a number but received "9"',
      "capabilities.limits.rowsPerStatementMax": "Missing, expected a number",
      "capabilities.limits.identifierBytesMax": "Missing, expected a number",
      "capabilities.limits.rowsMax": "Unknown name, known are parametersMax, " +
        "rowsPerStatementMax, identifierBytesMax",
    },
  );
});
