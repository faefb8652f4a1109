/** `snakepipe audit verify`: whether an audit log is as it was written. */
import { counted } from "../../../src/model/counted.ts";
import { defined } from "../../../src/model/defined.ts";
import { type AuditVerdict, verifyAudit } from "../../observe/verify_audit.ts";
import type { ExitStatus } from "../output/exit_status.ts";
import { helpOf } from "../options/help.ts";
import { readAuditArguments } from "../options/observe_options.ts";
import type { Session } from "../output/output.ts";

/** Runs the command; 1 where anything is wrong. @throws {LoadError} where there is nothing to read */
export async function auditCommand(
  args: readonly string[],
  session: Session,
): Promise<ExitStatus> {
  const options = readAuditArguments(args);
  const { terminal } = session;
  if (options.help) {
    terminal.text(helpOf("audit"));
    return 0;
  }
  const { file, head } = options;
  const verdict = await verifyAudit(file, defined({ head }));
  if (session.json) terminal.json({ file, ...verdict });
  else for (const line of verdictLines(file, verdict)) terminal.result(line);
  return verdict.state === "broken" ? 1 : 0;
}

function verdictLines(file: string, verdict: AuditVerdict): string[] {
  const { state, records, unchained, cutOff, problems, head } = verdict;
  const found: Readonly<Record<AuditVerdict["state"], string>> = {
    intact: `${counted(records, "record")} of the chain, all as they were written`,
    unchained: "there is no chain in it, so that nothing can be said of what stands there",
    broken: `it is not as it was written: ${counted(problems.length, "fault")}`,
  };
  return [
    `${file}: ${found[state]}`,
    ...(unchained > 0 && state !== "unchained"
      ? [`Unchained: ${counted(unchained, "line")} at the start, from before there was a chain`]
      : []),
    ...cutOff.map((line) => `Line ${line}: cut off: a program was ended as it wrote it`),
    ...problems.map(({ line, kind, message }) => `Line ${line}: ${kind}: ${message}`),
    ...(head ? [`Head: ${head.hash}, number ${head.number}`] : []),
  ];
}
