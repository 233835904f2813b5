/**
 * The system programs that tests use: which there are, where they are found, and what is to be done about missing ones.
 * Everything here is pure but {@link findPrograms}; `apt.mjs` installs.
 */
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * @typedef {object} Program
 * @property {string} file What is looked for: a program's name, or an absolute path for what is not a program.
 * @property {string} packageName Debian's package.
 * @property {string} why What the tests do with it.
 * @property {string | null} service The service that Debian would start at the next boot, and we do not want.
 */

/** @type {readonly Program[]} */
export const TEST_PROGRAMS = [
  { file: "mosquitto", packageName: "mosquitto", why: "an MQTT broker that is not ours", service: "mosquitto" },
  { file: "mosquitto_pub", packageName: "mosquitto-clients", why: "devices that are not ours", service: null },
  { file: "redis-server", packageName: "redis-server", why: "history in Redis", service: "redis-server" },
  { file: "postgres", packageName: "postgresql", why: "several servers over one database", service: "postgresql" },
  { file: "chromium", packageName: "chromium", why: "looking at the pages", service: null },
  {
    file: "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
    packageName: "fonts-noto-color-emoji",
    why: "emoji in screenshots",
    service: null,
  },
];

/** Where Debian keeps programs that are not on everybody's PATH. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/sbin"];
const POSTGRES_FOLDER = "/usr/lib/postgresql";
const OLDEST_POSTGRES = 15;

/**
 * The folders to look in, PATH first. A task that uses the programs gets them as its PATH.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} postgresVersions What {@link POSTGRES_FOLDER} holds.
 */
export function programFolders(env, postgresVersions = installedPostgres()) {
  const newestFirst = postgresVersions
    .filter((version) => Number(version) >= OLDEST_POSTGRES)
    .toSorted((a, b) => Number(b) - Number(a));
  const path = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...path, ...SYSTEM_FOLDERS, ...newestFirst.map((version) => join(POSTGRES_FOLDER, version, "bin"))];
}

/**
 * @param {readonly Program[]} programs
 * @param {readonly string[]} folders
 * @returns {Program[]} Those that are missing.
 */
export function missingPrograms(programs, folders) {
  return programs.filter(({ file }) => {
    if (file.startsWith("/")) return !isThere(file, constants.R_OK);
    return !folders.some((folder) => isThere(join(folder, file), constants.X_OK));
  });
}

/**
 * @typedef {{ osRelease: string, isRoot: boolean, sudoWorks: boolean }} Machine
 *
 * @typedef {{ how: "install", prefix: readonly string[] } | { how: "tell", lines: string[] }} Plan
 *   `prefix`: what goes before a command to run it as root.
 */

/**
 * How the missing programs can be had on this machine.
 *
 * @param {readonly Program[]} missing
 * @param {Machine} machine
 * @returns {Plan}
 */
export function planFor(missing, { osRelease, isRoot, sudoWorks }) {
  const packages = missing.map(({ packageName }) => packageName).join(" ");
  const list = missing.map(({ file, packageName, why }) => `  ${packageName}: ${why} (looked for ${file})`);
  if (!isDebian(osRelease)) {
    return {
      how: "tell",
      lines: [
        "These programs are needed and missing; this is not Debian, so they cannot be installed for you:",
        ...list,
        "Install them with your system's own means (the names above are Debian's), then run the command again.",
      ],
    };
  }
  if (isRoot) return { how: "install", prefix: [] };
  if (sudoWorks) return { how: "install", prefix: ["sudo", "-n"] };
  return {
    how: "tell",
    lines: [
      "These Debian packages are needed and missing, and installing them takes root's rights:",
      ...list,
      "Run this, then the command again:",
      `  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages}`,
    ],
  };
}

/** Text of /etc/os-release, or nothing where there is none. */
export function readOsRelease() {
  try {
    return readFileSync("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}

/**
 * Debian, and what is made of it; not Ubuntu, whose chromium package only points at another store.
 * @param {string} osRelease
 */
function isDebian(osRelease) {
  const names = [...osRelease.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, value = ""]) => value.split(" "));
  return names.includes("debian") && !names.includes("ubuntu");
}

function installedPostgres() {
  try {
    return readdirSync(POSTGRES_FOLDER);
  } catch {
    return [];
  }
}

/**
 * @param {string} path
 * @param {number} mode
 */
function isThere(path, mode) {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
