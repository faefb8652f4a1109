/** What holds for the whole page: that what is shown is old, that the program ends or has ended. */
import type { ProgramStatus } from "../api/status_schema.ts";
import { counted, grouped } from "../../src/model/counted.ts";
import { duration, shown, shownLines } from "./format.ts";
import type { PageState } from "./page_state.ts";
import { Time } from "./parts.tsx";

/** What is said above everything else; nothing as long as all is well. */
export function Banner({ page }: { readonly page: PageState }) {
  const { known: { status, readAt, lost, hasEnded, needsToken }, isOld } = page;
  const from = readAt !== undefined && (
    <>
      {" "}What is shown is from <Time at={readAt} />.
    </>
  );
  let said;
  if (needsToken) {
    said = (
      <p class="banner bad">
        Here, reading needs the token too.{" "}
        <button type="button" onClick={() => void readWithToken(page)}>Enter the token</button>
      </p>
    );
  } else if (hasEnded) {
    said = <Ended status={status!} />;
  } else if (lost !== undefined) {
    said = <p class="banner bad">{shown(lost)}; it is asked again and again.{from}</p>;
  } else if (status && isOld) {
    said = <p class="banner warn">Waiting for an answer.{from}</p>;
  } else if (status?.state === "draining") {
    said = (
      <p class="banner warn">
        The program is ending: batches in hand are committed, and nothing begins any more.
      </p>
    );
  }
  return <div role="alert">{said}</div>;
}

/** How the loads of a command have ended. */
function Ended({ status: { loads } }: { readonly status: ProgramStatus }) {
  const isComplete = loads.every(({ state }) => state === "complete");
  return (
    <div class={`banner ${isComplete ? "good" : "bad"}`}>
      {loads.map(({ name, state, detail, last }) => (
        <p key={name}>
          Load {shown(name)} {state === "complete"
            ? "is complete"
            : last?.state === "cancelled"
            ? "was stopped"
            : "failed"}
          {last && (
            <>
              {" "}after {duration(last.seconds * 1000)}: {counted(last.committed, "row")} committed
              {last.skipped > 0 && `, ${grouped(last.skipped)} skipped`}
              {last.rejected > 0 && `, ${grouped(last.rejected)} rejected`}
            </>
          )}.{detail !== undefined && ` ${shownLines(detail)}`}
        </p>
      ))}
      <p>The program has ended with it, and what is shown is the last of it.</p>
    </div>
  );
}

async function readWithToken({ operator, watcher }: PageState): Promise<void> {
  if (await operator.askForToken()) watcher.now();
}
