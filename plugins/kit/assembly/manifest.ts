// The manifest, written as the JSON that the host reads. What it must look like, field by field,
// stands in plugins/README.md.

import { answer } from "./entry";
import { decimal, quote } from "./json";
import { Mode } from "./plan";

const ABI_VERSION: i32 = 2;

/** What a plugin says of itself. Unless it says otherwise, backend and driver are called as it is. */
export class Manifest {
  private backendType: string;
  private driverFamily: string;
  private schemeNames: string[] = [];
  private properties: string[] = [];
  private requiredNames: string[] = [];
  private modeNames: string[] = [];
  private typeWords: string[] = [];
  private optionWords: string[] = [];
  private settingWords: string[] = [];
  private hasTransactions: bool = true;
  private parametersMax: i32 = 1;
  private rowsPerStatementMax: i32 = 1;
  private identifierBytesMax: i32 = 1;

  constructor(readonly name: string, readonly version: string) {
    this.backendType = name;
    this.driverFamily = name;
  }

  /** The backend type that it serves, as in `createBackend(type, …)`. */
  backend(type: string): this {
    this.backendType = type;
    return this;
  }

  /** The driver family of the host that it plans for. */
  driver(family: string): this {
    this.driverFamily = family;
    return this;
  }

  /** A URL scheme that it answers to; at least one. */
  scheme(name: string): this {
    this.schemeNames.push(name);
    return this;
  }

  /** A mode that it can plan; at least one. */
  mode(mode: Mode): this {
    this.modeNames.push(mode == Mode.Append ? "append" : mode == Mode.Upsert ? "upsert" : "replace");
    return this;
  }

  /** Whether the database writes a batch whole or not at all; true unless it is said. */
  transactions(has: bool): this {
    this.hasTransactions = has;
    return this;
  }

  /** Bound parameters and rows in one statement, and bytes of an identifier. */
  limits(parameters: i32, rowsPerStatement: i32, identifierBytes: i32): this {
    this.parametersMax = parameters;
    this.rowsPerStatementMax = rowsPerStatement;
    this.identifierBytesMax = identifierBytes;
    return this;
  }

  /** A setting that takes one of several words. */
  choice(name: string, description: string, words: string[], fallback: string): this {
    return this.setting(name, "string", description, quote(fallback), ',"enum":' + texts(words));
  }

  /** A setting that takes a text; without a fallback it must be given. */
  text(name: string, description: string, fallback: string | null = null): this {
    return this.setting(name, "string", description, fallback === null ? "" : quote(fallback), "");
  }

  /** A setting that takes an integer within bounds. */
  integer(name: string, description: string, fallback: i64, least: i64, most: i64): this {
    const bounds = ',"minimum":' + decimal(least) + ',"maximum":' + decimal(most);
    return this.setting(name, "integer", description, decimal(fallback), bounds);
  }

  /** A setting that is on or off. */
  flag(name: string, description: string, fallback: bool): this {
    return this.setting(name, "boolean", description, truth(fallback), "");
  }

  /**
   * A type that its driver's recipes do not have, as in `vector(#16000)`: `#16000` is a number up to that.
   * The operator grants it by its name, as `type:vector`.
   */
  sqlType(word: string): this {
    this.typeWords.push(word);
    return this;
  }

  /** An option of a table that a load creates, as in `unlogged`; granted as `option:unlogged`. */
  tableOption(word: string): this {
    this.optionWords.push(word);
    return this;
  }

  /** A setting of a session, as in `statement_timeout = #1000-600000`; granted as `setting:statement_timeout`. */
  sessionSetting(word: string): this {
    this.settingWords.push(word);
    return this;
  }

  /** The setting by which `checkHealth` tells a slow database from a healthy one. */
  degradedAfter(milliseconds: i64): this {
    return this.integer(
      "degradedAfterMs",
      "Milliseconds of a health probe's round trip beyond which the backend is degraded",
      milliseconds,
      1,
      600000,
    );
  }

  /** The manifest as JSON. */
  json(): string {
    return '{"abi":' + decimal(ABI_VERSION) +
      ',"name":' + quote(this.name) +
      ',"version":' + quote(this.version) +
      ',"backend":' + quote(this.backendType) +
      ',"driver":' + quote(this.driverFamily) +
      ',"schemes":' + texts(this.schemeNames) +
      ',"config":{"type":"object","properties":{' + this.properties.join(",") +
      '},"required":' + texts(this.requiredNames) +
      '},"capabilities":{"modes":' + texts(this.modeNames) +
      ',"transactions":' + truth(this.hasTransactions) +
      ',"limits":{"parametersMax":' + decimal(this.parametersMax) +
      ',"rowsPerStatementMax":' + decimal(this.rowsPerStatementMax) +
      ',"identifierBytesMax":' + decimal(this.identifierBytesMax) + "}}" + this.words() + "}";
  }

  /** What it asks for; a host that knows no words reads the manifest of a plugin without any. */
  private words(): string {
    const kinds: string[] = [];
    if (this.typeWords.length > 0) kinds.push('"types":' + texts(this.typeWords));
    if (this.optionWords.length > 0) kinds.push('"options":' + texts(this.optionWords));
    if (this.settingWords.length > 0) kinds.push('"settings":' + texts(this.settingWords));
    return kinds.length > 0 ? ',"words":{' + kinds.join(",") + "}" : "";
  }

  /** `byDefault` and `more` are JSON; without a default the setting must be given. */
  private setting(name: string, type: string, description: string, byDefault: string, more: string): this {
    const required = byDefault.length == 0;
    if (required) this.requiredNames.push(name);
    this.properties.push(
      quote(name) + ':{"type":' + quote(type) + ',"description":' + quote(description) +
        (required ? "" : ',"default":' + byDefault) + more + "}",
    );
    return this;
  }
}

/** Hands the manifest to the host. Return what it returns from `manifest`. */
export function describe(manifest: Manifest): i32 {
  return answer(manifest.json());
}

function texts(all: string[]): string {
  return "[" + all.map<string>((text) => quote(text)).join(",") + "]";
}

function truth(value: bool): string {
  return value ? "true" : "false";
}
