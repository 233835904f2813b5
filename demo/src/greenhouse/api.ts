/** The few calls to the server's HTTP interface that the demo makes, as any program would make them. */
import type { CastMember } from "./cast.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Api {
  /** Creates the plant, registers the device, and assigns it. @throws Error with the server's own words */
  enlist(member: CastMember): Promise<Credentials>;
  /** How many alerts are still to be sent. */
  queuedAlerts(): Promise<number>;
}

export function createApi(baseUrl: string): Api {
  async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  }

  return {
    async enlist({ deviceId, plantName, species, thresholds }) {
      const plant = await call<{ id: string }>("POST", "/api/plants", { name: plantName, species, thresholds });
      const { mqtt } = await call<{ mqtt: Credentials }>("POST", "/api/devices", { id: deviceId });
      await call("PUT", `/api/devices/${deviceId}/assign`, { plant_id: plant.id });
      return mqtt;
    },
    async queuedAlerts() {
      const { items } = await call<{ items: unknown[] }>("GET", "/api/alerts?delivery=queued&limit=10");
      return items.length;
    },
  };
}
