import { read_checkpoint, write_checkpoint } from "torch-optim-checkpoint";
import { beforeEach, describe, expect, it } from "vitest";
import { crc32_in_javascript } from "../src/crc32.ts";
import { BrowserStore, Database, PrivateFiles } from "../src/store/browser_store.ts";
import type { Plan } from "../src/zip/write_zip.ts";

const IS_BROWSER = typeof window !== "undefined";

/** A path that no other test has. */
const fresh = () => `runs/ä ${crypto.randomUUID()}.pt`;

const plan = (text: string): Plan => {
  const bytes = new TextEncoder().encode(text);
  return {
    size: bytes.length,
    *pieces() {
      yield bytes;
    },
  };
};

describe.skipIf(!IS_BROWSER)("in a browser", () => {
  describe.each([
    ["the private file system", () => new PrivateFiles()],
    ["IndexedDB", () => new Database()],
  ])("%s", (_what, files_of) => {
    let path: string;
    let store: BrowserStore;
    const text_of = (back = 0) => store.read(path, back, (file) => file.text());
    beforeEach(() => {
      path = fresh();
      store = new BrowserStore(files_of());
    });

    it("gives what was written, to another page as well", async () => {
      await store.write(path, plan("one"), 1);
      expect(await text_of()).toBe("one");
      store = new BrowserStore(files_of());
      expect(await text_of()).toBe("one");
    });

    it("keeps as many as one wants, and no more", async () => {
      for (const text of ["one", "two", "three", "four"]) await store.write(path, plan(text), 3);
      expect([await text_of(), await text_of(1), await text_of(2)]).toEqual([
        "four",
        "three",
        "two",
      ]);
      await expect(text_of(3)).rejects.toThrow("there is no checkpoint 3 before the newest");
      await store.write(path, plan("five"), 1);
      expect(await text_of()).toBe("five");
      await expect(text_of(1)).rejects.toThrow("there is no checkpoint 1 before the newest");
    });

    it("takes several at once in their order", async () => {
      await Promise.all(["one", "two", "three"].map((text) => store.write(path, plan(text), 3)));
      expect([await text_of(), await text_of(1), await text_of(2)]).toEqual([
        "three",
        "two",
        "one",
      ]);
    });

    it("knows no file of another path that begins alike", async () => {
      await store.write(`${path}.1`, plan("other"), 1);
      await expect(text_of()).rejects.toThrow("there is no checkpoint at ");
    });
  });

  it("a file that was begun and has no bytes, as after a crash, is none", async () => {
    const path = fresh();
    const store = new BrowserStore(new PrivateFiles());
    await store.write(path, plan("whole"), 2);
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("torch-optim-checkpoints");
    await folder.getFileHandle(`${encodeURIComponent(path)}.2`, { create: true });
    expect(await store.read(path, 0, (file) => file.text())).toBe("whole");
    await store.write(path, plan("next"), 2);
    expect(await store.read(path, 1, (file) => file.text())).toBe("whole");
  });

  it("a checkpoint is written and read by the same calls as in Node.js", async () => {
    const path = fresh();
    for (let epoch = 1; epoch <= 3; epoch++) {
      const model = { weight: new Float32Array(1000).fill(epoch) };
      const written = write_checkpoint(path, { model, extra: { epoch } }, { keep: 2 });
      model.weight.fill(9);
      await written;
    }
    const newest = await read_checkpoint(path);
    expect(newest.extra.epoch).toBe(3);
    expect(newest.model.weight.data).toEqual(new Float32Array(1000).fill(3));
    expect((await read_checkpoint(path, { back: 1 })).extra.epoch).toBe(2);
    await expect(read_checkpoint(path, { back: 2 })).rejects.toThrow(
      "read_checkpoint: there is no",
    );
  });
});

describe("the checksum in JavaScript", () => {
  it("is the one that everybody computes", () => {
    // The check value of CRC-32/ISO-HDLC.
    expect(crc32_in_javascript(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });

  it("is the same in one piece and in several, wherever they begin", () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) >> 3);
    const whole = crc32_in_javascript(bytes);
    for (const cut of [1, 15, 16, 17, 500, 999]) {
      const first = crc32_in_javascript(bytes.subarray(0, cut));
      expect(crc32_in_javascript(bytes.subarray(cut), first)).toBe(whole);
    }
  });
});
