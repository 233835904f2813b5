/** What the figures were measured on. */
import { availableParallelism, cpus, loadavg, release, type } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly system: string;
}

export function readMachine(): Machine {
  return {
    cpu: cpuModel(),
    cores: availableParallelism(),
    node: process.version,
    system: `${type()} ${release()}`,
  };
}

export function describeMachine({ cpu, cores, node, system }: Machine): string {
  return `${cpu}, ${cores} cores, ${system}, Node ${node}`;
}

/** Processes that wanted a core during the last minute: above the number of cores, the figures have suffered. */
export function loadNow(): string {
  return loadavg()[0]!.toFixed(1);
}

function cpuModel(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown CPU";
  const mhz = cpus()[0]?.speed ?? 0;
  return mhz > 0 && !/ghz/i.test(model) ? `${model} at ${(mhz / 1_000).toFixed(1)} GHz` : model;
}
