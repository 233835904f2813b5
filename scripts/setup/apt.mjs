/**
 * Installs Debian packages, quietly and without side effects: no service of theirs starts, now or at the next boot, so
 * that the usual ports stay free. Services that were there before are not touched.
 */
import { runStep } from "./child.mjs";
import { Interrupted, SetupFailure } from "./failure.mjs";
import { missingPrograms, planFor, programFolders, readOsRelease } from "./programs.mjs";

/** Runs as root. Arguments: the services to leave disabled, `--`, the packages. */
const INSTALL = `
set -e
services=""
while [ "$1" != "--" ]; do services="$services $1"; shift; done
shift
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ] || grep -q "tocsin set-up" "$policy"; then
  printf '#!/bin/sh\\n# tocsin set-up: services must not start while packages are installed\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
dpkg --configure -a
apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 update
# Not descriptor 1 itself: apt would close that for the packages' own scripts. And sudo lets no other one through.
exec 3>&1
apt-get -q -o DPkg::Lock::Timeout=300 -o Acquire::Retries=2 -o APT::Status-Fd=3 install -y --no-install-recommends "$@"
if [ -d /run/systemd/system ]; then
  for service in $services; do systemctl disable --quiet "$service.service" || true; done
fi
`;

const NO_NETWORK =
  /Temporary failure resolving|Could not resolve|Could not connect|Connection (failed|refused|timed out)|Failed to fetch/;
const SHOWN_LINES = 15;

/**
 * What one line of apt's status says of its progress, or null.
 * @param {string} line e.g. `dlstatus:1:32.41:Retrieving file 2 of 9` or `pmstatus:redis-server:50.0:Unpacking …`
 */
export function aptProgress(line) {
  const status = /^(dlstatus|pmstatus):[^:]*:([\d.]+):/.exec(line);
  if (status === null) return null;
  const downloading = status[1] === "dlstatus";
  return { downloading, text: `${downloading ? "downloading" : "unpacking"} ${Math.round(Number(status[2]))} %` };
}

/**
 * Why apt failed, for people.
 * @param {string} output
 */
export function explainAptFailure(output) {
  if (NO_NETWORK.test(output)) {
    return [
      "Debian's packages could not be downloaded: their servers cannot be reached.",
      "Check the network and the sources in /etc/apt, then run the command again.",
    ];
  }
  const lines = output.split("\n").filter((line) => line !== "" && !/^(dl|pm)(status|error):/.test(line));
  return ["apt-get failed. Its last words:", ...lines.slice(-SHOWN_LINES).map((line) => `  ${line}`)];
}

/**
 * Sees to it that `programs` are installed.
 *
 * @param {readonly import("./programs.mjs").Program[]} programs
 * @param {import("./main.mjs").Context} context
 */
export async function ensurePrograms(programs, context) {
  const { root, env, reporter, interrupts } = context;
  const missing = missingPrograms(programs, programFolders(env));
  if (missing.length === 0) return;

  const isRoot = process.getuid?.() === 0;
  const sudoWorks = !isRoot && (await succeeds("sudo", ["-n", "true"], context));
  const plan = planFor(missing, { osRelease: readOsRelease(), isRoot, sudoWorks });
  if (plan.how === "tell") throw new SetupFailure(plan.lines);

  reporter.say(
    "The tests use programs that this machine lacks. Installing Debian's packages, none started as a service:",
  );
  for (const { packageName, why } of missing) reporter.say(`  ${packageName}: ${why}`);
  const services = missing.flatMap(({ service }) => service ?? []);
  const [program = "sh", ...args] = [
    ...plan.prefix,
    ...["sh", "-c", INSTALL, "tocsin-setup", ...services, "--", ...missing.map(({ packageName }) => packageName)],
  ];
  let downloading = true;
  await reporter.during(
    `Installing from Debian: ${missing.map(({ packageName }) => packageName).join(", ")}`,
    async (detail) => {
      const ended = await runStep(
        { program, args, cwd: root, env },
        {
          interrupts,
          onLine(line) {
            const progress = aptProgress(line);
            if (progress === null) return;
            downloading = progress.downloading;
            detail(progress.text);
          },
          mayEnd(insist) {
            // dpkg must not be cut off half-way: the packages being unpacked are finished first.
            if (!downloading && !insist)
              reporter.say("Finishing the Debian packages that are being unpacked; then it stops.");
            return downloading || insist;
          },
        },
      );
      if (interrupts.received() !== null) throw new Interrupted();
      if (ended.code !== 0) throw new SetupFailure(explainAptFailure(ended.output));
    },
  );
  const stillMissing = missingPrograms(programs, programFolders(env));
  if (stillMissing.length > 0) {
    const files = stillMissing.map(({ file, packageName }) => `${file} (package ${packageName})`).join(", ");
    throw new SetupFailure([`Debian's packages are installed, but do not bring ${files}: the tests cannot run here.`]);
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("./main.mjs").Context} context
 */
async function succeeds(program, args, { root, env, interrupts }) {
  try {
    return (await runStep({ program, args, cwd: root, env }, { interrupts })).code === 0;
  } catch {
    return false;
  }
}
