/** The program: finds the command, runs it, and makes an exit status of what it throws. */
import { LoadError, loadErrorOf } from "../../src/model/errors.ts";
import { didYouMean } from "../../src/model/near_word.ts";
import { readArguments, usageError } from "./options/arguments.ts";
import { loadCommand } from "./commands/load.ts";
import { type ExitStatus, statusOf } from "./output/exit_status.ts";
import { COMMANDS } from "./options/command_options.ts";
import { helpOf } from "./options/help.ts";
import { VERSION_OPTIONS } from "./options/option_specs.ts";
import { type Session, showFailure } from "./output/output.ts";
import { Terminal } from "./output/terminal.ts";
import { versionInfo } from "../platform/version.ts";

/** Runs the program with the words behind its name. Never throws; resolves to its exit status. */
export async function main(args: readonly string[]): Promise<ExitStatus> {
  const session: Session = {
    terminal: new Terminal(),
    // Asked before the words are read, so that a fault in them is told as JSON too.
    json: optionsOf(args).includes("--json"),
    secrets: [],
    notes: [],
  };
  try {
    const status = await run(args, session);
    // Whoever reads the report has not got it.
    return status === 0 && session.terminal.outputFailed ? 1 : status;
  } catch (error) {
    const known = loadErrorOf(error);
    showFailure(known, session);
    return session.stopStatus ?? statusOf(known);
  }
}

async function run([command, ...rest]: readonly string[], session: Session): Promise<ExitStatus> {
  const { terminal } = session;
  switch (command) {
    case undefined:
      terminal.text(helpOf(undefined));
      return 2;
    case "load":
      session.command = command;
      return await loadCommand(rest, session);
    case "run": {
      session.command = command;
      const { runCommand } = await import("./commands/run.ts");
      return await runCommand(rest, session);
    }
    case "doctor": {
      session.command = command;
      const { doctorCommand } = await import("./commands/doctor.ts");
      return await doctorCommand(rest, session);
    }
    case "config": {
      session.command = command;
      const { configCommand } = await import("./commands/config.ts");
      return await configCommand(rest, session);
    }
    case "completions": {
      session.command = command;
      const { completionsCommand } = await import("./commands/completions.ts");
      return await completionsCommand(rest, session);
    }
    case "serve": {
      session.command = command;
      const { serveCommand } = await import("./commands/serve.ts");
      return await serveCommand(rest, session);
    }
    case "backends": {
      session.command = command;
      const { backendsCommand } = await import("./commands/backends.ts");
      return await backendsCommand(rest, session);
    }
    case "rejects": {
      session.command = command;
      const { rejectsCommand } = await import("./commands/rejects.ts");
      return await rejectsCommand(rest, session);
    }
    case "new": {
      session.command = command;
      const { newCommand } = await import("./commands/new.ts");
      return await newCommand(rest, session);
    }
    case "build": {
      session.command = command;
      const { buildCommand } = await import("./commands/build.ts");
      return await buildCommand(rest, session);
    }
    case "check": {
      session.command = command;
      const { checkCommand } = await import("./commands/check.ts");
      return await checkCommand(rest, session);
    }
    case "install": {
      session.command = command;
      const { installCommand } = await import("./commands/install.ts");
      return await installCommand(rest, session);
    }
    case "grant":
    case "revoke": {
      session.command = command;
      const { grantsCommand } = await import("./commands/grants.ts");
      return await grantsCommand(command, rest, session);
    }
    case "status": {
      session.command = command;
      const { statusCommand } = await import("./commands/status.ts");
      return await statusCommand(rest, session);
    }
    case "loads": {
      session.command = command;
      const { loadsCommand } = await import("./commands/loads.ts");
      return await loadsCommand(rest, session);
    }
    case "audit": {
      session.command = command;
      const { auditCommand } = await import("./commands/audit.ts");
      return await auditCommand(rest, session);
    }
    case "help":
    case "--help":
    case "-h":
      terminal.text(helpOf(knownCommand(rest[0])));
      return 0;
    case "version":
    case "--version":
    case "-V":
      return showVersion(command, rest, session);
    default:
      throw unknown(command);
  }
}

/** As a command it has a help of its own, like the others. */
function showVersion(command: string, args: readonly string[], session: Session): ExitStatus {
  const { options, words } = readArguments(args, VERSION_OPTIONS);
  if (words.length > 0) throw usageError([{ path: command, message: "Takes options only" }]);
  const info = versionInfo();
  session.terminal.result(
    options["--help"]
      ? helpOf("version")
      : session.json
      ? JSON.stringify(info)
      : `snakepipe ${info.version} (deno ${info.deno}, v8 ${info.v8}, ${info.target})`,
  );
  return 0;
}

function knownCommand(word: string | undefined): string | undefined {
  if (word === undefined || COMMANDS.some((known) => known === word)) return word;
  throw unknown(word);
}

function unknown(word: string): LoadError {
  const shown = word.split("=")[0]!;
  // Anything longer is no mistyped command, and may be a URL with a password.
  const what = /^[\w-]{1,30}$/.test(shown) ? `: ${shown}` : "";
  const message = word.startsWith("-")
    ? `Unknown option before the command${what}; the command comes first, as in snakepipe load`
    : `Unknown command${what}${
      didYouMean(shown, COMMANDS) || `; there are ${COMMANDS.join(", ")}`
    }`;
  return new LoadError(message, { code: "usage", blame: "config" });
}

function optionsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf("--");
  return end < 0 ? args : args.slice(0, end);
}
