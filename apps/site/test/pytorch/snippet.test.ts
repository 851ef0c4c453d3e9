import fc from "fast-check";
import { check_spec, parse_spec, type Spec, simulate, to_python } from "torch-optim/lr_scheduler";
import { describe, expect, it } from "vitest";
import { writable_tree } from "../../../../packages/torch-optim/test/support/arbitrary.ts";
import { Mistaken } from "../../src/editors/plan_text.ts";
import { parseSnippet } from "../../src/pytorch/snippet/parse_snippet.ts";

/** What is wrong with a snippet: the place, as what stands there, and the sentence. */
function mistakeIn(text: string): [place: string, message: string] {
  try {
    parseSnippet(text);
  } catch (error) {
    if (!(error instanceof Mistaken)) throw error;
    const [{ from, to, message }] = error.mistakes;
    return [text.slice(from, to), message];
  }
  throw new Error("nothing is wrong with it");
}

const WARMUP_COSINE = {
  type: "SequentialLR",
  schedulers: [
    { type: "LinearLR", start_factor: 0.01, total_iters: 5 },
    { type: "CosineAnnealingLR", T_max: 95 },
  ],
  milestones: [5],
};

describe("a snippet of PyTorch", () => {
  it.each<[what: string, snippet: string, spec: object, lr?: number]>([
    [
      "of one line",
      "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=30, gamma=0.1)",
      { type: "StepLR", step_size: 30, gamma: 0.1 },
    ],
    [
      "with arguments in their order, a number of its own writing and a comment",
      "StepLR(opt, 1_000, 5e-1) # halve it",
      { type: "StepLR", step_size: 1000, gamma: 0.5 },
    ],
    [
      "that is a sequence of what stands above",
      `
      import torch.optim as optim
      from torch.optim.lr_scheduler import CosineAnnealingLR as Cosine, LinearLR, SequentialLR

      epochs, warmup_epochs = 100, 5
      optimizer = optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.05)
      warmup = LinearLR(optimizer, start_factor=0.01, total_iters=warmup_epochs)
      cosine = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs - warmup_epochs)
      scheduler = SequentialLR(optimizer, [warmup, cosine], milestones=[warmup_epochs])
      for epoch in range(epochs):
          train(model)
          scheduler.step()
      `,
      WARMUP_COSINE,
      3e-4,
    ],
    [
      "in a class, with what it keeps in itself",
      `
      class Trainer:
          def configure_optimizers(self, warmup: int = 5):
              self.optimizer = torch.optim.SGD(self.parameters(), 0.1, momentum=0.9)
              schedulers = []
              schedulers.append(LinearLR(self.optimizer, start_factor=0.01, total_iters=warmup))
              schedulers.append(CosineAnnealingLR(self.optimizer, 100 - warmup))
              return {"lr_scheduler": SequentialLR(self.optimizer, schedulers=schedulers, milestones=[warmup])}
      `,
      WARMUP_COSINE,
      0.1,
    ],
    [
      "in place, without a name for any part",
      `SequentialLR(
          optimizer,
          schedulers=[
              LinearLR(optimizer, start_factor=1e-2, total_iters=5),
              CosineAnnealingLR(optimizer, T_max=95),
          ],
          milestones=[5],
      )`,
      WARMUP_COSINE,
    ],
    [
      "of a chain",
      "s = ChainedScheduler([ConstantLR(o, 0.1, 20), ExponentialLR(o, gamma=0.9)], optimizer=o)",
      {
        type: "ChainedScheduler",
        schedulers: [
          { type: "ConstantLR", factor: 0.1, total_iters: 20 },
          { type: "ExponentialLR", gamma: 0.9 },
        ],
      },
    ],
    [
      "with two schedulers that are stepped side by side, as PyTorch chains them",
      `scheduler1 = ExponentialLR(optimizer, gamma=0.9)
      scheduler2 = MultiStepLR(optimizer, milestones=[30, 80], gamma=0.1)
      for epoch in range(100):
          scheduler1.step()
          scheduler2.step()`,
      {
        type: "ChainedScheduler",
        schedulers: [
          { type: "ExponentialLR", gamma: 0.9 },
          { type: "MultiStepLR", milestones: [30, 80], gamma: 0.1 },
        ],
      },
    ],
    [
      "with what is None by default, and what schedules no longer take",
      "OneCycleLR(opt, max_lr=[0.01, 0.02], total_steps=None, epochs=10, steps_per_epoch=100, verbose=True)",
      { type: "OneCycleLR", max_lr: [0.01, 0.02], epochs: 10, steps_per_epoch: 100 },
    ],
    [
      "with options in a dictionary",
      `config = {"T_0": 10, "T_mult": 2}
      config2 = dict(eta_min=1e-6)
      scheduler = CosineAnnealingWarmRestarts(optimizer, **config, **config2)`,
      { type: "CosineAnnealingWarmRestarts", T_0: 10, T_mult: 2, eta_min: 1e-6 },
    ],
    [
      "of transformers",
      `num_training_steps = 3 * 1000 // 4
      lr_scheduler = get_scheduler(
          "cosine", optimizer=optimizer, num_warmup_steps=int(0.1 * num_training_steps),
          num_training_steps=num_training_steps,
      )
      model, optimizer, lr_scheduler = accelerator.prepare(model, optimizer, lr_scheduler)`,
      { type: "CosineScheduleWithWarmup", num_warmup_steps: 75, num_training_steps: 750 },
    ],
    [
      "of transformers, by the function itself, with keywords of its own",
      `get_scheduler(
        SchedulerType.WARMUP_STABLE_DECAY, optimizer, 10, 100,
        scheduler_specific_kwargs={"num_decay_steps": 20})`,
      {
        type: "WSDSchedule",
        num_warmup_steps: 10,
        num_decay_steps: 20,
        num_training_steps: 100,
      },
    ],
    [
      "from a notebook or a shell",
      ">>> scheduler = ReduceLROnPlateau(optimizer, 'min', patience=3)\n>>> scheduler.step(val_loss)",
      { type: "ReduceLROnPlateau", mode: "min", patience: 3 },
    ],
    [
      "of this library's package for Python",
      'scheduler = torch_optim.from_spec(optimizer, "linear:5 > cosine:95")',
      parse_spec("linear:5 > cosine:95"),
    ],
    [
      "of that package, in several lines, with a recipe",
      `from torch_optim import from_spec
      scheduler = from_spec(
          optimizer,
          "lr = linear:5 > cosine:95; "
          "weight_decay[decayed] = ramp:100(end_factor=10)",
      )`,
      parse_spec("lr = linear:5 > cosine:95; weight_decay[decayed] = ramp:100(end_factor=10)"),
    ],
  ])("%s is read", (_what, snippet, spec, lr) => {
    const read = parseSnippet(snippet);
    expect(read.spec).toEqual(spec);
    expect(read.lr).toBe(lr);
  });

  it("that this library wrote means what it was written from", () => {
    const sound = (writable_tree as unknown as fc.Arbitrary<Spec>).filter(
      (spec) => check_spec(spec).length === 0,
    );
    fc.assert(
      fc.property(sound, (spec) => {
        const read = parseSnippet(to_python(spec)).spec;
        const course = (each: Spec) => simulate(each, { epochs: 40, metrics: () => 1 }).values;
        expect(course(read)).toEqual(course(spec));
      }),
    );
  });

  it.each([
    [
      "LambdaLR(optimizer, lambda e: 0.95 ** e)",
      "LambdaLR",
      /takes a function, which cannot be data/,
    ],
    ["StepLR(optimizer, step=30)", "step", /StepLR has no option "step"/],
    ["StepLR(optimizer, step_size=len(loader))", "loader", /loader is not known: write its value/],
    ["StepLR(optimizer, 30", "(", /the "\(" is never closed/],
    ["x = 'text", "'", /never closed/],
    ["print('hello')", "print", /no scheduler is built here/],
    ["", "", /no scheduler is built here/],
    ["SequentialLR(opt, [warmup, cosine], [5])", "warmup", /warmup is not known/],
    ["s = [StepLR(o, k) for k in (1, 2)]\nSequentialLR(o, s, [1])", "k", /k is not known/],
    ["CyclicLR(o, 0.1, 1, scale_fn=lambda x: 1)", "scale_fn", /a function cannot be data/],
    ["StepLR(o, 10 / 0)", "/", /divides by 0/],
    ['get_scheduler("nope", o)', '"', /knows no schedule "nope"/],
  ])("is refused in a sentence where it cannot be data: %s", (snippet, place, message) => {
    const [found, said] = mistakeIn(snippet);
    expect(said).toMatch(message);
    expect(found).toBe(place);
  });

  it("says what it assumed", () => {
    expect(parseSnippet("StepLR(o, 3)").notes).toEqual([
      "The snippet does not say the lr: the base lr stays as it was.",
    ]);
    expect(
      parseSnippet(
        "o = Adam([{'params': a, 'lr': 1e-2}, {'params': b}], lr=1e-3)\nStepLR(o, 3, last_epoch=9)",
      ).notes,
    ).toEqual([
      "last_epoch is left out: a plan begins at its first epoch.",
      "The groups have several lrs: this is the first one's curve.",
    ]);
    expect(parseSnippet("o = Adam(p)\nStepLR(o, 3)\nExponentialLR(o, 0.9)").notes).toEqual([
      "The snippet builds 2 schedules: this is the ExponentialLR.",
    ]);
  });

  it("tells where a problem of its spec stands", () => {
    const text = `a = LinearLR(o, total_iters=-5)
      SequentialLR(o, [a, StepLR(o, 0)], [3])`;
    const { spec, locate } = parseSnippet(text);
    const places = check_spec(spec).map(({ path }) => {
      const { from, to } = locate(path);
      return text.slice(from, to);
    });
    expect(places).toEqual(["total_iters", "0"]);
  });

  it("of any characters is read or refused, and nothing else happens", () => {
    const words = [
      "StepLR",
      "SequentialLR",
      "optimizer",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      ",",
      "=",
      ":",
      "\n",
      " ",
      "'",
      '"""',
      "1e9",
      "**",
      "*",
      "lambda",
      "for",
      "in",
      "def",
      "import",
      "from",
      "as",
      ".",
      "#",
      "schedulers",
      "step",
      "if",
      "else",
      "-",
      "0x",
      "__proto__",
      "constructor",
      "\\",
      ";",
      "@",
      "+=",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (pieces) => {
        try {
          parseSnippet(pieces.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(Mistaken);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["brackets", "(".repeat(100_000)],
    ["signs", `StepLR(o, ${"-".repeat(100_000)}1)`],
    ["digits", `StepLR(o, ${"9".repeat(900_000)})`],
    ["items", `[0] * 10 ** 9\nStepLR(o, 1)\nx = [${"0,".repeat(100_000)}]`],
    ["spaces", `${" ".repeat(900_000)}x`],
    ["lines", "x = 1\n".repeat(100_000)],
    ["doubled", `a = [StepLR(o, 1)]\n${"a += a\n".repeat(60)}SequentialLR(o, a, [1])`],
    ["attributes", `x${".a".repeat(100_000)}`],
  ])("is read or refused at once with very many %s", (_what, text) => {
    try {
      parseSnippet(text);
    } catch (error) {
      expect(error).toBeInstanceOf(Mistaken);
    }
  });
});
