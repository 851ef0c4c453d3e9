/** A function of the epoch with one number in it that is moved. */
export interface Lambda {
  readonly title: string;
  /** The number: what it is called, where it stands at first, and how far it goes. */
  readonly number: {
    readonly name: string;
    readonly value: number;
    readonly min: number;
    readonly max: number;
    readonly step: number;
  };
  /** The function, and how it is written. */
  of(n: number): (epoch: number) => number;
  written(n: number): string;
}

/** The functions that the pages of schedulers show which take one. */
export const LAMBDAS = {
  LambdaLR: [
    {
      title: "a power of the epoch",
      number: { name: "the base", value: 0.95, min: 0.8, max: 1, step: 0.005 },
      of: (n) => (epoch) => n ** epoch,
      written: (n) => `(epoch) => ${n} ** epoch`,
    },
    {
      title: "a warm-up, then the inverse square root",
      number: { name: "its epochs", value: 10, min: 1, max: 60, step: 1 },
      of: (n) => (epoch) => Math.min((epoch + 1) / n, Math.sqrt(n / (epoch + 1))),
      written: (n) => `(epoch) => Math.min((epoch + 1) / ${n}, Math.sqrt(${n} / (epoch + 1)))`,
    },
    {
      title: "a wave",
      number: { name: "its length", value: 25, min: 4, max: 100, step: 1 },
      of: (n) => (epoch) => (1 + Math.cos((2 * Math.PI * epoch) / n)) / 2,
      written: (n) => `(epoch) => (1 + Math.cos((2 * Math.PI * epoch) / ${n})) / 2`,
    },
  ],
  MultiplicativeLR: [
    {
      title: "always the same",
      number: { name: "the factor", value: 0.95, min: 0.8, max: 1.02, step: 0.005 },
      of: (n) => () => n,
      written: (n) => `() => ${n}`,
    },
    {
      title: "a step down now and then",
      number: { name: "every … epochs", value: 20, min: 2, max: 60, step: 1 },
      of: (n) => (epoch) => (epoch % n === 0 ? 0.5 : 1),
      written: (n) => `(epoch) => (epoch % ${n} === 0 ? 0.5 : 1)`,
    },
    {
      title: "ever more slowly",
      number: { name: "slowness", value: 10, min: 2, max: 60, step: 1 },
      of: (n) => (epoch) => 1 - 1 / (epoch + n),
      written: (n) => `(epoch) => 1 - 1 / (epoch + ${n})`,
    },
  ],
} as const satisfies Readonly<Record<string, readonly Lambda[]>>;
