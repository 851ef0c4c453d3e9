import { custom, type Field } from "../fields.ts";

/** The two betas of Adam and its kin: how much of their running means every step keeps. */
export function betas(fallback: [number, number] = [0.9, 0.999]): Field<[number, number]> {
  return custom("two numbers from 0 to below 1", are_betas, fallback);
}

function are_betas(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && is_beta(value[0]) && is_beta(value[1]);
}

function is_beta(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value < 1;
}
