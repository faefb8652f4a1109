/** `snakepipe doctor`: what a load would need, looked at without changing anything. */
import { type ConfigFile, NO_CONFIG } from "../../../src/config/config_content.ts";
import { counted } from "../../../src/model/counted.ts";
import { LoadError } from "../../../src/model/errors.ts";
import type { Finding } from "../../../src/model/finding.ts";
import { createHost } from "../../host.ts";
import { CONFIG_NAME, enterFolder, loadConfigFile, pluginsOf } from "../config/config_file.ts";
import {
  checked,
  configFindings,
  type Examined,
  loadFindings,
  pluginFindings,
  programFindings,
  targetFindings,
  targetsOf,
  writableFinding,
} from "../doctor.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { type DoctorArguments, readDoctorArguments } from "../options/config_options.ts";
import type { Session } from "../output/output.ts";

/** Runs the command; 1 where a check has failed. @throws {LoadError} `usage` */
export async function doctorCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readDoctorArguments(args);
  const { terminal } = session;
  if (options.help) {
    terminal.text(helpOf("doctor"));
    return 0;
  }
  const findings: Finding[] = [];
  const add = (found: readonly Finding[]) => {
    findings.push(...found);
    if (!session.json) { for (const finding of found) showFinding(finding, session); }
  };
  await examineAll(options, session, add);
  const counts = (["pass", "warn", "fail"] as const).map((status) =>
    findings.filter((finding) => finding.status === status).length
  );
  const [passed = 0, warned = 0, failed = 0] = counts;
  if (session.json) terminal.json({ healthy: failed === 0, passed, warned, failed, findings });
  else {
    terminal.result(
      `${
        counted(findings.length, "check")
      }: ${passed} passed, ${warned} with a warning, ${failed} failed`,
    );
  }
  return failed > 0 ? 1 : 0;
}

async function examineAll(
  options: DoctorArguments,
  session: Session,
  add: (found: readonly Finding[]) => void,
): Promise<void> {
  add(await checked("runtime", programFindings, []));
  const configFile = options.config ?? CONFIG_NAME;
  add(
    await checked("configuration", () => configFindings(configFile, options.plugins), []),
  );
  const config = await readable(options.config);
  session.secrets = config.secrets;
  const { plugins } = await enterFolder(config, { plugins: options.plugins });
  let host;
  try {
    host = await createHost({
      ...await pluginsOf({ ...plugins ? { plugins } : {}, locked: options.locked }, config),
      readOnly: true,
    });
  } catch (error) {
    return add(await checked("plugins", () => Promise.reject(error), session.secrets));
  }
  await using opened = host;
  const examined: Examined = {
    ...{ config, configFile, host: opened, session },
    plugins: plugins ?? config.plugins,
  };
  add(await checked("plugins", () => pluginFindings(examined), session.secrets));
  if (config.audit !== undefined) add([await writableFinding("audit", config.audit)]);
  const targets = targetsOf(config, options.target);
  const looks = [
    ...[...targets].map(([name, target]) =>
      checked(`backends.${name}`, () => targetFindings(name, target, examined), session.secrets)
    ),
    ...options.target === undefined
      ? [...config.loads].map(([name, load]) =>
        checked(`loads.${name}`, () => loadFindings(name, load, examined), session.secrets)
      )
      : [],
  ];
  // Side by side, told in their order.
  for (const look of looks) add(await look);
}

/** The configuration as far as it can be used: what is wrong with it was told. */
async function readable(named: string | undefined): Promise<ConfigFile> {
  try {
    return await loadConfigFile(named);
  } catch (error) {
    if (error instanceof LoadError) return NO_CONFIG;
    throw error;
  }
}

function showFinding({ about, status, message, way }: Finding, { terminal }: Session): void {
  terminal.result(`${status.padEnd(4)}  ${about}: ${message}`);
  if (way !== undefined) terminal.result(`      ${way}`);
}
