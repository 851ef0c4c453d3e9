import { read_pt } from "torch-optim-checkpoint";
import { describe, expect, test } from "vitest";
import { described, EXPECTED, fixture } from "./support/fixtures.ts";

describe("a file that PyTorch wrote is read to the last bit", () => {
  test.each([
    ["every dtype", "dtypes"],
    ["tensors that share storages, with strides, without dimensions, empty", "strides"],
    ["the same under another protocol", "strides_protocol_4"],
    ["dictionaries, lists, numbers and texts", "containers"],
    ["the same under another protocol", "containers_protocol_5"],
    ["a module's state_dict", "module"],
    ["a Parameter", "parameter"],
    ["a torch.Size", "size"],
    ["model, optimizer, scheduler and what stands beside", "training"],
    ["tensors of a GPU", "cuda"],
    ["an archive that somebody deflated", "deflated"],
  ])("%s", (_what, name) => {
    expect(described(read_pt(fixture(`${name}.pt`)))).toEqual(EXPECTED[name]);
  });
});
