/** What cannot be done, in words that say what to do instead. HTTP answers with the same codes. */

export type GreenhouseErrorCode =
  | "plant-not-found"
  | "device-not-found"
  | "alert-not-found"
  | "alert-over"
  | "device-exists"
  | "webhook-refused"
  | "encryption-key-missing"
  | "storage-unavailable";

export class GreenhouseError extends Error {
  override readonly name = "GreenhouseError";
  readonly code: GreenhouseErrorCode;

  constructor(code: GreenhouseErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

export function plantNotFound(id: string): GreenhouseError {
  return new GreenhouseError("plant-not-found", `There is no plant ${id}. GET /api/plants lists those that exist.`);
}

export function deviceNotFound(id: string): GreenhouseError {
  return new GreenhouseError(
    "device-not-found",
    `There is no device ${id}. Register it with POST /api/devices, or see GET /api/devices.`,
  );
}

export function alertNotFound(id: string): GreenhouseError {
  return new GreenhouseError("alert-not-found", `There is no alert ${id}. GET /api/alerts lists them.`);
}

export function alertOver(id: string, why = "is over"): GreenhouseError {
  return new GreenhouseError(
    "alert-over",
    `The alert ${id} ${why}. GET /api/alerts?phase=firing lists those that fire.`,
  );
}

/** @param problem a sentence, with what to do */
export function webhookRefused(problem: string): GreenhouseError {
  return new GreenhouseError("webhook-refused", `${problem} Leave webhook out to keep the present one.`);
}

/** @param problem a sentence, with what to do */
export function noEncryptionKey(problem: string): GreenhouseError {
  return new GreenhouseError("encryption-key-missing", `A webhook is kept encrypted only. ${problem}`);
}

export function storageUnavailable(what: "written" | "read" = "written"): GreenhouseError {
  return new GreenhouseError(
    "storage-unavailable",
    `The database cannot be ${what} at the moment; the server's log says why. Try again later.`,
  );
}
