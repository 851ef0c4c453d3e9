import type { Shader } from "./shader.ts";
import * as adadelta from "./shaders/adadelta.ts";
import * as adagrad from "./shaders/adagrad.ts";
import * as adam from "./shaders/adam.ts";
import * as adamax from "./shaders/adamax.ts";
import * as asgd from "./shaders/asgd.ts";
import * as average from "./shaders/average.ts";
import * as muon from "./shaders/muon.ts";
import * as nadam from "./shaders/nadam.ts";
import * as radam from "./shaders/radam.ts";
import * as rmsprop from "./shaders/rmsprop.ts";
import * as rprop from "./shaders/rprop.ts";
import * as sgd from "./shaders/sgd.ts";
import * as vectors from "./shaders/vectors.ts";

/** The kernels that a GPU runs, by their names. */
export const KERNELS: ReadonlyMap<string, Shader> = new Map(
  [adadelta, adagrad, adam, adamax, asgd, average, muon, nadam, radam, rmsprop, rprop, sgd, vectors]
    .flatMap((kernels): Shader[] => Object.values(kernels))
    .map((shader) => [shader.name, shader]),
);
