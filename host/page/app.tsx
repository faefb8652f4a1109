/** The whole page: what needs attention first, then loads, backends, plugins, events, past loads. */
import type { ProgramStatus } from "../api/status_schema.ts";
import { concernsOf } from "./attention.ts";
import { Attention } from "./attention_view.tsx";
import { Backends, BackendView } from "./backends.tsx";
import { Banner } from "./banner.tsx";
import { Events } from "./events.tsx";
import { counted, grouped } from "../../src/model/counted.ts";
import { shown } from "./format.ts";
import { LoadView } from "./load.tsx";
import { Loads } from "./loads.tsx";
import { News } from "./news.tsx";
import { canOperate, onlyLoad, type PageState } from "./page_state.ts";
import { Badge, Name, Time } from "./parts.tsx";
import { PastLoads } from "./past_loads.tsx";
import { Plugins } from "./plugins.tsx";
import { token } from "./requests.ts";
import type { Route } from "./route.ts";
import { TokenDialog } from "./token_dialog.tsx";

/** The whole page. */
export function App({ page, route }: { readonly page: PageState; readonly route: Route }) {
  const { known: { status, hasEnded }, operator, isOld } = page;
  return (
    <>
      <a class="skip" href="#main" onClick={toMain}>To the content</a>
      <Header {...{ page, route }} />
      <Banner page={page} />
      <main id="main" tabIndex={-1} class={isOld && !hasEnded ? "old" : ""}>
        {status ? <View {...{ page, route, status }} /> : <p class="empty">Reading the status…</p>}
      </main>
      {status && <Footer status={status} />}
      <News page={page} />
      <TokenDialog question={operator.question} />
    </>
  );
}

/** A link within the page would be taken for a view. */
function toMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function View({ page, route, status }: {
  readonly page: PageState;
  readonly route: Route;
  readonly status: ProgramStatus;
}) {
  if (route.view === "load") return <LoadView page={page} name={route.name} key={route.name} />;
  if (route.view === "backend") {
    return <BackendView page={page} name={route.name} key={route.name} />;
  }
  const only = onlyLoad(status);
  if (only) {
    return (
      <>
        {concernsOf(status).length > 0 && <Attention page={page} />}
        <LoadView page={page} name={only.name} />
        <Backends page={page} />
        <Plugins page={page} />
      </>
    );
  }
  return (
    <>
      <Attention page={page} />
      <Loads page={page} />
      <Backends page={page} />
      <Plugins page={page} />
      <Events page={page} />
      <PastLoads page={page} />
    </>
  );
}

function Header({ page, route }: { readonly page: PageState; readonly route: Route }) {
  const { known: { status, lost, hasEnded }, operator } = page;
  const state = lost === undefined ? stateOf(status, hasEnded) : "lost";
  return (
    <header>
      <div class="title">
        <h1>
          <a href="#/">snakepipe{status && ` ${status.program}`}</a>
        </h1>
        {state !== undefined && (
          <Badge word={state} text={state === "lost" ? "not connected" : state} />
        )}
        {status && route.view === "overview" && status.program === "serve" && (
          <Summary status={status} />
        )}
      </div>
      {status?.operate === "token" && (token.isKept
        ? <button type="button" onClick={() => operator.forgetToken()}>Forget the token</button>
        : <button type="button" onClick={() => operator.askForToken()}>Enter the token</button>)}
      {status && !canOperate(page) && <span class="soft">Read-only</span>}
      {route.view !== "overview" && (
        <nav aria-label="Way back">
          <a href="#/">← Overview</a>
        </nav>
      )}
    </header>
  );
}

/** One load is not served, it runs. */
function stateOf(status: ProgramStatus | undefined, hasEnded: boolean): string | undefined {
  return onlyLoad(status)?.state ?? (hasEnded ? "ended" : status?.state);
}

function Summary({ status: { loads, backends } }: { readonly status: ProgramStatus }) {
  const running = loads.filter(({ state }) => state === "running");
  const rate = running.reduce((sum, load) => sum + (load.rate?.rowsPerSecond ?? 0), 0);
  const up = backends.filter(({ state }) => state === "up").length;
  return (
    <p class="soft">
      {grouped(running.length)} of {counted(loads.length, "load")} running
      {running.length > 0 && <>, {counted(rate, "row/s", "rows/s")}</>}; {grouped(up)} of{" "}
      {counted(backends.length, "backend")} up
    </p>
  );
}

function Footer(
  { status: { version, pid, since, config, program } }: { readonly status: ProgramStatus },
) {
  return (
    <footer>
      <span>snakepipe {shown(version)}</span>
      <span>
        process {pid}, since <Time at={since} />
      </span>
      {config && (
        <span>
          configuration <Name text={config.file} />, read <Time at={config.readAt} />
        </span>
      )}
      {program === "serve" && (
        <nav aria-label="For programs">
          <a href="openapi.json">OpenAPI</a> <a href="status">status</a>{" "}
          <a href="metrics">metrics</a>
        </nav>
      )}
      <a href="page/licenses.txt">licences</a>
    </footer>
  );
}
