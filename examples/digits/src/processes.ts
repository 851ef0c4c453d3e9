import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Whether a process runs that began when `start` says. A number alone may be another process's by
 * now; where the system tells no start, the number has to do.
 */
export function runs(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // One that may not be signalled is there as well.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  const known = [startOf(pid), start];
  return known[0] === start || known.includes("unknown");
}

/** When a process began, as a word; "gone" if it has ended, "unknown" where nobody says. */
export function startOf(pid: number): string {
  switch (process.platform) {
    case "linux":
      return startOnLinux(pid);
    case "win32":
      return "unknown";
    default: {
      const { stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], {
        env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" },
        encoding: "utf8",
      });
      return stdout?.replace(/\W+/g, "") || "unknown";
    }
  }
}

/** The boot of the system, and the ticks from there. */
function startOnLinux(pid: number): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name before the last parenthesis may hold anything, spaces and parentheses included.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    return "ZX".includes(state) ? "gone" : `${boot}${fields[19]}`;
  } catch {
    return "unknown";
  }
}
