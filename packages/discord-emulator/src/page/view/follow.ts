/** Keeps the newest message in sight while the reader is at the end, and leaves a reader who has scrolled up in peace. */

const NEAR_PX = 80;

/** Draws, and afterwards puts the log where the reader will want it. */
export function followLog(root: HTMLElement, placeId: string | null, draw: () => void): void {
  const before = root.querySelector<HTMLElement>(".log");
  const wasElsewhere = before?.dataset["place"] !== (placeId ?? "");
  const wasAtEnd = before === null || before.scrollHeight - before.scrollTop - before.clientHeight < NEAR_PX;
  draw();
  if (!wasAtEnd && !wasElsewhere) return;
  const toEnd = () => {
    const log = root.querySelector<HTMLElement>(".log");
    if (log !== null) log.scrollTop = log.scrollHeight;
  };
  toEnd();
  // The components draw themselves a moment later and grow.
  requestAnimationFrame(() => requestAnimationFrame(toEnd));
}
