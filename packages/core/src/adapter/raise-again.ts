/** The end of a process that a signal has asked for, once what had to be done before is done. */

/**
 * Sends the signal to this process again, unless somebody else listens to it: without a listener it ends the process as it would have,
 * with the exit status that others expect. Our own listener has to be off by now.
 */
export function raiseAgain(
  signal: NodeJS.Signals,
  { process }: { readonly process: Pick<NodeJS.Process, "pid" | "kill" | "listenerCount"> },
): void {
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
