import { describe } from "vitest";
import ChainedScheduler from "../../fixtures/lr_scheduler/ChainedScheduler.json";
import ConstantLR from "../../fixtures/lr_scheduler/ConstantLR.json";
import CosineAnnealingLR from "../../fixtures/lr_scheduler/CosineAnnealingLR.json";
import CosineAnnealingWarmRestarts from "../../fixtures/lr_scheduler/CosineAnnealingWarmRestarts.json";
import CyclicLR from "../../fixtures/lr_scheduler/CyclicLR.json";
import ExponentialLR from "../../fixtures/lr_scheduler/ExponentialLR.json";
import LambdaLR from "../../fixtures/lr_scheduler/LambdaLR.json";
import LinearLR from "../../fixtures/lr_scheduler/LinearLR.json";
import MultiplicativeLR from "../../fixtures/lr_scheduler/MultiplicativeLR.json";
import MultiStepLR from "../../fixtures/lr_scheduler/MultiStepLR.json";
import OneCycleLR from "../../fixtures/lr_scheduler/OneCycleLR.json";
import PolynomialLR from "../../fixtures/lr_scheduler/PolynomialLR.json";
import ReduceLROnPlateau from "../../fixtures/lr_scheduler/ReduceLROnPlateau.json";
import SequentialLR from "../../fixtures/lr_scheduler/SequentialLR.json";
import StepLR from "../../fixtures/lr_scheduler/StepLR.json";
import SWALR from "../../fixtures/lr_scheduler/SWALR.json";
import { type Fixture, matches_pytorch } from "../../support/fixtures.ts";

describe("fidelity", () => {
  const fixtures = {
    ChainedScheduler,
    ConstantLR,
    CosineAnnealingLR,
    CosineAnnealingWarmRestarts,
    CyclicLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiStepLR,
    MultiplicativeLR,
    OneCycleLR,
    PolynomialLR,
    ReduceLROnPlateau,
    SequentialLR,
    StepLR,
    SWALR,
  };
  for (const [name, fixture] of Object.entries(fixtures)) {
    matches_pytorch(name, fixture as unknown as Fixture);
  }
});
