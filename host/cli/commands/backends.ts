/** `snakepipe backends`: what is there, from which file, with which authority and health. */
import { basename, dirname, relative } from "@std/path";
import type { BackendInfo, HealthStatus } from "../../../src/model/backend.ts";
import type { ConfigFile } from "../../../src/config/config_content.ts";
import type { ConfigField } from "../../../src/model/config_schema.ts";
import { defined } from "../../../src/model/defined.ts";
import { LoadError, messageOf } from "../../../src/model/errors.ts";
import { counted } from "../../../src/model/counted.ts";
import { createHost, type Host } from "../../host.ts";
import { type KeptCheck, readChecks } from "../../plugins/store/kept_checks.ts";
import { loadConfigFile, pluginsOf } from "../config/config_file.ts";
import { wordLines } from "../output/check_lines.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readBackendsArguments } from "../options/plugin_options.ts";
import { HASH_DIGITS, type Session } from "../output/output.ts";
import { redact } from "../output/redact.ts";
import { tableLines, wrappedLines } from "../output/text_table.ts";
import { openTarget } from "../config/target.ts";

/** A backend of the configuration, and its health where it was asked for. */
interface Configured {
  readonly name: string;
  readonly type: string;
  readonly endpoint?: string;
  readonly health?: HealthStatus;
}

/** Runs the command; 1 where a backend was checked and is not healthy. @throws {LoadError} */
export async function backendsCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readBackendsArguments(args);
  const { terminal } = session;
  if (options.help) {
    terminal.text(helpOf("backends"));
    return 0;
  }
  const config = await loadConfigFile(options.config);
  session.secrets = config.secrets;
  await using host = await createHost(await pluginsOf(options, config));
  const backends = host.discoverAvailableBackends();
  const configured = await configuredBackends(host, config, options.check);
  const checks = await checksOf(backends, session);
  const told = backends.map((info) => ({ ...info, checks: checks.get(info) ?? [] }));
  if (session.json) terminal.json({ backends: told, configured });
  else for (const line of listing(told, configured, terminal.width)) terminal.result(line);
  return configured.some(({ health }) => health?.status === "unhealthy") ? 1 : 0;
}

/** What is claimed of the plugins' files as they are. A claim that cannot be read is told, and holds nobody up. */
async function checksOf(
  backends: readonly BackendInfo[],
  { terminal }: Session,
): Promise<ReadonlyMap<BackendInfo, readonly KeptCheck[]>> {
  const checks = new Map<BackendInfo, readonly KeptCheck[]>();
  const folders = new Map<string, ReturnType<typeof readChecks>>();
  const told = new Set<string>();
  for (const info of backends) {
    if (!info.plugin) continue;
    const { file, sha256 } = info.plugin;
    const folder = dirname(file);
    try {
      if (!folders.has(folder)) folders.set(folder, readChecks(folder));
      checks.set(info, (await folders.get(folder)!)(basename(file), sha256));
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      if (!told.has(folder)) terminal.complain(error.message);
      told.add(folder);
    }
  }
  return checks;
}

async function configuredBackends(
  host: Host,
  config: ConfigFile,
  check: boolean,
): Promise<Configured[]> {
  const named = [...config.backends].map(([name, backend]) => ({ name, backend }));
  return await Promise.all(named.map(async ({ name, backend }) => {
    const { type } = backend;
    if (!check) return { name, type };
    try {
      const opened = await openTarget(host, { kind: "named", name, backend }, { set: {} });
      const { endpoint } = opened;
      return { name, type, ...defined({ endpoint }), health: await opened.healthCheck() };
    } catch (error) {
      const detail = redact(messageOf(error), { secrets: config.secrets, everywhere: false });
      return {
        name,
        type,
        health: { status: "unhealthy", latencyMs: 0, checkedAt: Date.now(), detail },
      };
    }
  }));
}

/** A backend, and what is claimed of it. */
type Told = BackendInfo & { readonly checks: readonly KeptCheck[] };

function listing(
  backends: readonly Told[],
  configured: readonly Configured[],
  width: number,
): string[] {
  const isOut = ({ status }: BackendInfo) => status === "refused" || status === "quarantined";
  const there = backends.filter((info) => !isOut(info));
  const refused = backends.filter(isOut);
  return [
    ...(there.length > 0 ? tableLines([HEAD, ...there.map(row)]) : ["There are no backends"]),
    ...there.flatMap((info) => [...settingLines(info, width), ...checkLines(info)]),
    ...there.flatMap(askedLines),
    ...refused.flatMap(refusedLines),
    ...configuredLines(configured),
  ];
}

const HEAD = ["TYPE", "VERSION", "STATUS", "SCHEMES", "MODES", "IMPORTS", "SHA256", "FILE"];

function row(info: BackendInfo): string[] {
  const { plugin } = info;
  return [
    info.type,
    info.version,
    info.status,
    info.schemes.join(" ") || "-",
    info.capabilities.modes.join(" "),
    plugin ? String(plugin.imports.length) : "-",
    plugin ? plugin.sha256.slice(0, HASH_DIGITS) : "-",
    plugin ? shortPath(plugin.file) : "(built in)",
  ];
}

/** The path from here, where that is the shorter one. */
function shortPath(file: string): string {
  const path = relative(Deno.cwd(), file);
  return path.length < file.length ? path : file;
}

function settingLines({ type, configSchema }: BackendInfo, width: number): string[] {
  const required = configSchema.required ?? [];
  const words = Object.entries(configSchema.properties)
    .map(([name, field]) => settingWord(name, field, required.includes(name)));
  if (words.length === 0) return [];
  return ["", `Settings of ${type}:`, ...wrappedLines(words, { indent: "  ", width })];
}

function askedLines({ type, plugin }: BackendInfo): string[] {
  const words = plugin?.words ?? [];
  if (words.length === 0) return [];
  return ["", `Words of SQL that ${type} asks for:`, ...wordLines(words)];
}

function checkLines({ type, checks }: Told): string[] {
  return checks.map(({ database, on, differs }) => {
    const but = differs > 0 ? `, with ${counted(differs, "known difference")}` : "";
    return `${type} was checked against ${database} on ${on}${but}`;
  });
}

function settingWord(name: string, field: ConfigField, required: boolean): string {
  const secret = field.type === "string" && field.writeOnly === true;
  const marks = [...(required ? ["required"] : []), ...(secret ? ["secret"] : [])];
  const preset = field.default === undefined ? "" : `=${field.default}`;
  return name + preset + (marks.length > 0 ? ` (${marks.join("; ")})` : "");
}

function refusedLines({ type, status, plugin, reason }: BackendInfo): string[] {
  const lines = (reason ?? "").split("\n");
  return [
    "",
    `${status === "refused" ? "Refused" : "Quarantined"}: ${
      plugin ? shortPath(plugin.file) : type
    }`,
    ...lines.map((line) => `  ${line}`),
  ];
}

function configuredLines(configured: readonly Configured[]): string[] {
  if (configured.length === 0) return [];
  const rows = configured.map(({ name, type, endpoint, health }) => [
    name,
    type,
    health?.status ?? "not checked",
    health === undefined || health.status === "unhealthy"
      ? "-"
      : `${health.latencyMs.toFixed(1)}ms`,
    health?.breaker?.state ?? "-",
    endpoint ?? "-",
  ]);
  const details = configured.flatMap(({ name, health }) => {
    const detail = health?.detail ?? health?.breaker?.detail;
    return detail === undefined ? [] : ["", ...`${name}: ${detail}`.split("\n")];
  });
  return [
    "",
    ...tableLines([["NAME", "TYPE", "HEALTH", "LATENCY", "BREAKER", "ENDPOINT"], ...rows]),
    ...details,
  ];
}
