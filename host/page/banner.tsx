/** What holds for the whole page: that what is shown is old, that the program ends or has ended. */
import { shown } from "./format.ts";
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
    said = (
      <p class="banner idle">
        {status?.program === "load" ? "The load has ended" : "The program has ended"}{" "}
        in good order.{from}
      </p>
    );
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

async function readWithToken({ operator, watcher }: PageState): Promise<void> {
  if (await operator.askForToken()) watcher.now();
}
