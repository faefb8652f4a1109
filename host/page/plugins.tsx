/** The plugins, with what was granted to them. */
import { useRef } from "preact/hooks";
import type * as v from "valibot";
import type { PlacedSchema } from "../api/answer_schema.ts";
import type { PluginStatus } from "../api/status_schema.ts";
import { Action } from "./action.tsx";
import { shown } from "./format.ts";
import { canOperate, needsToken, type PageState } from "./page_state.ts";
import { Badge, Hash, Name, Section } from "./parts.tsx";
import { change } from "./requests.ts";
import { type Column, Table } from "./table.tsx";

type Placed = v.InferOutput<typeof PlacedSchema>;

/** All plugins. */
export function Plugins({ page }: { readonly page: PageState }) {
  const { status } = page.known;
  const columns: readonly Column<PluginStatus>[] = [
    { head: "Plugin", cell: ({ type }) => <Name text={type} /> },
    { head: "Version", cell: ({ version }) => <Name text={version === "" ? "–" : version} /> },
    {
      head: "Status",
      cell: ({ status, reason }) => (
        <span class="figures">
          <Badge word={status} />
          {reason !== undefined && <Name text={reason} class="why" />}
        </span>
      ),
    },
    {
      head: "Granted",
      cell: ({ grants }) => grants.length > 0 ? <Name text={grants.join(", ")} /> : "nothing",
    },
    {
      head: "File",
      cell: ({ file, sha256 }) => (
        <span class="figures">
          {file !== undefined && <Name text={baseName(file)} title={file} />}
          {sha256 !== undefined && <Hash of={sha256} />}
        </span>
      ),
    },
    ...(canOperate(page)
      ? [{
        head: "Actions",
        cell: (plugin: PluginStatus) => <PluginActions {...{ page, plugin }} />,
      }]
      : []),
  ];
  return (
    <Section id="plugins" title="Plugins" note={status?.uploads && <Upload page={page} />}>
      <Table
        caption="Plugins"
        rows={status?.plugins ?? []}
        columns={columns}
        keyOf={({ type, version, file, sha256 }) => [type, version, file, sha256].join(" ")}
        textOf={({ type, version, status, reason, file, grants }) =>
          [type, version, status, reason, file, ...grants].join(" ")}
        groupOf={({ status }) => status}
        empty={
          <>
            There is no plugin: put a <code>.wasm</code> file into the folder of plugins.
          </>
        }
      />
    </Section>
  );
}

function baseName(file: string): string {
  return file.split(/[/\\]/).at(-1)!;
}

function PluginActions({ page, plugin: { type, status, file } }: {
  readonly page: PageState;
  readonly plugin: PluginStatus;
}) {
  const name = file === undefined ? undefined : baseName(file);
  const object = `plugin ${shown(type)}`;
  return (
    <span class="actions">
      {status === "quarantined" && (
        <Action
          {...{ page, object }}
          label="Release"
          done={`Plugin ${shown(type)} is used again.`}
          call={() => change("POST", `plugins/${encodeURIComponent(type)}/release`)}
        />
      )}
      {page.known.status?.uploads && name !== undefined && (
        <Action
          {...{ page }}
          label="Remove"
          object={`plugin ${shown(name)}`}
          confirm={`Remove ${
            shown(name)
          }? Loads that run with it end as they began; no other begins with it.`}
          done={`${shown(name)} is removed.`}
          call={() => change("DELETE", `plugins/${encodeURIComponent(name)}`)}
        />
      )}
    </span>
  );
}

/** What became of an upload; what it asks for and was not granted, the operator grants by hand. */
function placedText({ file, state, type, version, asks }: Placed): string {
  const wants = asks.length === 0
    ? ""
    : ` It asks for ${asks.join(", ")}, which is not granted: snakepipe grant ${file}`;
  return `${file} is ${state}: it makes ${type} ${version}.${wants}`;
}

function Upload({ page }: { readonly page: PageState }) {
  const input = useRef<HTMLInputElement>(null);
  const { operator, watcher, isOld } = page;
  const send = async () => {
    const file = input.current?.files?.[0];
    if (!file) return;
    const { name } = file;
    await operator.change(`Upload plugin ${shown(name)}`, {
      done: placedText,
      needsToken: needsToken(page),
      call: () => change<Placed>("PUT", `plugins/${encodeURIComponent(name)}`, file),
    });
    // The same file can be chosen again.
    if (input.current) input.current.value = "";
    watcher.now();
  };
  return (
    <label class="upload">
      Upload a plugin
      <input ref={input} type="file" accept=".wasm" disabled={isOld} onChange={send} />
    </label>
  );
}
