import { custom } from "../fields.ts";

/** The two betas of Adam and its kin: how much of their running means every step keeps. */
export const BETAS = custom<[number, number]>(
  "two numbers from 0 to below 1",
  are_betas,
  [0.9, 0.999],
);

function are_betas(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(is_beta);
}

function is_beta(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value < 1;
}
