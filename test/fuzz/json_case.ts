/**
 * One text before the strict reader of JSON. It refuses, or returns what everybody else reads: and then
 * there is no key twice, none that prototypes answer to, no text that is none, and no great depth.
 */
import { LIMITS } from "../../src/model/limits.ts";
import { parseStrictJson, StrictJsonError } from "../../host/plugins/sandbox/strict_json.ts";
import type { Random } from "../crash/random.ts";
import type { CaseReport } from "./case_report.ts";
import { anyJson } from "./json_mutation.ts";

/** For texts of some ten thousand letters. */
const READ_MS_MAX = 50;
const SECOND_LOOKS = 4;
const PROTOTYPE_KEYS: readonly string[] = ["__proto__", "constructor", "prototype"];

/** One text before the strict reader of JSON. */
export function jsonCase(random: Random): CaseReport {
  const { text, honest } = anyJson(random);
  const findings: string[] = [];
  const tookMs = timed(text);
  let outcome = "JSON, read";
  try {
    const value = parseStrictJson(text);
    if (JSON.stringify(value) !== JSON.stringify(JSON.parse(text))) {
      findings.push("it is read otherwise than JSON.parse reads it");
    }
    findings.push(...faultsOf(text, value));
  } catch (error) {
    outcome = "JSON, refused";
    if (!(error instanceof StrictJsonError)) {
      findings.push(`threw ${(error as Error)?.stack ?? error}`);
    } else if (honest) findings.push(`refused what is in order: ${error.message}`);
  }
  if (tookMs > READ_MS_MAX) {
    findings.push(`took ${tookMs.toFixed(0)} ms for ${text.length} letters`);
  }
  return { outcome, findings, slowestMs: tookMs, shown: () => JSON.stringify(text) };
}

function timed(text: string): number {
  let took = Infinity;
  for (let looks = 0; looks < SECOND_LOOKS && took > READ_MS_MAX; looks++) {
    const began = performance.now();
    try {
      parseStrictJson(text);
    } catch {
      // Looked at later.
    }
    took = Math.min(took, performance.now() - began);
  }
  return took;
}

/** Counts by itself what the reader is to have refused. */
function faultsOf(text: string, value: unknown): string[] {
  const findings: string[] = [];
  let keys = 0;
  const visit = (inner: unknown, depth: number): void => {
    if (typeof inner === "string" && (!inner.isWellFormed() || inner.includes("\0"))) {
      findings.push("it has a text that none should have");
    }
    if (typeof inner !== "object" || inner === null) return;
    if (depth >= LIMITS.manifestDepthMax) findings.push("it is nested too deep");
    for (const [key, item] of Object.entries(inner)) {
      if (!Array.isArray(inner)) {
        keys++;
        visit(key, depth);
        if (PROTOTYPE_KEYS.includes(key)) findings.push(`it has the key ${key}`);
      }
      visit(item, depth + 1);
    }
  };
  visit(value, 0);
  // Each key has its colon: where there are fewer keys, one stood there twice.
  const { colons, escaped } = colonsOf(text);
  if (escaped > 0) findings.push(`it has ${escaped} keys that are written with escapes`);
  if (colons !== keys) findings.push(`it has ${colons} colons and ${keys} keys`);
  return findings;
}

/** Colons of JSON that stand outside of texts, and behind how many of them a key has escapes. */
function colonsOf(text: string): { readonly colons: number; readonly escaped: number } {
  let [colons, escaped] = [0, 0];
  let inText = false;
  let escapes = false;
  for (let at = 0; at < text.length; at++) {
    if (inText && text[at] === "\\") {
      at++;
      escapes = true;
    } else if (text[at] === '"') {
      inText = !inText;
      if (inText) escapes = false;
    } else if (!inText && text[at] === ":") {
      colons++;
      if (escapes) escaped++;
    }
  }
  return { colons, escaped };
}
