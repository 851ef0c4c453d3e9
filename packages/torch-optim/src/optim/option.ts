/** What an option may be: the fields of an option table. */
export { boolean, custom, nullable, number, one_of, whole_number } from "../fields.ts";
export { betas } from "./betas.ts";
