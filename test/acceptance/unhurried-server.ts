/**
 * The server as it is, but for the pace that Discord asks for: the emulator of a test has no limits, and the test no minutes.
 * Run by a process of its own, with the environment of the server.
 */
import { createApp } from "tocsin/app";

const app = createApp({ notifier: { limits: { egress: null, pool: null, bucket: null } } });
process.once("SIGTERM", () => void app.stop());
const { http, mqttPort } = await app.start();
process.stderr.write(`listening on ${http}, MQTT on port ${mqttPort}\n`);
