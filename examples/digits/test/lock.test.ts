import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { takeFolder } from "../src/lock.ts";
import { startOf } from "../src/processes.ts";
import { newFolder, oldFolder } from "../src/run_folder.ts";
import { writeWhole } from "../src/write_whole.ts";
import { temporaryFolder } from "./support/program.ts";

const FOLDER = temporaryFolder();
const ANOTHER = process.ppid;
/** No process has it: systems count to 2 ** 22 at most. */
const NOBODY = 2 ** 30;

let count = 0;

/** A folder with claims of other processes in it. */
function folderWith(...claims: string[]): string {
  const folder = join(FOLDER, String(count++));
  mkdirSync(folder);
  for (const claim of claims) writeFileSync(join(folder, claim), "");
  return folder;
}

describe("a run's folder", () => {
  test("is refused while another process has it", () => {
    const claim = `lock.${ANOTHER}.${startOf(ANOTHER)}.${hostname()}`;
    const folder = folderWith(claim);
    expect(() => takeFolder(folder)).toThrow(
      `${folder} is in use: process ${ANOTHER} trains in it; wait for it, or end it`,
    );
    expect(readdirSync(folder)).toEqual([claim]);
  });

  test.runIf(process.platform === "linux")(
    "is taken over from a process that was killed, also when its number is another's",
    () => {
      const claims = [
        `lock.${NOBODY}.4c4c8e4c1.${hostname()}`,
        `lock.${ANOTHER}.4c4c8e4c1.${hostname()}`,
        `lock.${process.pid}.4c4c8e4c1.${hostname()}`,
      ];
      const folder = folderWith(...claims);
      takeFolder(folder);
      expect(readdirSync(folder)).toEqual([
        `lock.${process.pid}.${startOf(process.pid)}.${hostname()}`,
      ]);
    },
  );

  // Whichever of the two claims sorts first.
  test.each([
    1, 9_999_999_999,
  ])("is refused while process %s of another machine has it, with what to do if that has ended", (pid) => {
    const claim = `lock.${pid}.4c4c8e4c1.another-machine`;
    const folder = folderWith(claim);
    expect(() => takeFolder(folder)).toThrow(
      `${folder} is in use: process ${pid} on another-machine trains in it; ` +
        `if that has ended, remove ${join(folder, claim)}`,
    );
    expect(readdirSync(folder)).toEqual([claim]);
  });

  test("is rid of what a killed process had half-written, and of nothing else", () => {
    const folder = folderWith(
      "checkpoint.json",
      "checkpoint.json.0123456789abcdef.partial",
      "mine.partial",
    );
    oldFolder(folder);
    expect(readdirSync(folder)).toEqual(["checkpoint.json", expect.any(String), "mine.partial"]);
  });

  test.runIf(process.platform === "linux")("cannot be below /proc, which says so at once", () => {
    expect(() => newFolder("/proc/a/b")).toThrow("ENOENT: no such file or directory, mkdir");
  });
});

vi.mock("node:crypto", { spy: true });

describe("a file that is written whole", () => {
  test("does not follow a link under the name that it has in the meantime", async () => {
    const { randomBytes } = await import("node:crypto");
    vi.mocked(randomBytes).mockImplementationOnce(() => Buffer.alloc(8, 7));
    const folder = folderWith();
    const precious = join(folder, "precious");
    writeFileSync(precious, "precious");
    symlinkSync(precious, join(folder, "file.0707070707070707.partial"));
    expect(() => writeWhole(join(folder, "file"), "text")).toThrow("EEXIST");
    expect(readFileSync(precious, "utf8")).toBe("precious");
  });
});
