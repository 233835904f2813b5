/** Brings the page to life: events in, state on, picture out. */
import "@skyra/discord-components-core";
import { render } from "lit";
import type { PageEvent } from "../view/protocol.ts";
import { modernise } from "./modernise.ts";
import { INITIAL_STATE, type LocalEvent, type PageState, step } from "./state.ts";
import { renderApp } from "./view/app.ts";
import { followLog } from "./view/follow.ts";

function start(root: HTMLElement): void {
  // As in style/narrow.css: where there is no room beside the messages, the panel waits until it is asked for.
  const isNarrow = matchMedia("(width < 720px)").matches;
  const first = isNarrow ? step(INITIAL_STATE, { kind: "toggle-panel" }) : INITIAL_STATE;
  let state = step(first, { kind: "select", placeId: location.hash.slice(1) });
  let isDrawn = false;

  function tell(event: PageEvent | LocalEvent): void {
    state = step(state, event);
    if (event.kind === "select") history.replaceState(null, "", `#${event.placeId}`);
    // As many events as come within a frame cost one drawing.
    if (!isDrawn) return;
    isDrawn = false;
    requestAnimationFrame(draw);
  }

  function draw(): void {
    isDrawn = true;
    followLog(root, state.placeId, () => render(renderApp(state, tell), root));
    document.title = titleOf(state.unread);
  }

  const source = new EventSource("/_emulator/events");
  source.onmessage = ({ data }) => tell(JSON.parse(data) as PageEvent);
  source.onerror = () => tell({ kind: "lost" });
  draw();
}

function titleOf(unread: PageState["unread"]): string {
  const pings = [...unread.values()].reduce((sum, one) => sum + one.pings, 0);
  if (pings > 0) return `(${pings}) Discord emulator`;
  return unread.size > 0 ? "• Discord emulator" : "Discord emulator";
}

modernise();
start(document.getElementById("app")!);
